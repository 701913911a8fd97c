package report

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ansi are the sequences by which programs colour what they log.
var ansi = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])`)

// directions turn the order of what is shown around, so that a text reads as another than it is (Trojan Source).
var directions = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x061c, Hi: 0x061c, Stride: 1},
	{Lo: 0x200e, Hi: 0x200f, Stride: 1}, {Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2066, Hi: 0x2069, Stride: 1}}}

// commands of CI begin a line: ::error:: on GitHub, ##[error] and ##vso[ on Azure, ##teamcity[.
var commands = regexp.MustCompile(`(?m)^([ \t]*)(::|##(?:\[|vso\[|teamcity\[))`)

// Harmless is a text for a console: what would be taken for a command, by the terminal or by CI, is dropped or shown
// with a mark before it.
func Harmless(text string) string { return commands.ReplaceAllString(clean(text), "$1| $2") }

// clean drops what neither a terminal nor an XML document should get: colour sequences, control characters, bytes that
// are not UTF-8. What stays is the character range of XML 1.0, section 2.2, without the carriage return.
func clean(text string) string {
	text = ansi.ReplaceAllString(text, "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r == utf8.RuneError, r == 0xfffe, r == 0xffff, unicode.Is(directions, r):
			return -1
		}
		return r
	}, text)
}

// indent puts the prefix before every line and ends with a line feed; empty lines get no trailing blanks.
func indent(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(Harmless(text), "\n") + "\n") {
		if line != "\n" {
			b.WriteString(prefix)
		}
		b.WriteString(line)
	}
	return b.String()
}

// firstLine is the first line that says something.
func firstLine(text string) string {
	for line := range strings.Lines(clean(text)) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

// took shows a duration with as many digits as a reader can use.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.2fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// shorten cuts a text to this many characters.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	runes := []rune(text)
	return string(runes[:max(width-1, 0)]) + "…"
}
