package journal

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// binary marks a JSON string that holds base64, because JSON strings cannot
// hold bytes that are not UTF-8. A text that begins with it is marked as well.
const binary = "base64:"

// text is a string of any bytes that survives JSON. Record keys, and log lines
// of broken applications, need not be UTF-8. It is a struct because JSON takes
// the names of objects from string kinds without asking MarshalText.
type text struct{ string }

// MarshalText makes it usable as a value and as a name of a JSON object.
func (t text) MarshalText() ([]byte, error) {
	if utf8.ValidString(t.string) && !strings.HasPrefix(t.string, binary) {
		return []byte(t.string), nil
	}
	return []byte(binary + base64.StdEncoding.EncodeToString([]byte(t.string))), nil
}

// UnmarshalText undoes MarshalText.
func (t *text) UnmarshalText(b []byte) error {
	code, marked := strings.CutPrefix(string(b), binary)
	if !marked {
		t.string = string(b)
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		return fmt.Errorf("got %q, want base64 after %q: %w", b, binary, err)
	}
	t.string = string(raw)
	return nil
}
