package neo4j_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mandategraph/bench/shape"
	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
)

func TestLoadVariants(t *testing.T) {
	s, err := neo4j.Open(neo4j.Options{URI: os.Getenv("TRY_URI")})
	if err != nil {
		t.Fatal(err)
	}
	g := shape.Graph(20000, 1)
	for _, variant := range []string{"all", "single", "enum", "all", "single", "enum"} {
		(&neo4jtest.Server{URI: os.Getenv("TRY_URI")}).Empty(t)
		b := time.Now()
		for _, text := range neo4j.Schema() {
			i := strings.LastIndex(text, "(n.sort")
			if i >= 0 {
				cols := strings.Split(strings.Trim(text[i:], "()"), ", ")
				keep := cols[:1]
				for _, c := range cols[1:] {
					if variant == "all" || variant == "enum" && slices.Contains([]string{"n.f_kind", "n.f_verb", "n.f_type", "n.f_frequency", "n.f_standing", "n.f_validFrom", "n.f_validTo"}, c) {
						keep = append(keep, c)
					}
				}
				text = text[:i] + "(" + strings.Join(keep, ", ") + ")"
			}
			if _, err := s.Ask(t.Context(), text, nil); err != nil {
				t.Fatal(err)
			}
		}
		s.Ask(t.Context(), "CALL db.awaitIndexes(300)", nil)
		i := time.Since(b)
		b = time.Now()
		if err := s.Replace(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		l, _ := os.ReadFile("/proc/loadavg")
		fmt.Println(variant, "indexes", i.Round(time.Millisecond), "load", time.Since(b).Round(time.Millisecond), string(l))
	}
}
