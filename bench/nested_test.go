// Package bench measures what a query costs as a ratio to the least that any server could do: plain net/http writing the
// same bytes, in the same run on the same machine. RESULTS.md has what was measured, and how.
package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"mandategraph/data"
	"mandategraph/graph"
	"mandategraph/loader"
	"mandategraph/store/memory"
)

// nested is the typical query: a body's mandates with provision and document, and their deadlines.
const nested = `{
  body(acronym: "IGF") {
    name
    mandates { nodes { title verb status conferredBy { number document { symbol } } deadlines { nodes { title window { edtf } } } } }
    deadlines { nodes { title status due { edtf } window { edtf } } }
  }
}`

// BenchmarkNested asks our server and the plain one in turn, one connection each, and reports how many times longer ours
// takes ("×plain") beside the time of both.
func BenchmarkNested(b *testing.B) {
	ours, plain, body := servers(b)
	var oursTook, plainTook time.Duration
	b.ResetTimer()
	for b.Loop() {
		oursTook += ask(b, ours, body)
		plainTook += ask(b, plain, body)
	}
	report(b, oursTook, plainTook)
}

// BenchmarkNestedParallel is the same with eight connections at once.
func BenchmarkNestedParallel(b *testing.B) {
	ours, plain, body := servers(b)
	var oursTook, plainTook time.Duration
	b.ResetTimer()
	for b.Loop() {
		oursTook += round(b, ours, body)
		plainTook += round(b, plain, body)
	}
	report(b, oursTook, plainTook)
}

func report(b *testing.B, ours, plain time.Duration) {
	b.ReportMetric(float64(ours)/float64(plain), "×plain")
	b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "µs/ours")
	b.ReportMetric(float64(plain.Microseconds())/float64(b.N), "µs/plain")
	b.ReportMetric(0, "ns/op") // the sum of both says nothing
}

// servers are ours over the embedded facts, and a plain one that writes the bytes that ours answered.
func servers(b *testing.B) (ours, plain string, body []byte) {
	facts, err := loader.Load(data.Files)
	if err != nil {
		b.Fatal(err)
	}
	s := memory.Open()
	if err := s.Replace(b.Context(), facts.Graph); err != nil {
		b.Fatal(err)
	}
	today := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	first := httptest.NewServer((&graph.Server{Store: s, Now: today}).Handler())
	b.Cleanup(first.Close)
	body, err = json.Marshal(map[string]string{"query": nested})
	if err != nil {
		b.Fatal(err)
	}
	r, err := http.Post(first.URL, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err != nil || bytes.Contains(answer, []byte(`"errors"`)) || len(answer) < 1000 {
		b.Fatalf("%v: %s", err, answer)
	}
	second := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(answer)
	}))
	b.Cleanup(second.Close)
	b.Logf("the answer has %d bytes", len(answer))
	return first.URL, second.URL, body
}

// client keeps its connections, as many as ask at once.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}

func ask(b *testing.B, url string, body []byte) time.Duration {
	begin := time.Now()
	r, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return 0
	}
	_, _ = io.Copy(io.Discard, r.Body)
	_ = r.Body.Close()
	return time.Since(begin)
}

// round is eight requests at once.
func round(b *testing.B, url string, body []byte) time.Duration {
	begin := time.Now()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { ask(b, url, body) })
	}
	all.Wait()
	return time.Since(begin)
}
