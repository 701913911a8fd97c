package report

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func hiding(secrets ...string) *Redactor {
	d := &Redactor{}
	d.Hide(secrets...)
	return d
}

// written are the ways in which an output may hold a text.
var written = map[string]func(string) string{
	"plain": func(s string) string { return s },
	"Go":    func(s string) string { return unquoted(strconv.Quote(s)) },
	"JSON": func(s string) string {
		b, _ := json.Marshal(s)
		return string(b[1 : len(b)-1])
	},
	"HTML":  html.EscapeString,
	"query": url.QueryEscape,
	"path":  url.PathEscape,
	"lower": func(s string) string { return lowerEscapes(url.QueryEscape(s)) },
	"hex":   func(s string) string { return fmt.Sprintf("%x", s) },
	"dump":  func(s string) string { return strings.ToUpper(fmt.Sprintf("% x", s)) },

	"colours":    func(s string) string { return eachRune(s, func(r rune) string { return string(r) + "\x1b[0;31m" }) },
	"UTF-16":     func(s string) string { return eachRune(s, func(r rune) string { return string(r) + "\x00" }) },
	"Go bytes":   func(s string) string { return fmt.Sprint([]byte(s)) },
	"Go syntax":  func(s string) string { return fmt.Sprintf("%#v", []byte(s)) },
	"JSON bytes": func(s string) string { return strings.ReplaceAll(fmt.Sprint([]byte(s)), " ", ",") },
	"Java bytes": javaBytes,
	"xxd":        pairs,

	"every byte":    func(s string) string { return "%" + strings.ReplaceAll(fmt.Sprintf("% x", s), " ", "%") },
	"bytes":         func(s string) string { return `\x` + strings.ReplaceAll(fmt.Sprintf("% x", s), " ", `\x`) },
	"URL in a URL":  func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"JSON in JSON":  func(s string) string { return unquoted(strconv.Quote(strconv.Quote(s))) },
	"XML":           strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace,
	"entities":      func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) }) },
	"ASCII JSON":    func(s string) string { return eachRune(s, asciiJSON) },
	"query of JSON": func(s string) string { return url.QueryEscape(unquoted(strconv.Quote(s))) },
}

func javaBytes(s string) string {
	var all []string
	for _, b := range []byte(s) {
		all = append(all, strconv.Itoa(int(int8(b))))
	}
	return strings.Join(all, ", ")
}

func eachRune(s string, write func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(write(r))
	}
	return b.String()
}

// asciiJSON is how Python and Java write JSON and properties.
func asciiJSON(r rune) string {
	switch first, second := utf16.EncodeRune(r); {
	case r == '"', r == '\\':
		return `\` + string(r)
	case r < utf8.RuneSelf:
		return string(r)
	case first == utf8.RuneError:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\u%04x\u%04x`, first, second)
	}
}

func unquoted(text string) string { return text[1 : len(text)-1] }

var urlEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(text string) string { return urlEscape.ReplaceAllStringFunc(text, strings.ToLower) }

var letters = []rune(`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !"#$%&'()*+,-./:;<=>?@[\]^_{|}~äß€🚀`)

// TestRedactHidesEveryPiece cuts secrets at any place and writes what is left in any way.
func TestRedactHidesEveryPiece(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringOfN(rapid.SampledFrom(letters), 6, 60, -1).Filter(func(s string) bool {
			return strings.TrimSpace(s) != ""
		}).Draw(t, "secret")
		characters := []rune(secret)
		from := rapid.IntRange(0, len(characters)-6).Draw(t, "from")
		to := rapid.IntRange(from+6, len(characters)).Draw(t, "to")
		d := hiding("another", secret)
		for name, write := range written {
			got := d.Text("«" + write(string(characters[from:to])) + "»")
			for i := from; i+6 <= to; i++ {
				if piece := write(string(characters[i : i+6])); strings.Contains(got, piece) {
					t.Errorf("%s: got %q, which shows %q", name, got, piece)
				}
			}
			if !strings.HasPrefix(got, "«") || !strings.HasSuffix(got, "»") {
				t.Errorf("%s: got %q, want what stands around the secret kept", name, got)
			}
		}
	})
}

// TestRedactHidesBase64 decodes what is left of a secret that was encoded together with other things.
func TestRedactHidesBase64(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringOfN(rapid.SampledFrom(letters), 6, 60, -1).Draw(t, "secret")
		before := rapid.StringN(0, 9, -1).Draw(t, "before")
		after := rapid.StringN(0, 9, -1).Draw(t, "after")
		d := hiding(secret)
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString([]byte(before + secret + after))
			got := d.Text("Basic " + encoded)
			for i := 0; i+8 <= len(got); i++ {
				piece, err := encoding.DecodeString(got[i : i+8])
				if err == nil && strings.Contains(secret, string(piece)) {
					t.Errorf("got %q of %q, which shows %q", got, encoded, piece)
				}
			}
		}
	})
}

func TestRedactHidesTheLinesOfAKey(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\nab==\n-----END PRIVATE KEY-----\n"
	got := hiding(key).Text("app: -----BEGIN PRIVATE KEY-----\n  app: MIIEvQIBADANBgkq\n  hkiG9w0B…\n" +
		strconv.Quote(key))
	for _, piece := range []string{"MIIEvQ", "DANBgk", "hkiG9w", "FAASC"} {
		if strings.Contains(got, piece) {
			t.Errorf("got %q, which shows %q", got, piece)
		}
	}
	if !strings.Contains(got, "PRIVATE KEY") {
		t.Errorf("got %q, want what is no secret kept", got)
	}
}

