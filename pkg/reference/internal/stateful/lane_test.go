package stateful

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// What is at hand is processed in one go, up to the first error.
func TestLaneIsProcessedUpToAnError(t *testing.T) {
	refused := errors.New("refused")
	for _, c := range []struct {
		fails int // the record whose processing fails; 0: none
		want  error
		done  int
	}{{0, nil, 3}, {2, refused, 2}} {
		done := 0
		work := processing(func() error {
			if done++; done == c.fails {
				return refused
			}
			return nil
		})
		q := &queue{task: &task{work: work}, end: -1}
		q.push([]*kgo.Record{{Offset: 0}, {Offset: 1}, {Offset: 2}})
		if err := (lane{q}).process(func() bool { return false }); !errors.Is(err, c.want) || done != c.done {
			t.Errorf("got %d records processed and the error %v, want %d and %v", done, err, c.done, c.want)
		}
	}
}

// processing is a Task that does this for each record.
type processing func() error

func (p processing) Process(*kgo.Record, Emitter) error { return p() }
func (processing) Restore(_, _ []byte) error            { return nil }
func (processing) Commit(Emitter)                       {}

// Only sessions that committed nothing count as failures in a row.
func TestCommitIsCounted(t *testing.T) {
	l, s, one := member(t)
	one.touched = true
	for range 2 { // nothing has changed before the second
		if err := s.commit(l.Ctx); err != nil {
			t.Fatal(err)
		}
	}
	if s.commits != 1 {
		t.Errorf("got %d commits, want 1", s.commits)
	}
	l.UntilCommitted(t, "members", "events", map[int32]int64{0: 1}) // the group learns of it behind the answer
}
