package loader

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"mandategraph/un"
)

// missingFrom names the part of a date that evidence does not say: a year, a day, or a month where it names another. ""
// when it says all of it.
func missingFrom(evidence, edtf string) string {
	numbers := strings.FieldsFunc(evidence, func(r rune) bool { return r < '0' || r > '9' })
	for part := range strings.SplitSeq(edtf, "/") {
		part = strings.TrimRight(part, "~?%")
		if part == "" || part == ".." {
			continue
		}
		if decade, ok := strings.CutSuffix(part, "X"); ok {
			if !slices.ContainsFunc(numbers, func(n string) bool { return len(n) == 4 && strings.HasPrefix(n, decade) }) {
				return decade + "0s"
			}
			continue
		}
		year, rest, _ := strings.Cut(part, "-")
		if !slices.Contains(numbers, year) {
			return year
		}
		month, day, _ := strings.Cut(rest, "-")
		if day = strings.TrimPrefix(day, "0"); day != "" && !slices.Contains(numbers, day) && !slices.Contains(numbers, "0"+day) {
			return "the day " + day
		}
		if n, err := strconv.Atoi(month); err == nil && !saysMonth(evidence, time.Month(n)) {
			return time.Month(n).String()
		}
	}
	return ""
}

// saysMonth reports whether a text names a month, in full or by its first letters, or no month at all.
func saysMonth(text string, month time.Month) bool {
	another := false
	for _, word := range words(text) {
		for m := time.January; m <= time.December; m++ {
			if word == m.String() || word == m.String()[:3] || word == "Sept" && m == time.September {
				if m == month {
					return true
				}
				another = true
			}
		}
	}
	return !another
}

// saysOrdinal reports whether a text says the n-th, in words or in figures: "twenty-ninth", "29th".
func saysOrdinal(text string, n int) bool {
	cardinals := strings.Fields("zero one two three four five six seven eight nine")
	tens := strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	ordinals := strings.Fields(`zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
		fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`)
	before, hundreds, ten := 0, 0, 0 // what the words before come to
	for _, word := range words(strings.ToLower(text)) {
		said := slices.Index(ordinals, word)
		if said > 0 && said < 10 {
			said += ten
		}
		if stem, ok := strings.CutSuffix(word, "ieth"); ok { // "twentieth" after "twenty"
			said = 10 * slices.Index(tens, stem+"y")
		}
		if word == "hundredth" {
			said, hundreds = 0, 100*max(1, before)
		}
		if said >= 0 && hundreds+said == n || word == un.Ordinal(n) {
			return true
		}
		ten = 10 * max(0, slices.Index(tens, word))
		switch {
		case word == "hundred":
			hundreds = 100 * max(1, before)
		case word != "and" && ten == 0:
			hundreds = 0
		}
		before = slices.Index(cardinals, word)
	}
	return false
}

// words are the words of a text. A hyphen parts words.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// saysTime reports whether a text has an expression of time: a number in figures, a month, or a word like "year",
// "annual", "session" or "until".
func saysTime(text string) bool {
	return slices.ContainsFunc(words(text), func(word string) bool {
		for m := time.January; m <= time.December; m++ {
			if word == m.String() {
				return true
			}
		}
		word = strings.ToLower(word)
		return strings.ContainsFunc(word, unicode.IsDigit) || slices.ContainsFunc(timeWords, func(stem string) bool {
			return strings.HasPrefix(word, stem)
		})
	})
}

// timeWords begin the words that say a time.
var timeWords = strings.Fields(`year annual biennial triennial periodic decade centur month week day daily today date session
	anniversary since until`)
