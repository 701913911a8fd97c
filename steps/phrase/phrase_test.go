package phrase

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// compile knows the basic parameter types and two roles.
func compile(text string) (*Phrase, error) {
	params := Basic()
	params.Add(Named("topic", "topic"))
	params.Add(Named("app", "application"))
	return params.Compile(text)
}

func TestReadValues(t *testing.T) {
	tests := []struct {
		phrase, text string
		want         []any
	}{
		{"topic {topic} with {int} partition(s)", `topic "orders" with 3 partitions`, []any{"orders", int64(3)}},
		{"topic {topic} with {int} partition(s)", `topic "orders" with 1 partition`, []any{"orders", int64(1)}},
		{"application {app} is started/stopped", `application "a b" is stopped`, []any{"a b"}},
		{"the record {string} is sent to {topic}", `the record "{\"a\": 1}" is sent to "x"`, []any{`{"a": 1}`, "x"}},
		{"a line {string}", `a line "one\ntwo"`, []any{"one\ntwo"}},
		{"it moves(, with all that it has,) to {topic}", `it moves to "x"`, []any{"x"}},
		{"{count} things", "10M things", []any{int64(10_000_000)}},
		{"{count} things", "1_000 things", []any{int64(1000)}},
		{"{count} things", "1.5k things", []any{int64(1500)}},
		{"wait {duration}", "wait 1m30s", []any{90 * time.Second}},
		{"at least {rate}", "at least 200k records/s", []any{200_000.0}},
		{"size {size}", "size 64KiB", []any{int64(65536)}},
		{"size {size}", "size 10MB", []any{int64(10_000_000)}},
		{"share {percent}", "share 2.5%", []any{0.025}},
		{`either\/or \(really\)`, "either/or (really)", []any{}},
		{"an {int}-fold increase", "an 8-fold increase", []any{int64(8)}},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			p, err := compile(test.phrase)
			if err != nil {
				t.Fatal(err)
			}
			values, err := p.Read(test.text)
			if err != nil {
				t.Fatal(err)
			}
			got := []any{}
			for _, v := range values {
				got = append(got, v.Value)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("values differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPhraseIsAnchored(t *testing.T) {
	p, err := compile("{topic} is empty")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`"orders" is empty now`, `why "orders" is empty`, `orders is empty`} {
		if p.Matches(text) {
			t.Errorf("%q matches %q, want only the whole text to", p, text)
		}
	}
}

// A slip in a value must be reported as such, with the accepted forms, and not as an unknown step.
func TestReadNamesBadValue(t *testing.T) {
	tests := []struct{ phrase, text, want string }{
		{"wait {duration}", "wait 5x", `got "5x", want a duration such as`},
		{"wait {duration}", "wait -5s", `got "-5s", want a duration such as`},
		{"{count} things", "10Q things", `got "10Q", want a count such as`},
		{"{count} things", "1.5 things", `got "1.5", want a count such as`},
		{"at least {rate}", "at least 200k records/min", `got "200k records/min", want a rate such as`},
		{"at least {rate}", "at least 200k", `got "200k", want a rate such as`},
		{"share {percent}", "share 5", `got "5", want a percentage such as`},
		{"size {size}", "size 5Xi", `got "5Xi", want a size such as`},
		{"with {int} partitions", "with 1.5 partitions", `got "1.5", want a whole number such as`},
		{"{topic} is empty", `"" is empty`, `got an empty topic name`},
	}
	for _, test := range tests {
		p, err := compile(test.phrase)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Matches(test.text) {
			t.Errorf("%q does not match %q, want it to, so that the value is what is reported", test.phrase, test.text)
			continue
		}
		if _, err := p.Read(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got error %v, want one with %q", test.text, err, test.want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for phrase, want := range map[string]string{
		"":             "is empty",
		"a {thing}":    "unknown parameter type {thing}",
		"a {itn}":      "unknown parameter type {itn}; did you mean {int}? known are ",
		"a {int":       "is not closed",
		"a (b":         "is not closed",
		"a () b":       "holds nothing",
		"either/ or":   "an alternative is empty",
		`a backslash\`: "escapes nothing",
	} {
		if _, err := compile(phrase); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", phrase, err, want)
		}
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add("topic {topic} with {int} partition(s)", `topic "orders" with 3 partitions`)
	f.Add("a/b (c) {rate}", "a c 5 records/s")
	f.Fuzz(func(t *testing.T, phrase, text string) {
		p, err := compile(phrase)
		if err != nil {
			return
		}
		if values, err := p.Read(text); err == nil && len(values) != len(p.Params()) {
			t.Errorf("got %d values, want %d", len(values), len(p.Params()))
		}
	})
}
