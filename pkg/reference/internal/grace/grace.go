// Package grace gives an application that was told to stop the time to finish what it has begun.
package grace

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Within is how long finishing may take. It is shorter than the usual five seconds between SIGTERM and SIGKILL.
const Within = 3 * time.Second

// Context returns a context that outlives ctx by Within, for what is on its way when ctx ends: records already sent,
// and the commit of what they make safe.
func Context(ctx context.Context) (context.Context, context.CancelFunc) {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(Within, cancel) })
	return last, func() { stop(); cancel() }
}

// Pause waits; false when ctx ended first.
func Pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close leaves the group and closes the client. A client that waits to be let into a group does not leave before it is,
// which a member that is frozen can delay for as long as its session lasts: after Within, end, which cancels the
// context the client was made with (kgo.WithContext), makes an end of that.
func Close(client *kgo.Client, end context.CancelFunc) {
	defer time.AfterFunc(Within, end).Stop()
	client.CloseAllowingRebalance()
}
