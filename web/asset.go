package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long browsers may keep a file: one whose path names its version never changes, any other is asked for again.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheAsk     = "no-cache"
)

// An asset is one file as it is served, plain or compressed.
type asset struct {
	contentType string
	cache       string
	hash        string
	plain       []byte
	compressed  func() []byte // at first use; empty where that saves nothing
}

func newAsset(name, cache string, content []byte) *asset {
	sum := sha256.Sum256(content)
	return &asset{
		contentType: contentType(name),
		cache:       cache,
		hash:        hex.EncodeToString(sum[:16]),
		plain:       content,
		compressed:  sync.OnceValue(func() []byte { return compress(content) }),
	}
}

// contentType is not left to the machine's own table, which may know less or say otherwise.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/plain; charset=utf-8"
}

func compress(content []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(content)
	if err != nil || w.Close() != nil || out.Len() >= len(content) {
		return nil
	}
	return out.Bytes()
}

// ServeHTTP answers GET and HEAD, with 304 where the browser has this very content.
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", a.cache)
	h.Set("Vary", "Accept-Encoding")
	content, tag := a.plain, a.hash
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		if c := a.compressed(); len(c) > 0 {
			content, tag = c, tag+"-gzip"
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(c)))
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reads Accept-Encoding; a weight of 0 is a refusal.
func acceptsGzip(headers []string) bool {
	accepted := false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		_, q, _ := strings.Cut(weight, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		wanted := err != nil || n > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return wanted
		case "*":
			accepted = wanted
		}
	}
	return accepted
}
