package un

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:generate go run ./internal/foldgen fold_table.go

// Fold returns s as texts are compared and ordered where case and accents do not matter: in lower case, without
// combining marks, and with composed Latin, Greek and Cyrillic letters replaced by their base ("É" and "é" by "e", "Й"
// by "и"). Letters that only look composed become what they are commonly written as: "ø" becomes "o", "æ" "ae", "ß"
// "ss". NUL is dropped, so that it may separate folded texts; a byte that is not UTF-8 becomes U+FFFD. Folding what is folded
// changes nothing.
func Fold(s string) string {
	i := 0
	for i < len(s) && 0 < s[i] && s[i] < utf8.RuneSelf && (s[i] < 'A' || 'Z' < s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for _, r := range s[i:] {
		if r == 0 || r >= utf8.RuneSelf && unicode.Is(unicode.Mn, r) {
			continue
		}
		if r = unicode.ToLower(r); r >= utf8.RuneSelf {
			r = unmarked(r)
		}
		switch r {
		case 'ß':
			b.WriteString("ss")
		case 'æ':
			b.WriteString("ae")
		case 'œ':
			b.WriteString("oe")
		case 'þ':
			b.WriteString("th")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'ħ':
			b.WriteByte('h')
		case 'ı':
			b.WriteByte('i')
		case 'ſ': // the long s
			b.WriteByte('s')
		case 'ς': // σ at the end of a word
			b.WriteRune('σ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
