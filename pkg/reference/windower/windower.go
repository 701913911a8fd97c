// Package windower counts and sums events in windows of event time, and emits each window once.
//
// It shows event-time windows with state: tumbling windows for each key, closed by the progress of the events
// themselves and by no clock, emitted exactly once across restarts, crashes and rebalances. The loop of transactions
// and the changelog is package stateful; what is decided here is which window an event belongs to, and when a window
// closes.
//
//   - The event time is the record's timestamp. The stream time of a partition is the latest event time in it so far.
//   - A window takes events from its start up to, not including, its end. Windows are aligned to 1970-01-01T00:00Z.
//   - An event is late when its window's end plus grace is not after the stream time of its own partition. It goes to
//     the late topic. So what is in a window depends on the events of one partition alone, and on no other's pace.
//   - A window is emitted when the slowest active partition has passed its end plus grace, on whatever instance that
//     partition is. A partition is idle when it has been read to its end and the fastest one is further ahead than
//     idle-after, or when it has no event at all; it then holds nothing back, and its windows close with the others'.
//   - Should an idle partition wake up with events for windows that have closed, those are late: what was emitted
//     stays.
//
// All of this is the same at any speed: a partition counts as read to its end only if the cluster says that there is
// nothing more, never because nothing came for a while; and events of several partitions are processed in the order of
// their times, so that no partition runs far ahead and keeps windows open that another one will close.
//
// An event that cannot be read (not JSON, no such number, no key) goes to the late topic as well, with the reason.
package windower

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// Run is the application windower. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the right one.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	p := set.policy()
	change(&p)
	set.loop.AcrossTasks = true
	set.loop.Outputs, set.loop.Changelog = []string{set.windows, set.late}, set.changelog
	set.loop.NewTask = func(int32) stateful.Task { return p.Wrap(newTask(set, &p)) }
	if err := stateful.Run(ctx, env, set.loop); err != nil {
		return fmt.Errorf("windower: %w", err)
	}
	return nil
}
