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
	"strconv"
	"strings"
	"testing"

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
}

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
	text := strings.Repeat(`{"kind":"log-line","text":"processed orders-3@17 in 4ms"}`+"\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d.Text(text)
	}
}
