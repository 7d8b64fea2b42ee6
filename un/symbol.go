package un

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var (
	// misspelt undoes what Markdown, word processors and PDF files do to a symbol or a number.
	misspelt = strings.NewReplacer(`\`, "", "\u00ad", "", "\u200b", "", "\ufeff", "",
		"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-")

	symbolLink = regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.)?(?:docs\.un|undocs)\.org/(?:(?:ar|en|es|fr|ru|zh)/)?([^?#]+)`)

	// The words before a number: whose (1) and what (2) it is; then the number or symbol itself (3).
	spokenSymbol = regexp.MustCompile(`(?i)^(?:the )?(?:(?:UN |United Nations )?((?:General )?Assembly|GA|UNGA|` +
		`Economic and Social Council|ECOSOC|Human Rights Council|HRC|Security Council|UNSC) )?` +
		`(?:(res(?:olution|\.)?|dec(?:ision|\.)?|document) )?(.*)$`)

	// Organ (1), act (2), session or year (3), number (4), letter (5).
	newNumber = regexp.MustCompile(`(?i)^(?:(A|A/HRC|E)/(RES|DEC)/)?((?:E?S-)?[1-9]\d{0,3})/([1-9]\d{0,4})(?: ?((?-i:[A-Za-z](?:-[A-Za-z])?)))?$`)

	// Organ (1), number (2), letter (3 or 5), session or year (4).
	oldNumber = regexp.MustCompile(`(?i)^(?:(A|E|S)/RES/)?([1-9]\d{0,4})(?: ?((?-i:[A-Za-z])))?\((E?S-[IVX]+|[IVXL]+|(?:19|20)\d\d)\)((?-i:[A-Za-z]))?$`)

	writtenSymbol = regexp.MustCompile(`^[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:\([A-Za-z0-9.,-]+\))?` +
		`(?:/[A-Za-z0-9]+(?:[.-]?(?:[A-Za-z0-9]+|\([A-Za-z0-9.,-]+\)))*)+$`)
	looseSpace    = regexp.MustCompile(` ?([/()]) ?`)
	inBrackets    = regexp.MustCompile(`\([^()]*\)`)
	outOfBrackets = regexp.MustCompile(`(?:^|\))[^()]*`)
	mixedCase     = regexp.MustCompile(`(?i)\b(?:add|amend|corr|rev|sect|sub|vol)\.|\bsummary\b`)
	romanNumeral  = regexp.MustCompile(`^(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$`)
)

// ParseSymbol returns the normal form of a document symbol as people write it, with or without the words before it, the
// letter case and the spaces of print, Markdown's backslashes, the full stop after it, or the address at docs.un.org or
// undocs.org before it. ok is false when s is not a symbol. A normal form is its own normal form. It is
//
//	A/RES/80/173         80/173, GA resolution 80/173, a/res/80/173, https://docs.un.org/en/A/RES/80/173
//	A/RES/57/270 B       57/270B
//	A/RES/S-10/2         resolution S-10/2: special (S-) and emergency special (ES-) sessions
//	A/DEC/77/568         decision 77/568
//	E/RES/2023/3         2023/3, ECOSOC resolution 2023/3
//	E/DEC/1992/218       Economic and Social Council decision 1992/218
//	217 A (III)          217A(III), A/RES/217(III)A: the Assembly's resolutions until its thirtieth session
//	E/RES/671(XXV)       ECOSOC resolution 671 (XXV); E/RES/974(XXXVI)D, 974 D (XXXVI)
//	S/RES/1325(2000)     Security Council resolution 1325 (2000)
//	A/HRC/RES/20/8       Human Rights Council resolution 20/8
//	A/67/65-E/2012/48    and any other as written: in capitals, but Add., Corr., Rev. and the like, and without spaces; what
//	                     stands in brackets keeps its case: WSIS-05/TUNIS/DOC/6(Rev.1)
//
// Of bare numbers, one after a session (up to three digits) is the General Assembly's, one after a year (1946 to 2100)
// the Economic and Social Council's, and so is one after a Roman numeral above the Assembly's XXX. Words that
// contradict the number ("ECOSOC resolution 80/173") make it no symbol; before a whole symbol they are left out.
//
// It rests on the United Nations' guide to symbols, https://research.un.org/en/docs/symbols, and on the note on
// resolutions and decisions in the Assembly's Official Records ("3363 (XXX)", "31/16 A", "S-8/1", "decision 31/301").
func ParseSymbol(s string) (symbol string, ok bool) {
	s = tidy(s)
	if m := symbolLink.FindStringSubmatch(s); m != nil {
		path, err := url.PathUnescape(m[1])
		if err != nil {
			return "", false
		}
		s = tidy(strings.TrimRight(path, "/"))
	}
	m := spokenSymbol.FindStringSubmatch(s)
	organ, act, s := organOf(m[1]), actOf(m[2]), looseSpace.ReplaceAllString(m[3], "$1")
	s = inBrackets.ReplaceAllStringFunc(s, func(in string) string { return strings.ReplaceAll(in, " ", "") })
	if m := newNumber.FindStringSubmatch(s); m != nil {
		if m[1] != "" {
			organ, act = strings.ToUpper(m[1]), strings.ToUpper(m[2])
		}
		if symbol, ok = newSymbol(organ, act, strings.ToUpper(m[3]), m[4], strings.ToUpper(m[5])); ok || m[1] == "" {
			return symbol, ok
		}
	}
	if m := oldNumber.FindStringSubmatch(s); m != nil && act == "RES" {
		if m[1] != "" {
			organ = strings.ToUpper(m[1])
		}
		if symbol, ok = oldSymbol(organ, m[2], strings.ToUpper(m[3]+m[5]), strings.ToUpper(m[4])); ok {
			return symbol, true
		}
	}
	return otherSymbol(s)
}

