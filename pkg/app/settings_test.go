package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func settings(t *testing.T, text string) app.Settings {
	t.Helper()
	s, err := app.ParseSettings([]byte(text), source.Place{File: "shipping.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettingsGetters(t *testing.T) {
	s := settings(t, "\ufeff# a comment\r\ntext: hello\r\n"+`
quoted: "5"
empty: ""
records: 1_000_000
many: 10M
below: -3
ratio: 0.25
share: 2%
precise: "99.9 %"
wait: 250ms
buffer: 64KiB
limit: 10MB
bytes: 512
on: true
topics: [a, b]
topic: a
retry:
  attempts: 5
  backoff: {first: 10ms}
producer:
  linger.ms: 7
`)
	got := []any{
		s.String("text", "x"), s.String("quoted", "x"), s.String("empty", "x"), s.String("records", "x"),
		s.String("absent", "x"),
		s.Int("records", 0), s.Int("many", 0), s.Int("below", 0), s.Int("quoted", 0), s.Int("absent", 9),
		s.Float("ratio", 0), s.Float("below", 0), s.Float("absent", 1.5),
		s.Percent("share", 0), s.Percent("precise", 0), s.Percent("absent", 0.5),
		s.Duration("wait", 0), s.Duration("absent", time.Hour),
		s.Size("buffer", 0), s.Size("limit", 0), s.Size("bytes", 0), s.Size("absent", 3),
		s.Bool("on", false), s.Bool("absent", true),
		s.Strings("topics", nil), s.Strings("topic", nil), s.Strings("absent", []string{"d"}),
		s.Int("retry.attempts", 0), s.Duration("retry.backoff.first", 0), s.Int("producer.linger.ms", 0),
		s.Has("text"), s.Has("retry"), s.Has("absent"),
	}
	want := []any{
		"hello", "5", "", "1_000_000", "x",
		int64(1_000_000), int64(10_000_000), int64(-3), int64(5), int64(9),
		0.25, -3.0, 1.5,
		0.02, 0.9990000000000001, 0.5,
		250 * time.Millisecond, time.Hour,
		int64(64 << 10), int64(10_000_000), int64(512), int64(3),
		true, true,
		[]string{"a", "b"}, []string{"a"}, []string{"d"},
		int64(5), 10 * time.Millisecond, int64(7),
		true, true, false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if err := s.Err(); err != nil {
		t.Errorf("got %v, want no error: every key was asked for", err)
	}
}

func TestSettingsValuesThatDoNotParse(t *testing.T) {
	ask := map[string]func(app.Settings){
		"int":      func(s app.Settings) { s.Int("k", 1) },
		"float":    func(s app.Settings) { s.Float("k", 1) },
		"percent":  func(s app.Settings) { s.Percent("k", 1) },
		"duration": func(s app.Settings) { s.Duration("k", 1) },
		"size":     func(s app.Settings) { s.Size("k", 1) },
		"bool":     func(s app.Settings) { s.Bool("k", true) },
		"string":   func(s app.Settings) { s.String("k", "") },
		"strings":  func(s app.Settings) { s.Strings("k", nil) },
	}
	cases := []struct{ kind, value, want string }{
		{"int", "many", `shipping.yaml:2: k: got "many", want a whole number such as 5, 1_000_000 or 10M`},
		{"int", "1.5", `got "1.5", want a whole number`},
		{"int", "1__0", "want a whole number"},
		{"int", "_1", "want a whole number"},
		{"int", "0x10", "want a whole number"},
		{"int", "9223372036854775808", "want a whole number"},
		{"int", "9223372036854775807k", "want a whole number"},
		{"int", "", "got nothing, want a whole number"},
		{"int", "[1, 2]", "got a list, want a whole number"},
		{"int", "{a: 1}", "got a mapping, want a whole number"},
		{"int", "{}", "got a mapping, want a whole number"},
		{"float", ".nan", "want a number such as 0.05"},
		{"float", ".inf", "want a number"},
		{"float", "1e999", "want a number"},
		{"percent", "0.02", `got "0.02", want a percentage such as 2%`},
		{"percent", "-2%", "want a percentage"},
		{"duration", "250", `got "250", want a duration such as 250ms`},
		{"duration", "-5s", "want a duration"},
		{"duration", "5 seconds", "want a duration"},
		{"size", "64Kib", `got "64Kib", want a size such as 100B, 64KiB or 10MB`},
		{"size", "-1", "want a size"},
		{"size", "9999999999GB", "want a size"},
		{"bool", "yes", `got "yes", want true or false`},
		{"string", "", `got nothing, want text; write "" for an empty one`},
		{"string", "[a]", "got a list, want text"},
		{"strings", "[a, [b]]", "got a list in the list, want text"},
		{"strings", "[a, null]", "got nothing in the list, want text"},
	}
	for _, c := range cases {
		t.Run(c.kind+" "+c.value, func(t *testing.T) {
			s := settings(t, "# first line\nk: "+c.value+"\n")
			ask[c.kind](s)
			err := s.Err()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to contain %q", err, c.want)
			}
		})
	}
}

func TestSettingsNobodyAskedFor(t *testing.T) {
	s := settings(t, "attempts: 5\nretry:\n  bakcoff: 5ms\nunrelated_thing: 1\nnothing: {}\n")
	s.Int("attempts", 0)
	s.Duration("retry.backoff", 0)
	want := strings.Join([]string{
		`shipping.yaml:3: got unknown setting "retry.bakcoff"; did you mean "retry.backoff"?`,
		`shipping.yaml:4: got unknown setting "unrelated_thing"; known are attempts, retry.backoff`,
		`shipping.yaml:5: got unknown setting "nothing"; known are attempts, retry.backoff`,
	}, "\n")
	err := s.Err()
	if err == nil {
		t.Fatal("got no error, want one for each unknown key")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if err := settings(t, "a: 1").Err(); err == nil || !strings.Contains(err.Error(), "has no settings") {
		t.Errorf("got %v, want an error that says there are no settings", err)
	}
}

func TestSettingsFirstBadValueIsReportedInTheOrderOfTheFile(t *testing.T) {
	s := settings(t, "a: x\nb: y\nc: 1\n")
	s.Int("b", 0)
	s.Int("a", 0)
	if err := s.Err(); err == nil || !strings.HasPrefix(err.Error(), "shipping.yaml:1: a:") {
		t.Errorf("got %v, want the error of line 1", err)
	}
}

func TestParseSettingsErrors(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"duplicate", "a: 1\nb: 2\na: " +
			"3\n", `shipping.yaml:3: got key "a" a second time (first on line 1), want it once; remove one`},
		{"duplicate nested", "a:\n  b: 1\na.b: 2\n", `shipping.yaml:3: got key "a.b" a second time (first on line 2)`},
		{"duplicate mapping", "a:\n  b: 1\na:\n  c: 1\n", `shipping.yaml:3: got key "a" a second time`},
		{"list", "- a\n- b\n", "shipping.yaml:1: got a list, want settings as a YAML mapping"},
		{"scalar", "just text", `shipping.yaml:1: got "just text", want settings as a YAML mapping`},
		{"tab", "a:\n\tb: 1\n", "shipping.yaml:2: got a tab, want spaces"},
		{"indentation", "a: 1\n b: 2\n", "shipping.yaml:2: mapping values are not allowed in this context; correct"},
		{"unclosed", "a: [1,\n", "shipping.yaml:"},
		{"two documents", "a: 1\n---\nb: 1\n", "shipping.yaml:2: got a second YAML document"},
		{"alias", "a: &x 1\nb: *x\n", "shipping.yaml:1: got an anchor, such as &name"},
		{"recursive alias", "a: &x\n  b: *x\n", "shipping.yaml:1: got an anchor, such as &name"},
		{"merge", "a: &x {c: 1}\nb:\n  <<: *x\n", "shipping.yaml:1: got an anchor, such as &name"},
		{"key is a list", "[a]: 1\n", "shipping.yaml:1: got a list as a key"},
		{"no UTF-8", "a: 1\nb: \xff\n", "shipping.yaml:2: got bytes that are not UTF-8"},
		{"control character", "a: 1\n\nb: \x00\n", "shipping.yaml:3: got a control character"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := app.ParseSettings([]byte(c.text), source.Place{File: "shipping.yaml"})
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want an error that starts with %q", err, c.want)
			}
		})
	}
}

