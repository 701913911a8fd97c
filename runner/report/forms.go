package report

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// How many bytes of a form in a row give something away: what stands for six bytes of the secret, or for a little less.
const (
	plainWindow  = 6
	base64Window = 7
	twiceWindow  = 10 // base64 of base64, as in a Secret of Kubernetes that holds a login
	hexWindow    = 12
	pairsWindow  = 14 // hexadecimal with a blank behind two bytes
	apartWindow  = 17 // hexadecimal with a sign between two bytes
)

// form is a text in which a secret, or a line of it, can stand in an output.
type form struct {
	text   string
	window int
}

// armour are the lines around a key in PEM, which are no secret.
var armour = regexp.MustCompile(`-----(?:BEGIN|END) [A-Z0-9 ]+-----`)

// formsOf are the forms of a secret: as it is, and within what was encoded as base64 (such as user:password), once or
// twice, or in hexadecimal. Each line of several counts for itself, and all of them without the breaks, which another
// program may have put elsewhere. What strings of programs, JSON, HTML or URLs make of it is undone in the text: see
// readings.
func formsOf(secret string) []form {
	var forms []form
	add := func(window int, texts ...string) {
		for _, text := range texts {
			forms = append(forms, form{text, window})
		}
	}
	within := withinBase64(secret)
	add(base64Window, within...)
	if len(secret) >= plainWindow {
		for _, text := range within {
			add(twiceWindow, withinBase64(text)...)
		}
	}
	lines := linesOf(secret)
	for _, line := range lines {
		if len(lines) > 1 && len(line) < plainWindow {
			continue
		}
		add(plainWindow, line, strings.ReplaceAll(line, " ", "+"))
		if len(line) >= plainWindow {
			code := fmt.Sprintf("%x", line)
			add(hexWindow, code, strings.ToUpper(code))
			for _, apart := range []string{" ", ":"} {
				code = strings.ReplaceAll(fmt.Sprintf("% x", line), " ", apart)
				add(apartWindow, code, strings.ToUpper(code))
			}
			add(pairsWindow, pairs(line), pairs(line[1:]))
		}
	}
	if len(lines) > 1 {
		add(plainWindow, strings.Join(lines, ""))
	}
	return forms
}

// linesOf are the lines of a secret. The breaks of a key in PEM may be written as \n.
func linesOf(secret string) []string {
	whole := armour.ReplaceAllLiteralString(secret, "\n")
	if whole != secret {
		whole = strings.NewReplacer(`\r`, "\n", `\n`, "\n").Replace(whole)
	}
	if strings.TrimRight(whole, "\n") == whole && !strings.Contains(whole, "\n") {
		return []string{whole} // blanks at its ends belong to it
	}
	var lines []string
	for line := range strings.Lines(whole) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// pairs is hexadecimal as xxd shows it.
func pairs(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i += 2 {
		fmt.Fprintf(&b, " %x", text[i:min(i+2, len(text))])
	}
	return b.String()[1:]
}

// withinBase64 are the characters of base64 that the secret alone decides, wherever it begins in what was encoded.
func withinBase64(secret string) []string {
	var texts []string
	if len(secret) < plainWindow {
		return []string{base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.RawURLEncoding.EncodeToString([]byte(secret))}
	}
	for before := range 3 {
		bytes := append(make([]byte, before), secret...)
		first, last := (before*8+5)/6, len(bytes)*8/6
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			texts = append(texts, encoding.EncodeToString(bytes)[first:last])
		}
	}
	return texts
}
