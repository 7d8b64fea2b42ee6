// Package data holds the curated facts that the graph is made of. README.md beside it describes the files.
//
// The facts are licensed CC BY 4.0, https://creativecommons.org/licenses/by/4.0/; the fragments that they quote as
// evidence belong to the United Nations.
package data

import "embed"

// Files has the facts in the folders bodies, documents and sessions, and the lists beside them, as the loader reads them.
//
//go:embed bodies/*.yaml documents/*.yaml sessions/*.yaml *.yaml ids.txt
var Files embed.FS