// tidy undoes what print does to a symbol or number, and takes off what may stand around it.
func tidy(s string) string {
	const around = " .,;:*_\"'`<>“”‘’"
	s = strings.Trim(strings.Join(strings.Fields(misspelt.Replace(s)), " "), around)
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		s = strings.Trim(strings.TrimSuffix(inner, ")"), around)
	}
	return s
}

func organOf(words string) string {
	switch strings.ToLower(words) {
	case "general assembly", "assembly", "ga", "unga":
		return "A"
	case "economic and social council", "ecosoc":
		return "E"
	case "human rights council", "hrc":
		return "A/HRC"
	case "security council", "unsc":
		return "S"
	}
	return ""
}

func actOf(word string) string {
	if strings.HasPrefix(strings.ToLower(word), "dec") {
		return "DEC"
	}
	return "RES"
}

// newSymbol is of an act numbered within a session ("80", "S-10") or a year. An empty organ is found by the number.
func newSymbol(organ, act, session, number, letter string) (string, bool) {
	numberedBy := []string{"A", "A/HRC"}
	if year := len(session) == len("2023") && digits(session); year {
		if session < "1946" || session > "2100" {
			return "", false
		}
		numberedBy = []string{"E"}
	}
	for _, o := range numberedBy {
		if organ == "" || organ == o {
			return strings.TrimSpace(fmt.Sprintf("%s/%s/%s/%s %s", o, act, session, number, letter)), true
		}
	}
	return "", false
}

// oldSymbol is of a resolution numbered throughout, with its session ("XXX", "S-VII") or year in brackets. An empty
// organ is found by what stands there.
func oldSymbol(organ, number, letter, session string) (string, bool) {
	if len(letter) > 1 {
		return "", false
	}
	special := strings.Contains(session, "S-")
	ordinal := roman(session[strings.Index(session, "-")+1:])
	switch {
	case digits(session) && letter == "" && (organ == "" || organ == "S"):
		return fmt.Sprintf("S/RES/%s(%s)", number, session), true
	case ordinal > 0 && (special || ordinal <= 30) && (organ == "" || organ == "A"):
		return fmt.Sprintf("%s (%s)", strings.TrimSpace(number+" "+letter), session), true
	case ordinal > 0 && !special && (organ == "" || organ == "E"):
		return fmt.Sprintf("E/RES/%s(%s)%s", number, session, letter), true
	}
	return "", false
}

// otherSymbol is any other: parts between strokes, the first of which begins with a letter, and a figure somewhere.
func otherSymbol(s string) (string, bool) {
	if !writtenSymbol.MatchString(s) || !strings.ContainsAny(s, "0123456789") {
		return "", false
	}
	s = outOfBrackets.ReplaceAllStringFunc(s, strings.ToUpper)
	return mixedCase.ReplaceAllStringFunc(s, func(word string) string {
		return strings.ToUpper(word[:1]) + strings.ToLower(word[1:])
	}), true
}

// roman returns the value of a Roman numeral in capitals, 0 when s is none of I to XCIX.
func roman(s string) (n int) {
	if !romanNumeral.MatchString(s) {
		return 0
	}
	last := 0
	for i := len(s) - 1; i >= 0; i-- {
		v := [...]int{1, 5, 10, 50, 100}[strings.IndexByte("IVXLC", s[i])]
		if v < last {
			v, last = -v, v
		} else {
			last = v
		}
		n += v
	}
	return n
}

