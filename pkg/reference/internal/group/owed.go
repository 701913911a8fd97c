package group

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Owed are offsets that a group has refused as it went on (see Refused): they are committed again, unless their
// partition was taken away since. Only Told may be called beside the others; the client does that in its own
// time.
type Owed struct {
	offsets Offsets

	mu    sync.Mutex
	taken []Place // since the last Drop
}

// owedPause is how long a fetch waits for records while an offset is to be committed again.
const owedPause = 100 * time.Millisecond

// Told takes what a callback of the client says of partitions.
func (o *Owed) Told(how string, partitions map[string][]int32) {
	if how == "assigned" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.taken = append(o.taken, Places(partitions)...)
}

// Hurry bounds a fetch by ctx, so that it is soon over where something is owed.
func (o *Owed) Hurry(ctx context.Context) (context.Context, context.CancelFunc) {
	if len(o.offsets) == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, owedPause)
}

// Drop forgets what is owed of partitions that were taken away, and returns these. Call it while rebalances are held
// back.
func (o *Owed) Drop() (taken []Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken, o.taken = o.taken, nil
	o.offsets.Keep(func(at Place) bool { return !slices.Contains(taken, at) })
	return taken
}

// Take returns what is owed, to be committed with more. Nothing is owed then.
func (o *Owed) Take() Offsets {
	offsets := o.offsets
	o.offsets = nil
	if offsets == nil {
		return Offsets{}
	}
	return offsets
}

// Owe takes offsets of which the group has refused all but those of some places.
func (o *Owed) Owe(offsets Offsets, committed []Place) {
	offsets.Keep(func(at Place) bool { return !slices.Contains(committed, at) })
	o.offsets = offsets
}
