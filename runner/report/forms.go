package report

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// How many bytes of a form in a row give something away: what stands for six bytes of the secret, or for a little less.
const (
	plainWindow  = 6
	base64Window = 7
	hexWindow    = 12
	apartWindow  = 17 // hexadecimal with a sign between two bytes
)

// form is a text in which a secret, or a line of it, can stand in an output.
type form struct {
	text   string
	window int
}

// formsOf are the forms of a secret: as it is, and within what was encoded as base64 (such as user:password) or in
// hexadecimal. Each line of several counts for itself. What strings of programs, JSON, HTML or URLs make of it is
// undone in the text: see readings.
func formsOf(secret string) []form {
	var forms []form
	add := func(window int, texts ...string) {
		for _, text := range texts {
			forms = append(forms, form{text, window})
		}
	}
	add(base64Window, withinBase64(secret)...)
	for line := range strings.Lines(secret) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "-----") { // of a PEM file
			continue
		}
		if strings.TrimRight(secret, "\n") != secret || strings.Contains(secret, "\n") {
			if len(line) < plainWindow {
				continue
			}
		} else {
			line = secret // blanks at its ends belong to it
		}
		add(plainWindow, line, strings.ReplaceAll(line, " ", "+"))
		if len(line) >= plainWindow {
			code := fmt.Sprintf("%x", line)
			add(hexWindow, code, strings.ToUpper(code))
			for _, apart := range []string{" ", ":"} {
				code = strings.ReplaceAll(fmt.Sprintf("% x", line), " ", apart)
				add(apartWindow, code, strings.ToUpper(code))
			}
		}
	}
	return forms
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