var (
	// An annex, with its name (1) or alone, then what stands in it (2).
	annexed = regexp.MustCompile(`^annex(?: ([ivxlc]+|[1-9]\d?|[a-z])(?: ?[/,:] ?| )| ?[/,:] ?)(.+)$`)

	// What it is, preambular (1), a footnote (2) or else a numbered paragraph, its number (3), its subparagraphs (4).
	numbered = regexp.MustCompile(`^(?:(pp|preambular para(?:graph)?|preamble)|(fn|footnote)|op|(?:operative )?para(?:graph)?|[§¶])?\.? ?` +
		`0*([1-9]\d{0,98})((?:[a-z]\b)?(?: ?\((?:[a-z]{1,2}|[ivxl]+|[1-9]\d?)\)| (?:[a-z]|[ivxl]+)\b)*)$`)

	subparagraph = regexp.MustCompile(`\(\w+\)|[ivxl]+|[a-z]`)
)

// ParseParagraph returns the number of a paragraph in the form in which we print it. ok is false when s is not one. A
// printed form is its own printed form. It is
//
//	99                   para 99, paragraph 99, para. 99, OP99
//	48 (a) (ii)          48(a)(ii), 48 a ii
//	pp12                 PP 12, preambular paragraph 12: counted, for the texts do not number them
//	annex I/10 (a)       Annex I, paragraph 10 (a); annex/10 where there is but one
//	fn 3                 fn3, footnote 3
//	title, chapeau       and closing: what stands before the first paragraph, and after the last
func ParseParagraph(s string) (number string, ok bool) {
	s = strings.ToLower(tidy(s))
	annex := ""
	if m := annexed.FindStringSubmatch(s); m != nil {
		annex, s = strings.TrimSpace("annex "+strings.ToUpper(m[1]))+"/", m[2]
	}
	if s == "title" || s == "chapeau" || s == "closing" {
		return annex + s, true
	}
	m := numbered.FindStringSubmatch(s)
	switch {
	case m == nil || m[2] != "" && (annex != "" || m[4] != ""):
		return "", false
	case m[1] != "":
		number = "pp" + m[3]
	case m[2] != "":
		number = "fn " + m[3]
	default:
		number = m[3]
	}
	for _, sub := range subparagraph.FindAllString(m[4], -1) {
		number += " (" + strings.Trim(sub, "()") + ")"
	}
	return annex + number, true
}

// Place returns a text by whose bytes the paragraphs of a document sort as they stand in it: title, chapeau, preambular
// paragraphs, numbered ones, each before its subparagraphs (letters, then Roman numerals, then letters: "1 (b) (i)"),
// annexes one after the other and each in the same order, then what is no paragraph number, footnotes, closing.
func Place(number string) string {
	s, ok := ParseParagraph(number)
	if !ok {
		return placeUnknown + number
	}
	if name, in, ok := strings.Cut(s, "/"); ok {
		name = strings.TrimPrefix(strings.TrimPrefix(name, "annex"), " ")
		if n := roman(name); n > 0 && name != "L" { // annex L is the twelfth
			name = strconv.Itoa(n)
		}
		return placeAnnex + shortlex(name) + " " + Place(in)
	}
	switch s {
	case "title":
		return placeTitle
	case "chapeau":
		return placeChapeau
	case "closing":
		return placeClosing
	}
	place := placeNumbered
	if rest, ok := strings.CutPrefix(s, "pp"); ok {
		place, s = placePreambular, rest
	} else if rest, ok := strings.CutPrefix(s, "fn "); ok {
		place, s = placeFootnote, rest
	}
	s, subs, _ := strings.Cut(s, " ")
	place += shortlex(s)
	for depth, sub := range strings.Fields(subs) {
		sub = strings.Trim(sub, "()")
		if n := roman(strings.ToUpper(sub)); n > 0 && depth%2 == 1 {
			sub = strconv.Itoa(n)
		}
		place += " " + shortlex(sub)
	}
	return place
}

// The parts of a document, and of an annex, in their order.
const (
	placeTitle      = "0"
	placeChapeau    = "1"
	placePreambular = "2"
	placeNumbered   = "3"
	placeAnnex      = "4"
	placeUnknown    = "5"
	placeFootnote   = "6"
	placeClosing    = "7"
)

// shortlex makes the shorter of two texts sort first: 9 before 10, (z) before (aa).
func shortlex(s string) string { return fmt.Sprintf("%02d%s", len(s), s) }
