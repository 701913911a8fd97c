package phrase

import (
	"fmt"
	"strings"
	"testing"
)

// withParts knows {number}, and {happening}, which has a {number} inside.
func withParts(t *testing.T) Params {
	t.Helper()
	params := Basic()
	number, err := PartOf[int64](params, "number", "a number",
		Words{"exactly {count}", func(n int64) (int64, error) {
			if n > 100 {
				return 0, fmt.Errorf("got %d, want at most 100", n)
			}
			return n, nil
		}}, Words{"no", func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	params.Add(number)
	happening, err := PartOf[string](params, "happening", "what happens",
		Words{"says {string} {number} time(s)", func(text string, n int64) string { return fmt.Sprintf("%s×%d", text, n) }},
		Words{"ends", func() string { return "end" }})
	if err != nil {
		t.Fatal(err)
	}
	params.Add(happening)
	return params
}

func TestPartsAreRead(t *testing.T) {
	p, err := withParts(t).Compile("{string} {happening}")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct{ value, expanded string }{
		`"a" says "b" exactly 2 times`: {"b×2", "{string} says {string} exactly {count} time(s)"},
		`"a" says "b" no times`:        {"b×0", "{string} says {string} no time(s)"},
		`"a" ends`:                     {"end", "{string} ends"},
	} {
		values, err := p.Read(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		expanded, leaves := p.Expanded(values)
		if values[1].Value != want.value || expanded != want.expanded || len(leaves) != strings.Count(expanded, "{") {
			t.Errorf("%s: got %v, %q with %d values, want %v", text, values[1].Value, expanded, len(leaves), want)
		}
	}
	if _, err := p.Read(`"a" says "b" exactly 101 times`); err == nil || err.Error() != "got 101, want at most 100" {
		t.Errorf("got %v, want the maker's error", err)
	}
	if _, err := p.Read(`"a" says "b" exactly 1.5 times`); err == nil || !strings.Contains(err.Error(), `got "1.5"`) {
		t.Errorf("got %v, want the bad value", err)
	}
	if p.Matches(`"a" says "b" twice`) {
		t.Error("got a match of words that no form has")
	}
}

// What stands inside of a part can be replaced, and the part is made anew.
func TestPartsAreMadeAnew(t *testing.T) {
	p, err := withParts(t).Compile("{happening}")
	if err != nil {
		t.Fatal(err)
	}
	values, err := p.Read(`says "b" exactly 2 times`)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := values[0].Replaced("string", func(text string) (string, error) { return text + "!", nil })
	if err != nil || changed.Value != "b!×2" || values[0].Value != "b×2" {
		t.Errorf("got %v (%v), want b!×2, and the first as it was: %v", changed.Value, err, values[0].Value)
	}
}

func TestVariants(t *testing.T) {
	p, err := withParts(t).Compile("{string} {happening} or {number}")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, values := range p.Variants() {
		text, _ := p.Expanded(values)
		seen[text] = true
	}
	if len(seen) != 6 || !seen["{string} says {string} no time(s) or exactly {count}"] || !seen["{string} ends or no"] {
		t.Errorf("got %v, want 6 variants", seen)
	}
}

func TestPartsRefuseMakersThatDoNotFit(t *testing.T) {
	for want, words := range map[string]Words{
		"unknown parameter type": {"{thing}", func() int64 { return 1 }},
		"want func(int64) int64": {"{count}", func(string) int64 { return 1 }},
		"want func() int64":      {"one", func() string { return "" }},
		"kind int, want a func":  {"one", 1},
	} {
		if _, err := PartOf[int64](Basic(), "number", "", words); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want it to say %q", words.Text, err, want)
		}
	}
}
