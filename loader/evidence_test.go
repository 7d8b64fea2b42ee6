package loader_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mandategraph/loader"
)

func TestHolds(t *testing.T) {
	tests := []struct {
		name              string
		passage, evidence string
		want              bool
	}{
		{"the words themselves", "The forum meets in May.", "forum meets in", true},
		{"case", "The Forum MEETS in May.", "forum Meets in may", true},
		{"white space", "The forum\n\n\tmeets  in\u00a0May.", "forum meets in May", true},
		{"punctuation", "the forum, which meets (in May);", "forum which meets in May", true},
		{"typographic quotes", "the “open” forum’s meeting", `the "open" forum's meeting`, true},
		{"typographic dashes", "in 2021–2025 – a long time — it met", "in 2021-2025 - a long time - it met", true},
		{"split words in the passage", "the fol lowing high -level for um", "following high-level forum", true},
		{"split words in the evidence", "the following high-level forum", "fol lowing high -level", true},
		{"hyphen at a line end", "of a develop-\n\nment plan", "development plan", true},
		{"hyphen parted from a line end", "the public -\n\nprivate plan", "public-private plan", true},
		{"soft hyphen", "of a develop\u00adment plan", "development plan", true},
		{"ligatures", "the ofﬁce of ﬁnal oﬀers", "office of final offers", true},
		{"Markdown emphasis", "to consider, *inter alia*, **the** plan", "consider, inter alia, the plan", true},
		{"Markdown escapes", `resolution 217 A \(III\) of`, "217 A (III) of", true},
		{"Markdown links", "in its [70/125](https://example.org/a_(b)) of May", "in its 70/125 of May", true},
		{"brackets that are no link", "a list [one](two three", "one](two three", true},
		{"raised footnote marks", "the Fund,¹ which pays¹² for", "the Fund, which pays for", true},
		{"footnote mark after a comma", "of the Society,4 while", "the Society, while", true},
		{"footnote mark after a semicolon", "the second phase;4 and", "second phase; and", true},
		{"footnote mark after a word", "the Geneva2 and Tunis4 phases", "Geneva and Tunis phases", true},
		{"footnote mark after a quote", "called “Compact”,11 to improve", `"Compact", to improve`, true},
		{"footnote mark after a year", "on 20 October 2016,3 and", "20 October 2016, and", true},
		{"footnote mark after a full stop", "the Rights.12 We go", "the Rights. We go", true},
		{"footnote mark before a number", "of the Goals,14 17 in number", "the Goals, 17 in number", true},
		{"footnote mark at the end", "of the Society,4 while", "of the Society", true},
		{"footnote mark quoted", "of the Society,4 while", "the Society,4 while", true},
		{"page number", "to build their\n\n5/10 23-25848\n\n capacities", "build their capacities", true},
		{"page header", "to build their\nA/RES/78/132 Lamps and oil…\ncapacities", "build their capacities", true},
		{"page header on two lines", "to build their\n\n\nLamps and\n\noil A/RES/78/132\n\n \n\n5/15 23-25902\n\n capacities", "build their capacities", true},
		{"document link", "to build their\nhttps://undocs.org/en/A/RES/70/1\ncapacities", "build their capacities", true},
		{"page header itself", "A/RES/78/132 Lamps and oil", "A/RES/78/132 Lamps and oil", true},
		{"stray characters before a word", "by the 缅北Secretary-General in July", "by the Secretary-General in", true},
		{"a word after stray characters", "by the 缅北Secretary-General in July", "Secretary-General in", true},
		{"accents", "in São Paulo, on", "SÃO PAULO", true},
		{"decimals", "almost 3.8 billion people", "3.8 billion people", true},

		{"another word", "The forum meets in May.", "forum met in", false},
		{"words in another order", "The forum meets in May.", "meets forum in", false},
		{"a word left out", "The forum meets often in May.", "forum meets in May", false},
		{"a word too many", "The forum meets in May.", "forum meets only in May", false},
		{"another digit", "at its session in 2027, and", "session in 2026", false},
		{"a year cut short", "at its session in 2027, and", "session in 202", false},
		{"a year cut at the front", "at its session in 2027, and", "027, and", false},
		{"the beginning of a word", "the forums meet", "the forum", false},
		{"the end of a word", "the platform meets", "form meets", false},
		{"part of a hyphenated word", "the Secretary-General is asked", "the Secretary", false},
		{"part of a word with a parted hyphen", "at its twenty -seventh session", "seventh session", false},
		{"part of a word over a line end", "at its twenty-\n\nseventh session", "seventh session", false},
		{"a possessive", "the forum’s work", "the forum", false},
		{"part of a decimal", "almost 3.8 billion people", "8 billion people", false},
		{"a decimal without its point", "almost 3.8 billion people", "38 billion people", false},
		{"part of a symbol", "resolution 70/125 of May", "resolution 70", false},
		{"a number without its slash", "resolution 70/125 of May", "resolution 70125 of", false},
		{"numbers run together", "on 10 12 and", "on 1012 and", false},
		{"another footnote mark", "of the Society,4 while", "the Society,5 while", false},
		{"a footnote mark that is not there", "of the Society, while", "the Society,4 while", false},
		{"a number that might be a mark", "all 17 Goals and, 9 in all", "all Goals", false},
		{"a number after a comma", "on Monday, 12 May", "Monday, May", false},
		{"a number in a name", "the COVID-19 plan of the G20", "COVID plan", false},
		{"a number joined by a plus sign", "the WSIS+20 review", "WSIS review", false},
		{"link targets", "in [its resolution](https://example.org/forum)", "example.org/forum", false},
		{"no words", "The forum meets.", " – ¹ *", false},
		{"nothing", "The forum meets.", "", false},
		{"nothing in nothing", "", "", false},
		{"a word in nothing", "", "forum", false},
		{"more than all", "forum", "forum meets", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := loader.Holds(test.passage, test.evidence); got != test.want {
				t.Errorf("Holds(%q, %q) = %v", test.passage, test.evidence, got)
			}
		})
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		evidence string
		want     int
	}{
		{"", 0},
		{" – ¹ * ", 0},
		{"forum", 1},
		{"shall be made a permanent forum", 6},
		{"high-level and high -level and high-\nlevel", 5},
		{"the *Fund*,¹ – in [70/125](#) “of” 2015", 6},
		{"twenty-ninth session, in 2026", 4},
	}
	for _, test := range tests {
		t.Run(test.evidence, func(t *testing.T) {
			if got := loader.Words(test.evidence); got != test.want {
				t.Errorf("Words(%q) = %d, want %d", test.evidence, got, test.want)
			}
		})
	}
}

