package un_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestParseSymbol(t *testing.T) {
	for want, written := range map[string][]string{
		"A/RES/80/173": {
			"a/res/80/173.", " A/RES/80/173 ", "80/173", "resolution 80/173", "Resolution 80/173", "res. 80/173", "A/RES/80/ 173",
			"General Assembly resolution 80/173", "general assembly\n resolution\u00a080/173", "the Assembly resolution 80/173",
			"GA resolution 80/173", "UNGA 80/173", "UN General Assembly resolution 80/173", "resolution A/RES/80/173", "**80/173**",
			"(A/RES/80/173)", "“80/173”", "A/RES/80/173*", "https://docs.un.org/en/A/RES/80/173", "http://docs.un.org/A/RES/80/173/",
			"https://undocs.org/A/RES/80/173", "HTTPS://UNDOCS.ORG/en/A/RES/80/173?direct=true#p1", "docs.un.org/fr/a%2Fres%2f80%2F173",
		},
		"A/RES/57/270 B":     {"A/RES/57/270B", "57/270B", "57/270 b", "resolution 57/270 B", "https://docs.un.org/A/RES/57/270B"},
		"A/RES/75/100 A-B":   {"75/100 A–B", "A/RES/75/100A-B"},
		"A/RES/S-10/2":       {"S-10/2", "resolution s-10/2"},
		"A/RES/ES-11/1":      {"ES-11/1", "General Assembly resolution ES‑11/1"},
		"A/DEC/77/568":       {"decision 77/568", "General Assembly decision 77/568", "GA dec. 77/568", "a/dec/77/568"},
		"E/RES/2023/3":       {"2023/3", "Economic and Social Council resolution 2023/3", "ECOSOC resolution 2023/3", "resolution 2023/3", "e/res/2023/3"},
		"E/RES/1990/40 A":    {"1990/40A"},
		"E/DEC/1992/218":     {"Economic and Social Council decision 1992/218", "decision 1992/218", "E/dec/1992/218"},
		"217 A (III)":        {"217A(III)", "217 a (iii)", "resolution 217 A (III)", "General Assembly resolution 217 A (III)", "A/RES/217 A (III)", "A/RES/217(III)A", "A/RES/217(III) A", "A/RES/217( III ) A", `217 A \(III\)`, "https://undocs.org/en/A/RES/217(III)A"},
		"2625 (XXV)":         {"2625(XXV)", "A/RES/2625(XXV)", "A/RES/2625 (xxv)"},
		"3362 (S-VII)":       {"A/RES/3362(S-VII)", "resolution 3362 (S-VII)"},
		"E/RES/671(XXV)":     {"ECOSOC resolution 671 (XXV)", "E/RES/671 (XXV)", "e/res/671(xxv)"},
		"E/RES/974(XXXVI)D":  {"974 D (XXXVI)", "E/RES/974 (XXXVI) D", "E/RES/974 D (XXXVI)"},
		"S/RES/1325(2000)":   {"S/RES/1325 (2000)", "Security Council resolution 1325 (2000)", "1325 (2000)"},
		"A/HRC/RES/20/8":     {"Human Rights Council resolution 20/8", "a/hrc/res/20/8"},
		"A/67/65-E/2012/48":  {"a/67/65-e/2012/48", "A/67/65–E/2012/48", "document A/67/65-E/2012/48"},
		"A/C.2/59/3":         {"a/c.2/59/3", `A/C\.2/59/3`},
		"ST/SGB/1997/9":      {"st/sgb/1997/9"},
		"E/CN.16/2018/CRP.3": {"e/cn.16/2018/crp.3", "E/CN.16/2018/CRP.3."},
		"WSIS-05/TUNIS/DOC/6(Rev.1)": {
			"WSIS-05/TUNIS/DOC/6(Rev. 1)", "wsis-05/tunis/doc/6 (rev.1)", `WSIS-05/TUNIS/DOC/6\(Rev.1\)`,
		},
		"WSIS-05/TUNIS/DOC/6(Rev.1)-E": {"WSIS-05/Tunis/DOC/6(rev.1)-e"},
		"A/79/5(Vol.I)":                {"A/79/5 (Vol. I)"},
		"A/80/6(Introduction)":         {"a/80/6 (Introduction)"},
		"E/CN.4/Sub.2/1999/1/Add.1":    {"e/cn.4/sub.2/1999/1/add.1", "E/CN.4/SUB.2/1999/1/ADD.1"},
		"A/59/565/Corr.1":              {"A/59/565/CORR.1"},
		"ICCD/COP(9)/18":               {"iccd/cop(9)/18"},
		"E/RES/671":                    {"https://docs.un.org/en/E/RES/671"},
		"A/RES/2023/3":                 {"a/res/2023/3"},
		"TD/B/EDE/6/4":                 {"TD/B/EDE/6/4."},
	} {
		for _, s := range append(written, want) {
			if got, ok := un.ParseSymbol(s); got != want || !ok {
				t.Errorf("ParseSymbol(%q) = %q, %t, want %q", s, got, ok, want)
			}
		}
	}
	for _, s := range []string{
		"", "80", "hello", "resolution", "80/", "/173", "0/1", "80/0", "1945/1", "2101/1", "12345/6", "80/173/1",
		"ECOSOC resolution 80/173", "General Assembly resolution 2023/3", "ECOSOC resolution S-10/2", "Security Council resolution 80/173",
		"General Assembly resolution 1818 (LV)", "Human Rights Council resolution 217 A (III)", "217 A (IIII)", "217 A (III) B", "decision 217 A (III)",
		"and/or", "WSIS/GDC", "igf-2020-news-release", "80/173, paragraph 99", "A/RES/80/173 of 17 December 2025", "A//80", "A/80/", "A/8 0",
		"https://example.org/A/RES/80/173", "https://docs.un.org/", "https://docs.un.org/en/%zz", "А/RES/80/173" /* a Cyrillic А */, "A/80/6(", "A/80/6()",
	} {
		if got, ok := un.ParseSymbol(s); got != "" || ok {
			t.Errorf("ParseSymbol(%q) = %q, %t", s, got, ok)
		}
	}
}

