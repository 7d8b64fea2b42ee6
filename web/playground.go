package web

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"strings"
)

const playground = "/playground"

// policy lets the page load from its own server alone, which also keeps out what a description or an answer might
// try to load. GraphiQL writes styles into the page and brings its fonts as data.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// Handler serves the playground: its page at /playground and everything that the page needs below it. Queries go to
// /graphql on the same server.
func Handler() http.Handler {
	assets := playgroundAssets()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "the playground is only read: use GET or HEAD", http.StatusMethodNotAllowed)
			return
		}
		if a, ok := assets[r.URL.Path]; ok {
			a.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == playground+"/" {
			to := playground
			if r.URL.RawQuery != "" {
				to += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		http.NotFound(w, r)
	})
}

// playgroundAssets are the files by the path at which they are served.
func playgroundAssets() map[string]*asset {
	assets := map[string]*asset{}
	for folder, cache := range map[string]string{"playground": cacheAsk, "static": cacheForever} {
		// Embedded files can be walked and read: the compiler put them there.
		_ = fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || name == "static/README.md" {
				return err
			}
			content, err := files.ReadFile(name)
			if err != nil {
				return err
			}
			at := playground + strings.TrimPrefix(name, folder)
			if name == "playground/index.html" {
				at = playground
			}
			assets[at] = newAsset(name, cache, content)
			return nil
		})
	}
	// Strings alone always make JSON.
	examples, _ := json.Marshal(Examples())
	assets[playground+"/examples.json"] = newAsset("examples.json", cacheAsk, examples)
	return assets
}