// Any three to fifteen words in a row are found through all noise, and not found once a word or digit is another.
func TestHoldsWhatStandsThereAndNothingElse(t *testing.T) {
	random := rand.New(rand.NewPCG(80, 173))
	for range 500 {
		words := make([]string, 40+random.IntN(60))
		for i := range words {
			words[i] = randomWord(random)
		}
		passage := withNoise(random, words)

		n := 3 + random.IntN(13)
		from := random.IntN(len(words) - n + 1)
		fragment := slices.Clone(words[from : from+n])
		evidence := strings.Join(fragment, " ")
		if !loader.Holds(passage, evidence) {
			t.Fatalf("%q is not found in:\n%s", evidence, passage)
		}
		if got := loader.Words(evidence); got != n {
			t.Fatalf("Words(%q) = %d, want %d", evidence, got, n)
		}

		i := random.IntN(n)
		fragment[i] = changed(random, fragment[i])
		if evidence := strings.Join(fragment, " "); loader.Holds(passage, evidence) {
			t.Fatalf("%q is found in:\n%s", evidence, passage)
		}
	}
}

func randomWord(random *rand.Rand) string {
	if random.IntN(6) == 0 {
		return strconv.Itoa(1900 + random.IntN(200))
	}
	word := make([]byte, 4+random.IntN(8))
	for i := range word {
		word[i] = byte('a' + random.IntN(25)) // no z
	}
	return string(word)
}

// changed returns the word with one letter or digit replaced by one that it cannot have there.
func changed(random *rand.Rand, word string) string {
	b := []byte(word)
	i := random.IntN(len(b))
	if b[i] <= '9' {
		b[i] = '0' + (b[i]-'0'+1+byte(random.IntN(9)))%10
	} else {
		b[i] = 'z'
	}
	return string(b)
}

// withNoise writes the words as a page might.
func withNoise(random *rand.Rand, words []string) string {
	var b strings.Builder
	for _, word := range words {
		i := 2 + random.IntN(len(word)-3)
		isWord := word[0] > '9'
		switch random.IntN(14) {
		case 0:
			b.WriteString("**" + strings.ToUpper(word) + "** ")
		case 1:
			b.WriteString("“" + word + "”, ")
		case 2:
			b.WriteString("[" + word + "](#) ")
		case 3:
			b.WriteString(word + ",12 ")
		case 4:
			b.WriteString(word + "³ ")
		case 5:
			b.WriteString(word + " \n\n")
		case 6:
			b.WriteString(word + "\n\n5/10 23-25848\n\n")
		case 7:
			b.WriteString(word + "\nA/RES/78/132 Lamps\n")
		case 8:
			if isWord {
				b.WriteString(word[:i] + "-\n" + word[i:] + " ")
				continue
			}
			b.WriteString(word + " – ")
		case 9:
			if isWord {
				b.WriteString(word[:i] + " " + word[i:] + " ")
				continue
			}
			b.WriteString(`\(` + word + `\) `)
		default:
			b.WriteString(word + " ")
		}
	}
	return b.String()
}

// A text with words holds itself, and one without words holds nothing.
func FuzzHolds(f *testing.F) {
	for _, text := range []string{
		"The forum meets in May.", "high -level, twenty-\nseventh", "[70/125](#) of 16 December", "Society,4 while;5",
		"a\nA/RES/78/132 Lamps\n5/10 23-25848\nb", "](", "-\n-\na -", "缅北禁地Secretary", "¹ ²", "ﬁ1,12", "1\n1\n1\n1\n1",
	} {
		f.Add(text, "forum 4")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		if got, want := loader.Holds(text, text), loader.Words(text) > 0; got != want {
			t.Errorf("Holds(x, x) = %v for %q of %d words", got, text, loader.Words(text))
		}
		if loader.Words(other) == 0 && loader.Holds(text, other) {
			t.Errorf("%q holds %q, which has no words", text, other)
		}
	})
}