func TestParseSymbolUnderstandsEveryWayOfWritingANumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.IntRange(1, 999).Draw(t, "number")
		act := rapid.SampledFrom([][]string{{"RES", "resolution", "res.", "Resolution"}, {"DEC", "decision", "dec.", "Decision"}}).Draw(t, "act")
		organ, names, session := "A", []string{"General Assembly", "GA", "UNGA", "the General Assembly"}, rapid.IntRange(1, 999).Draw(t, "session")
		if rapid.Bool().Draw(t, "economic") {
			organ, names, session = "E", []string{"Economic and Social Council", "ECOSOC", "the Economic and Social Council"}, rapid.IntRange(1946, 2100).Draw(t, "year")
		}
		letter := rapid.SampledFrom([]string{"", "", "A", "B"}).Draw(t, "letter")
		bare := fmt.Sprintf("%d/%d", session, number)
		want := strings.TrimSpace(fmt.Sprintf("%s/%s/%s %s", organ, act[0], bare, letter))

		if letter != "" && rapid.Bool().Draw(t, "space") {
			letter = " " + letter
		}
		bare += letter
		symbol := fmt.Sprintf("%s/%s/%s", organ, act[0], bare)
		word := rapid.SampledFrom(act[1:]).Draw(t, "word")
		written := rapid.SampledFrom([]string{
			symbol, word + " " + bare, word + " " + symbol, rapid.SampledFrom(names).Draw(t, "name") + " " + word + " " + bare,
			"https://docs.un.org/en/" + symbol, "https://undocs.org/" + symbol,
		}).Draw(t, "written")
		if act[0] == "RES" && rapid.Bool().Draw(t, "alone") {
			written = bare
		}
		written = rapid.SampledFrom([]func(string) string{strings.Clone, strings.ToLower, strings.ToUpper}).Draw(t, "case")(written)
		written = rapid.SampledFrom([]string{"", " ", "\t", "("}).Draw(t, "before") + written + rapid.SampledFrom([]string{"", ".", " ", ",", ")"}).Draw(t, "after")
		if strings.HasPrefix(written, "(") != strings.HasSuffix(written, ")") {
			written = strings.Trim(written, "()")
		}
		if got, ok := un.ParseSymbol(written); got != want || !ok {
			t.Fatalf("ParseSymbol(%q) = %q, %t, want %q", written, got, ok, want)
		}
	})
}

