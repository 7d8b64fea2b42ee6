package loader

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// superscripts are the digits of footnote marks, in order.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// A Passage is one citable part of a document's text.
//
// Number is the part as printed: "99", "48 (a)" for a lettered sub-paragraph, "pp1" and on for the preambular
// paragraphs, "fn 3" for a footnote, "title" for the title of the resolution with its number, "chapeau" for everything
// else that stands before the first preambular or numbered paragraph, and "closing" for the meeting and date at the
// end. In an annex, which begins at a line that says "Annex" or "Annex I" and nothing else, all but footnotes
// carry the annex before them: "annex I/10", "annex I/title".
//
// Text is the lines of the passage as they stand in the document, trimmed, without its own number, and without what
// the page put between them: blank lines, page headers and numbers, footnotes, headings. Line is where it
// begins, counted from 1.
type Passage struct {
	Number string
	Text   string
	Line   int
}

// Passages are the passages of one document, in its order. A numbered paragraph is followed by its lettered
// sub-paragraphs, whose text is a part of its own.
type Passages []Passage

// Find returns the first passage with that number, as Passage.Number writes it.
func (p Passages) Find(number string) (Passage, bool) {
	i := slices.IndexFunc(p, func(q Passage) bool { return q.Number == number })
	if i < 0 {
		return Passage{}, false
	}
	return p[i], true
}

// Paragraphs splits the text of a document, as copied from a PDF or a web page, into its passages. A paragraph runs to
// the next number over page breaks, footnotes and paragraphs without numbers; headings belong to none. Numbers
// count only in increasing order, so that a year or a "9." in a sentence begins nothing. A page that has neither the
// title of a resolution nor numbered paragraphs has no passages but footnotes: look in the whole of it.
func Paragraphs(text string) Passages {
	body, passages := bodyAndNotes(text)
	double := doubleSpaced(body)
	for from := 0; from < len(body); {
		to := from + 1
		for to < len(body) && annexLabel(body[to]) == "" {
			to++
		}
		s := textSection{annex: annexLabel(body[from]), lines: body[from:to], double: double}
		passages = append(passages, s.passages()...)
		from = to
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return a.Line - b.Line })
	return passages
}

// A textLine is a line of the document's body.
type textLine struct {
	number   int    // counted from 1
	text     string // trimmed
	plain    string // text without the Markdown around it
	blanks   int    // how many blank or removed lines stand before it
	indented bool
}

// bodyAndNotes takes blank lines, page furniture and footnotes out of the text. What stands above the title
// is kept whole: there a symbol is no page header.
func bodyAndNotes(text string) (body []textLine, notes Passages) {
	lines := strings.Split(text, "\n")
	furniture := pageFurniture(lines)
	title := titleLine(lines)
	blanks := 0
	foot := false // below the rule at the foot of a page
	last := 0     // the number of the footnote right above, if any
	open := false // that footnote goes on
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case isRule(trimmed):
			foot, last, open = true, 0, false
			fallthrough
		case trimmed == "":
			blanks++
			continue
		case furniture[i] && i > title:
			open = false
			blanks++
			continue
		}
		if n, rest := footnote(trimmed, foot); n > 0 && (!foot || last == 0 || n == last+1) {
			notes = append(notes, Passage{Number: "fn " + strconv.Itoa(n), Text: rest, Line: i + 1})
			last, open, blanks = n, !endsIn(rest, "."), 0
			continue
		}
		if open && (foot || blanks == 0) && !isNumbered(withoutMarkdown(line)) {
			notes[len(notes)-1].Text += "\n" + trimmed
			open, blanks = !endsIn(trimmed, "."), 0
			continue
		}
		if foot || last > 0 { // the body goes on below the footnotes
			foot, last, open = false, 0, false
			blanks++
		}
		body = append(body, textLine{
			number:   i + 1,
			text:     trimmed,
			plain:    withoutMarkdown(trimmed),
			blanks:   blanks,
			indented: strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"),
		})
		blanks = 0
	}
	return body, notes
}

