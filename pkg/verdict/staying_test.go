package verdict

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// TestStaying tells findings that waiting cannot heal from others of their kind.
func TestStaying(t *testing.T) {
	at := func(offset int64, value string) *record.Record {
		return &record.Record{Topic: "orders", Offset: offset, Value: []byte(value)}
	}
	for name, c := range map[string]struct {
		judge          func() Result
		total, staying int64
	}{
		"neither processed nor dead": {func() Result {
			s := NewSplit("orders")
			s.Input(at(0, "a"))
			return s.Result()
		}, 1, 0},
		"both processed and dead, and another neither": {func() Result {
			s := NewSplit("orders")
			s.Input(at(0, "a"))
			s.Input(at(1, "a"))
			s.Processed(0, 0)
			s.DeadLettered(0, 0)
			return s.Result()
		}, 2, 1},
		"dead twice": {func() Result {
			s := NewSplit("orders")
			s.Input(at(0, "a"))
			s.DeadLettered(0, 0)
			s.DeadLettered(0, 0)
			return s.Result()
		}, 1, 1},
		"not copied": {func() Result {
			c := NewCopy("orders", "copies")
			c.Input(at(0, "a"))
			return c.Result()
		}, 1, 0},
		"no copy of anything, and one that is missing": {func() Result {
			c := NewCopy("orders", "copies")
			c.Input(at(0, "a"))
			c.Output(at(0, "b"))
			return c.Result()
		}, 2, 1},
		"committed and not finished": {func() Result {
			c := NewCommits("orders")
			c.Input(at(0, "a"))
			c.Committed(0, 1)
			return c.Result()
		}, 1, 0},
		"finished after it was committed": {func() Result {
			c := NewCommits("orders")
			c.Input(at(0, "a"))
			c.Committed(0, 1)
			c.Done(0, 0)
			return c.Result()
		}, 1, 1},
		"finished after somebody else had committed": {func() Result {
			c := NewCommits("orders")
			for o := range int64(3) {
				c.Input(at(o, "a"))
			}
			c.Moved(0, 2)
			c.Done(0, 0)
			c.Done(0, 2)
			c.Committed(0, 3)
			return c.Result()
		}, 0, 0},
		"committed too early before somebody else did": {func() Result {
			c := NewCommits("orders")
			for o := range int64(3) {
				c.Input(at(o, "a"))
			}
			c.Committed(0, 1)
			c.Moved(0, 3)
			c.Done(0, 0)
			return c.Result()
		}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.judge()
			stays, found := r.Lasting()
			if r.Total != c.total || stays.Total != c.staying || found != (c.staying > 0) ||
				int64(len(stays.Findings)) != c.staying {
				t.Errorf("got %d findings, of which %d stay: %v, want %d and %d", r.Total, stays.Total, stays.Findings, c.total,
					c.staying)
			}
		})
	}
}

// TestLastingOfEachKind makes a finding of every kind: those that waiting cannot heal are lasting.
func TestLastingOfEachKind(t *testing.T) {
	final := 0
	for _, k := range Kinds() {
		var c collector
		c.add(Finding{Kind: k.Name, Topic: "orders"}, "")
		if _, lasts := c.pronounce("orders", 1, "").Lasting(); lasts == k.Heals {
			t.Errorf("%s: got lasting %t, want %t", k.Name, lasts, !k.Heals)
		}
		if !k.Heals {
			final++
		}
	}
	if final < 20 {
		t.Errorf("got %d kinds that waiting cannot heal, want 20 at least", final)
	}
}
