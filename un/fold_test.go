package un_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"":                       "",
		"igf":                    "igf",
		"IGF":                    "igf",
		"A/RES/80/173":           "a/res/80/173",
		"Économie numérique":     "economie numerique",
		"E\u0301conomie":         "economie",
		"Seguimiento de la CMSI": "seguimiento de la cmsi",
		"Türkiye, İstanbul":      "turkiye, istanbul",
		"Yıldız":                 "yildiz",
		"Việt Nam":               "viet nam",
		"Straße, STRAẞE":         "strasse, strasse",
		"Ørsted Ǿ":               "orsted o",
		"Łódź":                   "lodz",
		"Đorđević":               "dordevic",
		"Æsir ǽ Œuvre":           "aesir ae oeuvre",
		"Þór, Ðún":               "thor, dun",
		"Ħal":                    "hal",
		"ſecond ẛ":               "second s",
		"Ἀθῆναι, ΟΔΟΣ, οδός":     "αθηναι, οδοσ, οδοσ",
		"Российский Ёж":          "россиискии еж",
		"Україна, Київ":          "украіна, киів",
		"منظّمة":                 "منظمة",
		"联合国":                    "联合国",
		"\u212A\u212B\u2126":     "kaω",
		"a\x00b":                 "ab",
		"A\x00\x00":              "a",
		"a\xffB\xc3":             "a\ufffdb\ufffd",
	} {
		if got := un.Fold(s); got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
	}
}

// letters are what Fold promises to decompose, small ASCII and the marks of decomposed text.
func letters() []rune {
	var all []rune
	for _, block := range [][2]rune{{0x01, 0x24F}, {0x300, 0x52F}, {0x1E00, 0x1FFF}} {
		for r := block[0]; r <= block[1]; r++ {
			all = append(all, r)
		}
	}
	return all
}

// fold says what Fold should do to letters, by the Unicode tables of x/text.
func fold(s string) string {
	s, _, _ = transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), s)
	return strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "þ", "th", "ø", "o", "ł", "l", "đ", "d", "ð", "d",
		"ħ", "h", "ı", "i", "ſ", "s", "ς", "σ").Replace(strings.Map(unicode.ToLower, s))
}

func TestFoldEachLetter(t *testing.T) {
	for _, r := range letters() {
		if got, want := un.Fold(string(r)), fold(string(r)); got != want {
			t.Errorf("Fold(%q) (%U) = %q, want %q", r, r, got, want)
		}
	}
}

func TestFoldText(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom(letters()))
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "s")
		if got, want := un.Fold(s), fold(s); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
	})
}

func TestFoldIgnoresHowTextIsComposed(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom(letters()))
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "s")
		if composed, decomposed := un.Fold(norm.NFC.String(s)), un.Fold(norm.NFD.String(s)); composed != decomposed {
			t.Fatalf("%q folds to %q composed and %q decomposed", s, composed, decomposed)
		}
	})
}

func TestFoldIsIdempotentForEveryRune(t *testing.T) {
	for r := range rune(unicode.MaxRune + 1) {
		once := un.Fold(string(r))
		if twice := un.Fold(once); twice != once {
			t.Errorf("%U folds to %q, then to %q", r, once, twice)
		}
	}
}

func TestFoldAllocatesNothingForFoldedASCII(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { un.Fold("a/res/80/173, paragraph 99") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"folded": "commission on science and technology", "mixed": "Économie numérique et Développement"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				un.Fold(s)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "IGF", "Économie", "e\u0301", "ß", "a\x00b", "\xff", "İ", "Ǿ", "й", "한국"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := un.Fold(s)
		if twice := un.Fold(once); twice != once {
			t.Fatalf("%q folds to %q, then to %q", s, once, twice)
		}
		if !utf8.ValidString(once) || strings.Contains(once, "\x00") || strings.ContainsFunc(once, func(r rune) bool { return unicode.Is(unicode.Mn, r) }) {
			t.Fatalf("%q folds to %q", s, once)
		}
		if upper := un.Fold(strings.ToUpper(s)); isASCII(s) && upper != once {
			t.Fatalf("%q folds to %q, in capitals to %q", s, once, upper)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