// doubleSpaced reports whether the lines of a paragraph have blank lines between them, so that only the indent
// tells where a paragraph begins.
func doubleSpaced(body []textLine) bool {
	n := 0
	for _, l := range body {
		if r, _ := utf8.DecodeRuneInString(l.plain); unicode.IsLower(r) && l.blanks == 1 {
			n++
		}
	}
	return n > len(body)/4
}

// A textSection is the resolution itself or one of its annexes.
type textSection struct {
	annex  string // "annex I"; empty for the resolution
	lines  []textLine
	double bool
}

// passages returns all passages of the section but footnotes, a paragraph before its sub-paragraphs.
func (s textSection) passages() Passages {
	titleFrom, titleTo := s.title()
	starts := s.numbered(titleTo)
	if s.annex == "" && titleFrom == titleTo && len(starts) == 0 {
		return nil
	}

	textTo := titleTo // the closing stands below
	if len(starts) > 0 {
		textTo = starts[len(starts)-1].line + 1
	}
	closing := len(s.lines)
	if i := slices.IndexFunc(s.lines[textTo:], isClosing); i >= 0 {
		closing = textTo + i
	}
	preambleTo := closing
	if len(starts) > 0 {
		preambleTo = s.headings(titleTo, starts[0].line)
	}
	preamble := s.preamble(titleTo, preambleTo)
	chapeauTo := preambleTo
	if len(preamble) > 0 {
		chapeauTo = preamble[0]
	}

	var out Passages
	add := func(number string, lines []textLine) {
		if s.annex != "" {
			number = s.annex + "/" + number
		}
		if len(lines) > 0 {
			out = append(out, Passage{Number: number, Text: joinLines(lines), Line: lines[0].number})
		}
	}
	addParagraph := func(number string, lines []textLine) {
		add(number, lines)
		for _, p := range subParagraphs(lines) {
			add(number+" ("+p.letter+")", p.lines)
		}
	}
	add("chapeau", slices.Concat(s.lines[:titleFrom], s.lines[titleTo:chapeauTo]))
	add("title", s.lines[titleFrom:titleTo])
	for i, from := range preamble {
		to := preambleTo
		if i+1 < len(preamble) {
			to = preamble[i+1]
		}
		addParagraph("pp"+strconv.Itoa(i+1), s.lines[from:to])
	}
	for i, start := range starts {
		to := closing
		if i+1 < len(starts) {
			to = s.headings(start.line, starts[i+1].line)
		}
		addParagraph(strconv.Itoa(start.number), withoutLabel(s.lines[start.line:to], "."))
	}
	add("closing", s.lines[closing:])
	return out
}

// title returns the lines [from, to) of the section's title, from == to if there is none. The title of an annex is
// what stands below its label.
func (s textSection) title() (from, to int) {
	if s.annex != "" {
		from = 1
		if len(s.lines) == 1 || isTerminal(s.lines[1].plain) || isNumbered(s.lines[1].plain) {
			return from, from
		}
	} else {
		plain := make([]string, len(s.lines))
		for i, l := range s.lines {
			plain[i] = l.plain
		}
		from = titleLine(plain)
		if from < 0 {
			return 0, 0
		}
	}
	for to = from + 1; to < len(s.lines); to++ {
		l := s.lines[to]
		if strings.HasPrefix(l.plain, "The ") || l.blanks > 1 || l.blanks == 1 && !s.double {
			break
		}
	}
	return from, to
}

// A paragraphStart is the line at which a numbered paragraph begins.
type paragraphStart struct{ line, number int }