func FuzzParseSymbol(f *testing.F) {
	for _, s := range []string{
		"A/RES/80/173", "80/173", "57/270 B", "2023/3", "217 A (III)", `217 A \(III\)`, "A/RES/217(III)A", "decision 77/568", "1325 (2000)",
		"A/67/65-E/2012/48", "WSIS-05/TUNIS/DOC/6(Rev. 1)", "https://docs.un.org/en/A/RES/80/173", "S-10/2", "ECOSOC resolution S-10/2", "(A/1.)", "A/RES/217(II )A", "80", "hello",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		symbol, ok := un.ParseSymbol(s)
		if !ok {
			if symbol != "" {
				t.Fatalf("%q is no symbol, but %q", s, symbol)
			}
			return
		}
		if again, ok := un.ParseSymbol(symbol); again != symbol || !ok {
			t.Fatalf("%q is %q, which is %q, %t", s, symbol, again, ok)
		}
		if strings.ContainsFunc(symbol, func(r rune) bool { return r <= ' ' && r != ' ' || r >= utf8.RuneSelf }) || !strings.ContainsAny(symbol, "0123456789") {
			t.Fatalf("%q is %q", s, symbol)
		}
	})
}

func TestParseParagraph(t *testing.T) {
	for want, written := range map[string][]string{
		"99":              {"para 99", "paragraph 99", "para. 99", "Paragraph 99", "OP99", "op 99", "OP. 99", "operative paragraph 99", "§ 99", "¶99", " 99. ", "099"},
		"48 (a)":          {"48(a)", "48 a", "48a", "48 (A)", "para. 48 (a)", "paragraph 48(a).", `48 \(a\)`},
		"48 (a) (ii)":     {"48(a)(ii)", "48 a ii", "48 (a)(ii)", "48a (ii)", "48 (a) ii"},
		"48 (aa)":         {"48(aa)"},
		"48 (viii)":       {"48 viii"},
		"7 (1)":           {"7(1)"},
		"pp12":            {"PP12", "pp 12", "PP. 12", "preambular paragraph 12", "Preambular para. 12", "preamble 12"},
		"pp12 (a)":        {"pp 12(a)"},
		"annex I/10":      {"Annex I, paragraph 10", "annex I, para 10", "ANNEX I/10", "annex i 10", "annex I: 10", "annex I / OP10"},
		"annex I/10 (a)":  {"annex I, para 10 (a)", "Annex I/10(a)"},
		"annex II/pp3":    {"annex II, preambular paragraph 3"},
		"annex A/2":       {"annex a, paragraph 2"},
		"annex 3/2":       {"annex 3/2", "Annex 3, para. 2"},
		"annex/10":        {"annex, paragraph 10", "Annex/10"},
		"annex I/chapeau": {"Annex I, chapeau"},
		"fn 3":            {"fn3", "footnote 3", "Footnote3", "fn. 3", "FN 3"},
		"chapeau":         {"Chapeau", " CHAPEAU."},
		"title":           {"Title"},
		"closing":         {"Closing"},
	} {
		for _, s := range append(written, want) {
			if got, ok := un.ParseParagraph(s); got != want || !ok {
				t.Errorf("ParseParagraph(%q) = %q, %t, want %q", s, got, ok, want)
			}
		}
	}
	for _, s := range []string{
		"", "para", "a", "(a)", "(48) (a)", "0", "00", "-1", "pp", "fn", "pp0", "99-101", "99 and 100", "99 bis", "48 ()", "48 (a", "48 abc", "fn 3 (a)",
		"annex", "annex I", "annex 10", "annex I/", "annex I/fn 3", "annex I/annex II/3", "paragraphs 99", "9٩", "ninety-nine", strings.Repeat("9", 100),
	} {
		if got, ok := un.ParseParagraph(s); got != "" || ok {
			t.Errorf("ParseParagraph(%q) = %q, %t", s, got, ok)
		}
	}
}

