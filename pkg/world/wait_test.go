package world

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestStays waits for what is there to be taken away where a step says within what time, and only there.
func TestStays(t *testing.T) {
	t.Parallel()
	there := Stays(errors.New("it is there"))
	for _, c := range []struct {
		within time.Duration
		want   error
	}{{0, there}, {time.Minute, nil}} {
		w := &World{Journal: journal.New(), options: Options{Await: time.Minute}}
		left := []error{there, there}
		err := w.Until(t.Context(), c.within, "it to go", func(context.Context) error {
			if len(left) == 0 {
				return nil
			}
			err := left[0]
			left = left[1:]
			return err
		})
		if !errors.Is(err, c.want) {
			t.Errorf("within %s: got %v, want %v", c.within, err, c.want)
		}
	}
}