// numbered finds the numbered paragraphs: of the lines that look like the beginning of one, the longest series of
// increasing numbers. Numbered headings and lists are thereby left out, because they count from 1 again.
func (s textSection) numbered(from int) []paragraphStart {
	var found []paragraphStart
	list := 0 // the last number of a list inside of a paragraph
	for i := from; i < len(s.lines); i++ {
		l := s.lines[i]
		n := leadingNumber(l.plain)
		afterText := i == from || l.blanks > 0 || isTerminal(s.lines[i-1].plain)
		if n == 0 || !l.indented && (s.double || !afterText) {
			continue
		}
		if len(found) > 0 && (n == 1 && endsIn(s.lines[i-1].plain, ":") || list > 0 && n == list+1) {
			list = n
			if endsIn(l.plain, ".") {
				list = 0
			}
			continue
		}
		list = 0
		found = append(found, paragraphStart{i, n})
	}
	return longestIncreasing(found)
}

// longestIncreasing returns the longest subsequence of starts whose numbers increase, the earliest of several.
func longestIncreasing(starts []paragraphStart) []paragraphStart {
	var tails []int // tails[k] ends the best subsequence of k+1 starts
	before := make([]int, len(starts))
	for i, s := range starts {
		k := sort.Search(len(tails), func(k int) bool { return starts[tails[k]].number >= s.number })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		switch {
		case k == len(tails):
			tails = append(tails, i)
		case s.number < starts[tails[k]].number:
			tails[k] = i
		}
	}
	if len(tails) == 0 {
		return nil
	}
	var out []paragraphStart
	for i := tails[len(tails)-1]; i >= 0; i = before[i] {
		out = append(out, starts[i])
	}
	slices.Reverse(out)
	return out
}

// headings returns where the headings begin that stand right before line to, in the text that begins at line from.
// A heading follows the end of a sentence or clause and has none itself.
func (s textSection) headings(from, to int) int {
	h := to
	for h > from+1 && !isTerminal(s.lines[h-1].plain) {
		h--
	}
	for h < to && !(h > 0 && isTerminal(s.lines[h-1].plain) && beginsHeading(s.lines[h].plain)) {
		h++
	}
	return h
}

// preamble returns the lines in [from, to) at which preambular paragraphs begin: those after the words
// that name who speaks, such as "The General Assembly," or "We, the Ministers …,".
func (s textSection) preamble(from, to int) []int {
	var out []int
	speaks, spoken := false, false
	for i := from; i < to; i++ {
		l := s.lines[i]
		if spoken && s.opens(i) {
			out = append(out, i)
		}
		speaks = !s.opens(i) && speaks || strings.HasPrefix(l.plain, "The ") || strings.HasPrefix(l.plain, "We, ")
		last := i+1 == to || s.opens(i+1)
		spoken = spoken || speaks && last && endsIn(l.plain, ",")
	}
	return out
}

// opens reports whether an unnumbered paragraph begins at line i.
func (s textSection) opens(i int) bool {
	l := s.lines[i]
	r, _ := utf8.DecodeRuneInString(l.plain)
	return i > 0 && unicode.IsUpper(r) && isTerminal(s.lines[i-1].plain) && (l.indented || l.blanks > 0 && !s.double)
}

// A letteredPart is a sub-paragraph.
type letteredPart struct {
	letter string
	lines  []textLine
}

// subParagraphs returns the sub-paragraphs (a), (b) … of a paragraph, each up to the next.
func subParagraphs(lines []textLine) []letteredPart {
	var out []letteredPart
	end := len(lines)
	var starts []int
	for i, l := range lines {
		label := letterLabel(l.plain)
		next := string(rune('a' + len(starts)))
		if label == next && next <= "z" && !(label == "i" && isNext(lines[i+1:], "ii")) {
			starts = append(starts, i)
		}
	}
	for k, from := range slices.Backward(starts) {
		out = append(out, letteredPart{string(rune('a' + k)), withoutLabel(lines[from:end], ")")})
		end = from
	}
	slices.Reverse(out)
	return out
}

