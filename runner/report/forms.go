package report

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// How many bytes of a form in a row give something away: what stands for six bytes of the secret, or for a little less.
const (
	plainWindow  = 6
	base64Window = 7
	hexWindow    = 12
)

// form is a text in which a secret, or a line of it, can stand in an output.
type form struct {
	text   string
	window int
}

// formsOf are the forms of a secret: as it is, as a string of Go, JSON, HTML or a URL holds it, and within what was
// encoded as base64 (such as user:password) or in hexadecimal. Each line of several counts for itself.
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
		add(plainWindow, line, unquoted(strconv.Quote(line)), html.EscapeString(line))
		add(plainWindow, jsonForms(line)...)
		for _, escaped := range []string{url.QueryEscape(line), url.PathEscape(line), url.User(line).String()} {
			add(plainWindow, escaped, lowerEscapes(escaped))
		}
		if len(line) >= plainWindow {
			code := hex.EncodeToString([]byte(line))
			add(hexWindow, code, strings.ToUpper(code))
		}
	}
	return forms
}

func unquoted(text string) string { return text[1 : len(text)-1] }

// jsonForms are what encoders of JSON write, with and without caring for HTML.
func jsonForms(text string) []string {
	var plain strings.Builder
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	careful, err := json.Marshal(text)
	if err != nil || encoder.Encode(text) != nil {
		return nil // a text can be encoded
	}
	return []string{unquoted(string(careful)), unquoted(strings.TrimSpace(plain.String()))}
}

var urlEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(text string) string { return urlEscape.ReplaceAllStringFunc(text, strings.ToLower) }

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
