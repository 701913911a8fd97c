package world

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestAnswersAfterTheDeadline takes what a database says for true only where it says it in time.
func TestAnswersAfterTheDeadline(t *testing.T) {
	t.Parallel()
	none := errors.New("got no row")
	for name, c := range map[string]struct {
		takes []time.Duration // of one look after the other; the last one for all others
		holds int             // from which look on
		want  string          // in the error; empty: none
		most  time.Duration
	}{
		"in no time":     {[]time.Duration{0}, 0, "", 0},
		"in time":        {[]time.Duration{time.Second}, 0, "", time.Second},
		"in time, later": {[]time.Duration{500 * time.Millisecond}, 2, "", 2 * time.Second},
		"too late": {[]time.Duration{3100 * time.Millisecond}, 0,
			"not within 2s: it held, but the database answered after 3.1s", 4 * time.Second},
		"too late, and wrong": {[]time.Duration{3100 * time.Millisecond}, 9,
			"not within 2s: got no row; the database answered after 3.1s", 4 * time.Second},
		"wrong, then too late": {[]time.Duration{time.Second, 3 * time.Second}, 1,
			"not within 2s: got no row; then it held, but the database answered after 4.", 5 * time.Second},
		"never": {[]time.Duration{0}, 1 << 20, "not within 2s: got no row", 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &World{Journal: journal.New()}
				looks, began := 0, time.Now()
				err := w.Within(t.Context(), 2*time.Second, "a row", func(ctx context.Context) error {
					<-time.After(c.takes[min(looks, len(c.takes)-1)])
					looks++
					Answered(ctx, "the database")
					if looks > c.holds {
						return nil
					}
					return none
				})
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if took := time.Since(began); took > c.most {
					t.Errorf("got it after %s and %d looks, want at most %s", took, looks, c.most)
				}
			})
		})
	}
}