func TestPlace(t *testing.T) {
	inOrder := []string{
		"title", "chapeau", "pp1", "pp2", "pp2 (a)", "pp10", "1", "1 (a)", "1 (b)", "1 (b) (i)", "1 (b) (ii)", "1 (b) (iv)", "1 (b) (v)", "1 (b) (ix)", "1 (b) (x)",
		"1 (c)", "1 (h)", "1 (i)", "1 (j)", "1 (z)", "1 (aa)", "2", "9", "10", "99", "100", "173", "99999999999999999999999999",
		"annex/chapeau", "annex/1", "annex I/title", "annex I/pp1", "annex I/1", "annex I/2 (a)", "annex I/10", "annex I/closing", "annex II/1", "annex IV/1", "annex IX/1", "annex X/1",
		"objective 1", "table 2", "fn 1", "fn 2", "fn 10", "closing",
	}
	if !slices.IsSortedFunc(inOrder, func(a, b string) int { return cmp.Compare(un.Place(a), un.Place(b)) }) {
		sorted := slices.SortedStableFunc(slices.Values(inOrder), func(a, b string) int { return cmp.Compare(un.Place(a), un.Place(b)) })
		t.Errorf("in order of place:\n%q\nwant\n%q", sorted, inOrder)
	}
	if un.Place("OP99") != un.Place("99") || un.Place("annex I, para 10(a)") != un.Place("annex I/10 (a)") {
		t.Error("the place depends on how the number is written")
	}
}

// A placed number with what its order rests on: the part of the document, then numbers from the outside in.
type placed struct {
	number string
	key    []int
}

func romanNumeral(n int) string {
	return strings.Repeat("X", n/10) + []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10]
}

func numbers(annexes bool) *rapid.Generator[placed] {
	return rapid.Custom(func(t *rapid.T) placed {
		n := rapid.OneOf(rapid.IntRange(1, 12), rapid.IntRange(1, 1<<40)).Draw(t, "n")
		parts := []placed{
			{"title", []int{0}},
			{"chapeau", []int{1}},
			{fmt.Sprint("pp", n), []int{2, n}},
			{fmt.Sprint(n), []int{3, n}},
			{fmt.Sprint(n), []int{3, n}},
			{"closing", []int{7}},
			{fmt.Sprint("fn ", n), []int{6, n}},
			{"", []int{4}},
		}
		if !annexes {
			parts = parts[:len(parts)-2]
		}
		p := rapid.SampledFrom(parts).Draw(t, "part")
		switch p.key[0] {
		case 2, 3:
			for depth := range rapid.IntRange(0, 3).Draw(t, "depth") {
				i := rapid.IntRange(1, 26).Draw(t, "sub")
				sub := string(rune('a' + i - 1))
				if depth == 1 {
					sub = strings.ToLower(romanNumeral(i))
				}
				p = placed{fmt.Sprintf("%s (%s)", p.number, sub), append(p.key, i)}
			}
		case 4:
			in, a := numbers(false).Draw(t, "in"), rapid.IntRange(0, 29).Draw(t, "annex")
			p = placed{strings.TrimSpace("annex "+romanNumeral(a)) + "/" + in.number, append([]int{4, a}, in.key...)}
		}
		return p
	})
}

func TestPlaceSortsAsTheDocumentStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := numbers(true).Draw(t, "a"), numbers(true).Draw(t, "b")
		if got, want := cmp.Compare(un.Place(a.number), un.Place(b.number)), slices.Compare(a.key, b.key); got != want {
			t.Fatalf("%s is placed %d from %s (%q, %q), want %d", a.number, got, b.number, un.Place(a.number), un.Place(b.number), want)
		}
		if got, ok := un.ParseParagraph(a.number); got != a.number || !ok {
			t.Fatalf("ParseParagraph(%q) = %q, %t", a.number, got, ok)
		}
	})
}

func FuzzParseParagraph(f *testing.F) {
	for _, s := range []string{"99", "para. 99", "OP99", "48(a)", "48 a ii", "PP 12", "annex I, para 10 (a)", "annex/10", "fn 3", "chapeau", "Title", "annex I/fn 3", "99 bis", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, ok := un.ParseParagraph(s)
		if !ok {
			if number != "" {
				t.Fatalf("%q is no number, but %q", s, number)
			}
			if place := un.Place(s); place <= un.Place("annex XC/closing") || place >= un.Place("fn 1") {
				t.Fatalf("%q is placed at %q", s, place)
			}
			return
		}
		if again, ok := un.ParseParagraph(number); again != number || !ok {
			t.Fatalf("%q is %q, which is %q, %t", s, number, again, ok)
		}
		if un.Place(s) != un.Place(number) {
			t.Fatalf("%q is placed at %q, %q at %q", s, un.Place(s), number, un.Place(number))
		}
		if un.Place(number) < un.Place("title") || un.Place(number) > un.Place("closing") {
			t.Fatalf("%q is placed at %q", number, un.Place(number))
		}
	})
}
