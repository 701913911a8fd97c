package app_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// FuzzSettings reads settings of any bytes: what is wrong with them has a place, and no getter panics.
func FuzzSettings(f *testing.F) {
	for _, text := range []string{"retries: 5", "a: {b: [1, 2], c: ~}", "share: 2%\nwait: 5s\nsize: 10MB", "- a",
		"a.b: 1\na:\n  b: 2",
		"a: &x [*x]", "\xff", "a: 1e999"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := app.ParseSettings(text, source.Place{File: "settings.yaml"})
		if err == nil {
			_ = s.Int("retries", 1)
			_ = s.Percent("share", 0.5)
			_ = s.Duration("wait", time.Second)
			_ = s.Size("size", 1)
			_ = s.Strings("a", nil)
			_ = s.Bool("flag", false)
			_ = s.Float("a.b", 1)
			err = s.Err()
		}
		if err != nil && !source.Known(err) {
			if _, several := err.(source.Errors); !several { //nolint:errorlint // Err returns it as it is
				t.Errorf("got %v, want a place", err)
			}
		}
	})
}