func TestSettingsWithoutKeys(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "---\n", "{}", "null", "\ufeff"} {
		s := settings(t, text)
		if got := s.Int("a", 4); got != 4 || s.Err() != nil {
			t.Errorf("%q: got %d and %v, want the default and no error", text, got, s.Err())
		}
	}
	var zero app.Settings
	if zero.Int("a", 4) != 4 || zero.Has("a") || zero.YAML() != nil || zero.Err() != nil {
		t.Error("got a zero Settings that has something, want defaults only")
	}
}

func TestParseSettingsNeverPanics(t *testing.T) {
	alphabet := []string{"a", "b", ":", " ", "\n", "-", "[", "]", "{", "}", "&x", "*x", "'", `"`, "#", "\t", "|", ">", "?",
		"!", "%", "1", "<<", "---", "\r", "\ufeff"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "text"), "")
		s, err := app.ParseSettings([]byte(text), source.Place{File: "f"})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("got %v, want an error that names the file", err)
			}
			return
		}
		s.Int("a", 0)
		s.Strings("b", nil)
		_ = s.Err()
	})
}

func TestSettingsAreReadIntoAStruct(t *testing.T) {
	type all struct {
		Name, Kept string        `setting:"name=orders"`
		Topics     []string      `setting:"topics=a"`
		On         bool          `setting:"on=true"`
		Wait       time.Duration `setting:"wait=10ms"`
		Ratio      float64       `setting:"ratio=0.5"`
		Share      float64       `setting:"share=2%"`
		Records    int64         `setting:"records=10_000"`
		Batch      int           `setting:"batch=1KiB"`
		Other      string
	}
	usual := all{"orders", "orders", []string{"a"}, true, 10 * time.Millisecond, 0.5, 0.02, 10_000, 1024, "left"}
	for _, c := range []struct {
		name, text string
		want       all
	}{
		{"defaults", "", usual},
		{"set", `{name: "", topics: [b, c], on: false, wait: 2s, ratio: 3, share: 50%, records: 7, batch: 3B}`,
			all{"", "", []string{"b", "c"}, false, 2 * time.Second, 3, 0.5, 7, 3, "left"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, got := settings(t, c.text), all{Other: "left"}
			s.Read(&got)
			if diff := cmp.Diff(c.want, got); diff != "" || s.Err() != nil {
				t.Errorf("got %v and a difference (-want +got):\n%s", s.Err(), diff)
			}
		})
	}
	for text, want := range map[string]string{
		"wait: soon": "shipping.yaml:1: wait: got \"soon\", want a duration", "wat: 5s": `did you mean "wait"?`,
		"share: 5": "want a percentage", "batch: 5 apples": "want a size",
	} {
		s := settings(t, text)
		s.Read(&all{})
		if err := s.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v from %q, want an error with %q", err, text, want)
		}
	}
}

func TestAWrongTagPanics(t *testing.T) {
	for name, into := range map[string]any{
		"default": &struct {
			Wait time.Duration `setting:"wait=soon"`
		}{},
		"type": &struct {
			Wait int8 `setting:"wait=1"`
		}{},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got := recover(); got == nil || !strings.Contains(got.(string), "wait") {
					t.Errorf("got %v, want a panic that names the setting", got)
				}
			}()
			app.Settings{}.Read(into)
		})
	}
}
