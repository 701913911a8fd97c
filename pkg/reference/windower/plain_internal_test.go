package windower

import (
	"encoding/json"
	"strconv"
	"testing"
)

// The quick way to a number gives what encoding/json gives, or nothing.
func FuzzPlainNumber(f *testing.F) {
	for _, text := range []string{
		`{"amount": 5}`, ` { "a" : "x" , "amount" : -2.5 , "b" : null } `, `{"amount":1,"amount":2}`, `{"amount":01}`, `{"amount":1.}`, `{"amount":-}`,
		`{"amount":"1"}`, `{"amount":1e3}`, `{"a":{"amount":1},"amount":2}`, `{"amount":1} x`, `{"amount":1`, `{}`, ``, `[1]`, `{"amount":true,"b":tru}`, `{"a\"":1,"amount":2}`, `{"amount":1,}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, ok := plainNumber(text, "amount")
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
