package plain

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
)

// The quick way to a number gives what encoding/json gives, or nothing.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{
		`{"amount": 5}`, ` { "a" : "x" , "amount" : -2.5 , "b" : null } `, `{"amount":1,"amount":2}`, `{"amount":01}`,
		`{"amount":1.}`, `{"amount":-}`,
		`{"amount":"1"}`, `{"amount":1e3}`, `{"a":{"amount":1},"amount":2}`, `{"amount":1} x`, `{"amount":1`, `{}`, ``, `[1]`,
		`{"amount":true,"b":tru}`, `{"a\"":1,"amount":2}`, `{"amount":1,}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, ok := Number(text, "amount")
		if !ok {
			return
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(text, &fields); err != nil {
			t.Fatalf("got %g of %q, which is no JSON: %v", value, text, err)
		}
		want, err := strconv.ParseFloat(string(fields["amount"]), 64)
		if err != nil || value != want {
			t.Fatalf("got %g of %q, want %g (%v)", value, text, want, err)
		}
	})
}

// What is called a plain object is valid JSON, and a word that it does not have is not in it.
func FuzzObject(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"user":2}`, `{"a":"user"}`, ` { "a" : "users" , "b" : -2.5 , "c" : null } `, `{"a":"\u0075ser"}`,
		`{"user":{}}`, `{}`, `{"a":1`, `{"a":1}x`, `{"a":01}`, `"user"`, `{"a":1e3}`, `{"a":tru}`, `{"a" 1}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		has, ok := Object(text, "user")
		if ok && !json.Valid(text) {
			t.Fatalf("got a plain object of %q, which is no JSON", text)
		}
		if ok && has != bytes.Contains(text, []byte(`"user"`)) {
			t.Fatalf("got user in %q: %t", text, has)
		}
	})
}

func TestPlainObjectsAreReadQuickly(t *testing.T) {
	for text, want := range map[string]bool{`{"a":1,"b":"x","c":null}`: true, `{"a":{}}`: false, `{"a":"\n"}`: false,
		`{"a":1e3}`: false} {
		if _, ok := Object([]byte(text), "user"); ok != want {
			t.Errorf("got %t for %s, want %t", ok, text, want)
		}
	}
}
