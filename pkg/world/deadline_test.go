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

// TestTimeInWhichTheProcessDidNotRun takes what lies between two beats for lost but for the time that there should be.
func TestTimeInWhichTheProcessDidNotRun(t *testing.T) {
	began := time.Unix(0, 0)
	p := pulse{last: began}
	for _, at := range []time.Duration{20, 40, 45, 1045, 1065} {
		p.beat(began.Add(at * time.Millisecond))
	}
	if want := 980 * time.Millisecond; p.lost != want {
		t.Errorf("got %s lost, want %s", p.lost, want)
	}
}

// TestTheClusterAnswersLate has Kafka answer when it is too late. What it says then was true at a time that nobody
// knows.
func TestTheClusterAnswersLate(t *testing.T) {
	const within = 300 * time.Millisecond
	const late = within + slow
	for name, c := range map[string]struct {
		records int
		takes   time.Duration
		want    string // in the error; empty: none
	}{
		"in time":             {2, 0, ""},
		"too late":            {2, late, "it held, but the cluster answered after"},
		"empty":               {0, 0, "no records"},
		"too late, and wrong": {1, late, "one record"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := newTopic(t)
			if c.records > 0 {
				topic.put(t, []string{"a", "b"}[:c.records]...)
			}
			w := Scenario{topic.world}
			w.Watch(true)
			err := w.Within(t.Context(), within, "two records", func(ctx context.Context) error {
				answered := asks(ctx)
				<-time.After(c.takes) // as a broker that is slow
				n, err := topic.Count(ctx)
				if err != nil {
					return err
				}
				answered()
				switch n {
				case 0:
					return errors.New("no records")
				case 1:
					return errors.New("one record")
				}
				return nil
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			look := w.LastLook()
			if held := strings.Contains(c.want, "it held"); held != (look.Late != "") {
				t.Errorf("got %q in the journal, want that it held too late: %v", look.Late, held)
			}
		})
	}
}
