package loader

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Holds reports whether the words of evidence stand in the passage, one after the other.
//
// Only letters and digits count, and of what stands between them only that it parts two numbers: "70/125" is not
// "70125". So case, quotes, dashes, Markdown, link targets, superscripts, hyphens at line ends and words that the
// typesetter split ("fol lowing", "high -level") make no difference. Page headers, page numbers and footnote marks
// glued to a word ("Forum,4") may be left out of the evidence; a mark that stands alone ("Forum, 4") may not,
// for it cannot be told from a number.
//
// The evidence must begin and end with whole words, which white space parts: "forum" does not stand in "forums", nor
// "8 billion" in "3.8 billion", nor "Secretary" in "Secretary-General". Evidence without words stands nowhere.
func Holds(passage, evidence string) bool {
	e := spell(evidence)
	return hasSigns(spell(passage), e) || hasSigns(spell(withoutFurniture(passage)), e)
}

// Words counts the words of evidence as Holds tells them apart: by white space, "high -level" being one. What has
// neither letters nor digits, or is only a superscript, is no word.
func Words(evidence string) int {
	n := 0
	for _, word := range splitWords(plainLetters.Replace(withoutLinkTargets(evidence))) {
		if strings.ContainsFunc(word, isSign) {
			n++
		}
	}
	return n
}

// A sign is one letter or digit of a text.
type sign struct {
	r      rune
	parted bool // something else stands between the sign before and it
	begins bool // a word begins with it
	ends   bool // a word ends with it
	skip   int  // as many signs, from this one, are no part of the text
}

// hasSigns reports whether e stands in p between two word boundaries. It follows all ways to read p, with and without
// what may be skipped, at once.
func hasSigns(p, e []sign) bool {
	if len(e) == 0 {
		return false
	}
	at := make([]bool, len(p)+1) // at[i]: all of e read so far stands right before p[i]
	for i := range p {
		at[i] = p[i].begins
	}
	next := make([]bool, len(p)+1)
	for j := range e {
		for i := range p {
			if !at[i] {
				continue
			}
			if j > 0 {
				at[i+p[i].skip] = true
			}
			inNumber := j > 0 && unicode.IsDigit(e[j-1].r) && unicode.IsDigit(e[j].r)
			if p[i].r == e[j].r && !(inNumber && p[i].parted != e[j].parted) {
				next[i+1] = true
			}
		}
		at, next = next, at
		clear(next)
	}
	for i := range p {
		if at[i+1] && p[i].ends {
			return true
		}
	}
	return false
}

// spell reduces a text to its letters and digits.
func spell(text string) []sign {
	var signs []sign
	for _, word := range splitWords(plainLetters.Replace(withoutLinkTargets(text))) {
		signs = append(signs, spellWord(word)...)
	}
	return signs
}

// plainLetters writes what typesetters join or vary as it is spelled.
var plainLetters = strings.NewReplacer(
	"\u00ad", "-", "\u2010", "-", "\u2011", "-", // soft, plain and non-breaking hyphens
	"ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl",
)

// splitWords splits a text at white space, except where a hyphen says that a word goes on: at the end of a line, and
// before a letter or digit.
func splitWords(text string) []string {
	var words []string
	goesOn := false
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		for i, word := range fields {
			after, hyphen := strings.CutPrefix(word, "-")
			r, _ := utf8.DecodeRuneInString(after)
			tail := hyphen && i > 0 && (isSign(r) || after == "" && i == len(fields)-1)
			if (goesOn || tail) && len(words) > 0 {
				words[len(words)-1] += word
			} else {
				words = append(words, word)
			}
			goesOn = i == len(fields)-1 && strings.HasSuffix(word, "-")
		}
	}
	return words
}

// spellWord reduces a word to its letters and digits. A footnote mark at its end may be skipped, and so may Chinese
// characters glued to the front of a Latin word, a noise of some web pages.
func spellWord(word string) []sign {
	mark := footnoteMark(word)
	var signs []sign
	parted := true
	for _, r := range word {
		if isSign(r) {
			signs = append(signs, sign{r: unicode.ToLower(r), parted: parted})
		}
		parted = !isSign(r)
	}
	if len(signs) == 0 {
		return nil
	}
	last := len(signs) - 1
	signs[0].begins, signs[last].ends = true, true
	if mark > 0 {
		signs[last+1-mark].skip = mark
		signs[last-mark].ends = true
	}
	stray := 0
	for stray < len(signs) && unicode.Is(unicode.Han, signs[stray].r) {
		stray++
	}
	if stray > 0 && stray < len(signs) && unicode.Is(unicode.Latin, signs[stray].r) {
		signs[0].skip = stray
		signs[stray].begins = true
	}
	return signs
}

// footnoteMark returns how many digits at the end of a word are a footnote mark: one or two after a small letter or
// punctuation, as in "Geneva2", "Forum;4" and "2016,3", but not in "3.8", "IPv6" and "A/67/65/Corr.1".
func footnoteMark(word string) int {
	const marks = ".,;:)]*_”’\"'"
	word = strings.TrimRight(word, marks)
	host := strings.TrimRight(word, "0123456789")
	digits := len(word) - len(host)
	if digits < 1 || digits > 2 || len(host) < 4 {
		return 0
	}
	if r, _ := utf8.DecodeLastRuneInString(host); unicode.IsLower(r) {
		return digits
	}
	bare := strings.TrimRight(host, marks)
	mark := host[len(bare):]
	number := len(bare) - len(strings.TrimRight(bare, "0123456789"))
	r, _ := utf8.DecodeLastRuneInString(bare)
	switch {
	case mark == "", !isSign(r):
		return 0
	case number > 0 && (number < 3 || mark != "," && mark != ";"):
		return 0
	case mark == "." && strings.Contains(bare, "/"):
		return 0
	}
	return digits
}

// isSign reports whether r is a letter or a digit; superscripts are neither.
func isSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// withoutLinkTargets keeps "text" of "[text](target)".
func withoutLinkTargets(text string) string {
	var out strings.Builder
	for {
		before, target, ok := strings.Cut(text, "](")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		depth := 1
		end := strings.IndexFunc(target, func(r rune) bool {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			return depth == 0 || unicode.IsSpace(r)
		})
		if end < 0 || depth > 0 { // no link
			out.WriteString("](")
			end = 0
		} else {
			out.WriteString("]")
			end++
		}
		text = target[end:]
	}
}

// withoutFurniture drops the lines that belong to the page.
func withoutFurniture(text string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for i, drop := range pageFurniture(lines) {
		if !drop {
			kept = append(kept, lines[i])
		}
	}
	return strings.Join(kept, "\n")
}