// What a console leaves out must not keep a secret from being known, and what is no list of characters stays.
func TestRedactSeesWhatAConsoleShows(t *testing.T) {
	const key = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----`
	d := hiding("Zq7wXy3PLm9V", key)
	for text, want := range map[string]string{
		"at \x1b[1mZq7\x1b[0mwXy3PLm9V end":                "at \x1b[1m*** end",
		"at Z\x00q\x007\x00w\x00X\x00y\x003\x00 end":       "at *** end",
		"at Zq7w\u00adXy3PLm9V end":                        "at *** end",
		"Zq7wXy\r3PLm9V":                                   "***",
		`["Z","q","7","w","X","y","3"] end`:                `[***] end`,
		"[Z, q, 7, w, X, y, 3, P] end":                     "[***] end",
		"[Z, q, 7, w, X, 9, 9] end":                        "[Z, q, 7, w, X, 9, 9] end",
		"a b c Z q 7 w X y 3 end":                          "a b c ***end",
		"partitions 0, 1, 2, 3, 4, 5, 6 of 7":              "partitions 0, 1, 2, 3, 4, 5, 6 of 7",
		"auths: ZFhObGNqcGFjVGQzV0hrelVFeHRPVlk9 end":      "auths: ZFhObGNqcG***lk9 end",
		"MIIEvQIBADANBgkqhkiG9w0B":                         "***",
		"--BEGIN PRIVATE KEY-- IEvQIB, DANBgkqh, w0B, w0B": "--BEGIN PRIVATE KEY-- ***, ***, w0B, w0B",
	} {
		if got := d.Text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestRedactKeepsWords hides values as a whole, and what is left of them where they were cut.
func TestRedactKeepsWords(t *testing.T) {
	d := &Redactor{}
	d.HideWhole("http://orders.example.org/api")
	for text, want := range map[string]string{
		"http://other.example.org/":                   "http://other.example.org/",
		"at http://orders.example.org/api/v1":         "at ***/v1",
		`key "http://orders.exam"…`:                   `key "***"…`,
		"key …example.org/api":                        "key …***",
		"http%3A%2F%2Forders.example.org%2Fapi again": "*** again",
	} {
		if got := d.Text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestRedactKeepsJSON cuts within what JSON writes with a backslash.
func TestRedactKeepsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tricky := rapid.StringOfN(rapid.SampledFrom([]rune("ab\"\\\n<u0é")), 6, 30, -1)
		secret := tricky.Draw(t, "secret")
		from := rapid.IntRange(0, len(secret)-1).Draw(t, "from")
		text, err := json.Marshal(tricky.Draw(t, "before") + secret[from:] + tricky.Draw(t, "after"))
		if err != nil {
			t.Fatal(err)
		}
		if got := hiding(secret).JSON(string(text)); !json.Valid([]byte(got)) {
			t.Errorf("got %s of %s, want JSON", got, text)
		}
	})
}

// TestRedactShort hides what is too short for parts, and not within a word, which would tell what it is.
func TestRedactShort(t *testing.T) {
	d := hiding("b", `a"c`, "four")
	for text, want := range map[string]string{
		"postgres://a:b@host/db on embedded":   "postgres://a:***@host/db on embedded",
		`password "a\"c" and a%22c and b&b`:    `password "***" and *** and ***&***`,
		"fourteen, and c2hvcnQ= Zm91cg== Yg==": "***teen, and c2hvcnQ= *** ***",
	} {
		if got := d.Text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestRedactErrors(t *testing.T) {
	d := hiding("s3cret-pass")
	err := d.Error(errors.Join(fmt.Errorf("login: s3cret-pass: %w", io.EOF), errors.New("other")))
	if got, want := err.Error(), "login: ***: EOF\nother"; got != want || !errors.Is(err, io.EOF) {
		t.Errorf("got %q, want %q and its cause", got, want)
	}
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // the join itself
	if !ok || joined.Unwrap()[0].Error() != "login: ***: EOF" {
		t.Errorf("got %#v, want the parts without the secret", err)
	}
	var text bytes.Buffer
	if _, err := fmt.Fprintf(d.Writer(&text), "as %s\n", "s3cret-pass"); err != nil || text.String() != "as ***\n" {
		t.Errorf("got %q (%v)", text.String(), err)
	}
}

// TestRedactKeepsStatuses has a secret with the name of a status in it: results must still be told apart.
func TestRedactKeepsStatuses(t *testing.T) {
	got := redacted(hiding("passed-by-all"), Scenario{Status: Passed, Name: "has passed"})
	if got.Status != Passed || got.Name != "has ***" {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkRedact(b *testing.B) {
	d := hiding("s3cret-pass-of-somebody", strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n", 30))
	for name, line := range map[string]string{"plain": `{"kind":"log-line","text":"processed orders-3@17 in 4ms"}`,
		"escaped": `{"kind":"log-line","text":"{\"at\":\"GET /orders?user=a%20b&amp;page=4\",\"took\":\"4ms\"}"}`} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(line+"\n", 1000)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				d.Text(text)
			}
		})
	}
}
