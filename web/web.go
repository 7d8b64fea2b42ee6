// Package web is what people see: the explorer and the playground, embedded in the binary and complete without the
// Internet. It imports the standard library only, and nothing of the project: its pages ask /graphql like anyone else.
package web

import "embed"

// files holds the playground's own page, the published builds that it stands on, and its examples.
//
//go:embed playground static examples
var files embed.FS