// withoutLabel drops the number or letter, which ends in mark, from the first line.
func withoutLabel(lines []textLine, mark string) []textLine {
	out := slices.Clone(lines)
	_, text, _ := strings.Cut(out[0].text, mark)
	out[0].text = strings.TrimSpace(text)
	out[0].plain = withoutMarkdown(text)
	return out
}

// isNext reports whether the next lettered line carries that label.
func isNext(lines []textLine, label string) bool {
	for _, l := range lines {
		if s := letterLabel(l.plain); s != "" {
			return s == label
		}
	}
	return false
}

// letterLabel returns the letters of a line that begins with "(a) " or "(ii) ", else "".
func letterLabel(plain string) string {
	label, rest, ok := strings.Cut(plain, ")")
	label, paren := strings.CutPrefix(label, "(")
	r, _ := utf8.DecodeRuneInString(rest)
	if !ok || !paren || len(label) > 4 || !unicode.IsSpace(r) || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return label
}

// leadingNumber reads the number of "12. Requests …", at most three digits, a full stop and white space; else 0.
func leadingNumber(plain string) int {
	digits, rest, _ := strings.Cut(plain, ".")
	r, _ := utf8.DecodeRuneInString(rest)
	if !allDigits(digits) || len(digits) > 3 || !unicode.IsSpace(r) {
		return 0
	}
	n, _ := strconv.Atoi(digits)
	return n
}

func isNumbered(plain string) bool { return leadingNumber(plain) > 0 }

// footnote reads the number and text of "¹ See …" and, at the foot of a page, "1  See …"; else 0.
func footnote(trimmed string, foot bool) (n int, text string) {
	rest := strings.TrimLeft(trimmed, superscripts)
	raised := len(rest) < len(trimmed)
	if !raised && foot {
		rest = strings.TrimLeft(trimmed, "0123456789")
	}
	text = strings.TrimSpace(rest)
	digits := []rune(trimmed[:len(trimmed)-len(rest)])
	if len(digits) > 3 || text == "" || !raised && text == rest {
		return 0, ""
	}
	for i, r := range digits {
		if d := slices.Index([]rune(superscripts), r); d >= 0 {
			digits[i] = '0' + rune(d)
		}
	}
	n, _ = strconv.Atoi(string(digits))
	return n, text
}

// titleLine returns the index of the line with the resolution's number and title, which stands above all numbered
// paragraphs, else -1.
func titleLine(lines []string) int {
	for i, line := range lines {
		plain := withoutMarkdown(line)
		if isTitle(plain) {
			return i
		}
		if isNumbered(plain) {
			break
		}
	}
	return -1
}

// isTitle recognizes "80/173. Outcome …" and "57/270 B. Integrated …".
func isTitle(plain string) bool {
	number, rest, ok := strings.Cut(plain, ". ")
	number, part, lettered := strings.Cut(number, " ")
	session, n, slash := strings.Cut(number, "/")
	return ok && rest != "" && slash && allDigits(session) && allDigits(n) &&
		(!lettered || len(part) == 1 && part[0] >= 'A' && part[0] <= 'Z')
}

// annexLabel returns "annex" or "annex I" for a line that is nothing but the label of an annex, else "".
func annexLabel(l textLine) string {
	label, number, numbered := strings.Cut(l.plain, " ")
	if !strings.EqualFold(label, "annex") || label == "annex" ||
		numbered && (number == "" || strings.Trim(number, "IVX") != "") {
		return ""
	}
	return strings.TrimSpace("annex " + number)
}

// isClosing recognizes "68th plenary meeting".
func isClosing(l textLine) bool {
	return l.plain != "" && l.plain[0] >= '0' && l.plain[0] <= '9' && strings.HasSuffix(l.plain, " plenary meeting")
}

// beginsHeading reports whether a line begins as headings do: with a capital or, numbered, with a digit.
func beginsHeading(plain string) bool {
	r, _ := utf8.DecodeRuneInString(plain)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

// isTerminal reports whether a line ends a sentence or a clause, footnote marks aside.
func isTerminal(plain string) bool { return endsIn(plain, ".,;:") }

// endsIn reports whether a line ends in one of the marks, before any closing quotes and footnote marks.
func endsIn(line, marks string) bool {
	line = strings.TrimRight(line, " \t0123456789*_”’\"'"+superscripts)
	return line != "" && strings.ContainsRune(marks, rune(line[len(line)-1]))
}

// withoutMarkdown drops escapes, and the marks of headings and emphasis around a line.
func withoutMarkdown(line string) string {
	return strings.Trim(strings.ReplaceAll(line, `\`, ""), "*_# \t\r\f")
}

func joinLines(lines []textLine) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

// pageFurniture tells which lines belong to the page and not to its text: page numbers, page headers with the
// document's symbol, and the links that a PDF leaves behind.
func pageFurniture(lines []string) []bool {
	furniture := make([]bool, len(lines))
	var solid []int // the lines that are not blank
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			solid = append(solid, i)
		}
	}
	gap := func(k int) int { // lines from the solid line before the k-th to it
		if k == 0 {
			return len(lines) + 1
		}
		return solid[k] - solid[k-1]
	}
	for k, i := range solid {
		fields := strings.Fields(lines[i])
		first, last := fields[0], fields[len(fields)-1]
		atNumber := k > 0 && isPageNumber(lines[solid[k-1]]) || k+1 < len(solid) && isPageNumber(lines[solid[k+1]])
		switch {
		case isPageNumber(lines[i]), isDocumentLink(lines[i]), atNumber && isDocumentSymbol(first):
			furniture[i] = true
		case len(fields) > 1 && isDocumentSymbol(first) && strings.Contains(first, "/RES/"):
			furniture[i] = beginsHeading(fields[1]) && !isTerminal(lines[i])
		case atNumber && isDocumentSymbol(last):
			furniture[i] = true
			// The symbol stands at the end of a title that may begin on a line or two above, closer
			// to it than to the text before.
			for j := k - 1; j >= 0 && k-j <= 2; j-- {
				if gap(j) > gap(j+1) || furniture[solid[j-1]] {
					for ; j < k; j++ {
						furniture[solid[j]] = true
					}
					break
				}
			}
		}
	}
	return furniture
}

// isPageNumber recognizes "5", "5/15", "23-25902" and "5/15 23-25902".
func isPageNumber(line string) bool {
	fields := strings.Fields(line)
	if len(fields) == 1 && allDigits(fields[0]) {
		return len(fields[0]) <= 3
	}
	for _, f := range fields {
		page, pages, slash := strings.Cut(f, "/")
		year, job, hyphen := strings.Cut(f, "-")
		switch {
		case slash && allDigits(page) && allDigits(pages) && len(pages) <= 3 &&
			(len(page) < len(pages) || len(page) == len(pages) && page <= pages):
		case hyphen && allDigits(year) && allDigits(job) && len(year) == 2 && len(job) == 5:
		default:
			return false
		}
	}
	return len(fields) == 1 || len(fields) == 2
}

// isDocumentLink recognizes a line that is nothing but a link to a United Nations document.
func isDocumentLink(line string) bool {
	link := strings.TrimSpace(line)
	_, link, ok := strings.Cut(link, "://")
	return ok && !strings.ContainsAny(link, " \t") &&
		(strings.HasPrefix(link, "undocs.org/") || strings.HasPrefix(link, "docs.un.org/"))
}

// isDocumentSymbol recognizes a document symbol such as A/RES/78/132.
func isDocumentSymbol(word string) bool {
	return strings.Count(word, "/") >= 2 && word[0] >= 'A' && word[0] <= 'Z' && allDigits(word[len(word)-1:])
}

// isRule recognizes the line of underscores above the footnotes of a page.
func isRule(trimmed string) bool {
	rule := strings.ReplaceAll(trimmed, `\`, "")
	return len(rule) >= 3 && strings.Trim(rule, "_") == ""
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
