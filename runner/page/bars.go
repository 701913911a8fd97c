package page

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// What a bar shows.
const (
	barLife        = iota // of an application: starting, running, paused
	barOwner              // a partition is owned by a member
	barTransaction        // committed, aborted, open
	barBroker             // stopped, killed, paused; its number stands in the place of the partition
)

// curve is how an offset of a partition grows: pairs of time and offset. What is 0 for the end of the log, 1 for what
// was committed.
type curve struct {
	Topic     int64   `json:"t"`
	Partition int32   `json:"p"`
	What      int     `json:"w"`
	Points    []int64 `json:"d"`
}

// mostPoints of a curve.
const mostPoints = 200

// bar adds a row to Bars: what, application, topic, partition, from, to (-1: it lasts), state (a text).
func (b *builder) bar(what int, app, topic string, partition int32, from, to time.Duration, state string) {
	end := int64(-1)
	if to > 0 {
		end = us(to)
	}
	b.Bars = append(b.Bars, []int64{int64(what), b.text(app), b.text(topic), int64(partition), us(from), end,
		b.text(state)})
}

func (b *builder) bars(facts []journal.Fact) {
	b.lives(facts)
	b.owners(facts)
	b.transactions(facts)
	b.brokers(facts)
}

// brokers are down from what a step does to them until it brings them back.
func (b *builder) brokers(facts []journal.Fact) {
	type outage struct {
		from  time.Duration
		state string
	}
	now := map[int32]outage{}
	for i := range facts {
		d, ok := facts[i].Detail.(*journal.Broker)
		if !ok {
			continue
		}
		if o, down := now[d.ID]; down {
			b.bar(barBroker, "", "", d.ID, o.from, facts[i].At, o.state)
			delete(now, d.ID)
		}
		if slices.Contains([]string{"stopped", "killed", "paused"}, d.Change) {
			now[d.ID] = outage{facts[i].At, d.Change}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		b.bar(barBroker, "", "", id, now[id].from, 0, now[id].state)
	}
}

// lifeKinds begin and end what an application does.
var lifeKinds = []journal.Kind{journal.Started, journal.Ready, journal.Paused, journal.Resumed, journal.Exited,
	journal.Killed}

// states are what an application is from a fact on; nothing where it is not there.
var states = map[journal.Kind]string{journal.Started: "starting", journal.Ready: "running", journal.Paused: "paused",
	journal.Resumed: "running"}

func (b *builder) lives(facts []journal.Fact) {
	type phase struct {
		from  time.Duration
		state string
	}
	now := map[string]phase{}
	end := func(app string, at time.Duration) {
		if p := now[app]; p.state != "" {
			b.bar(barLife, app, "", -1, p.from, at, p.state)
		}
		delete(now, app)
	}
	for i := range facts {
		f := &facts[i]
		if f.App == "" || !slices.Contains(lifeKinds, f.Kind) {
			continue
		}
		end(f.App, f.At)
		if state := states[f.Kind]; state != "" {
			now[f.App] = phase{f.At, state}
		}
	}
	for _, app := range slices.Sorted(maps.Keys(now)) {
		end(app, 0)
	}
}

func (b *builder) owners(facts []journal.Fact) {
	groups := map[string]bool{}
	for i := range facts {
		if _, ok := facts[i].Detail.(*journal.Membership); ok && facts[i].Group != "" {
			groups[facts[i].Group] = true
		}
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		for _, o := range membership.Ownerships(facts, group) {
			state := cmp.Or(string(o.End), "owning")
			b.bar(barOwner, cmp.Or(o.App, o.Member), o.Topic, o.Partition, o.From, o.To, state)
		}
	}
}

// transactions last from the first partition that is added to their end.
func (b *builder) transactions(facts []journal.Fact) {
	type open struct {
		from time.Duration
		app  string
	}
	now := map[string]open{} // by transactional id
	for i := range facts {
		f := &facts[i]
		if a, ok := f.Detail.(*journal.Attempt); ok && a.TransactionalID != "" && f.Request != nil {
			if _, isOpen := now[a.TransactionalID]; !isOpen { // TransactionVersion 2 need not add partitions
				now[a.TransactionalID] = open{f.Request.Sent, f.App}
			}
			continue
		}
		d, ok := f.Detail.(*journal.Transaction)
		if !ok || d.TransactionalID == "" || f.Request == nil {
			continue
		}
		o, isOpen := now[d.TransactionalID]
		switch f.Request.API {
		case "AddPartitionsToTxn", "AddOffsetsToTxn":
			if !isOpen {
				now[d.TransactionalID] = open{f.Request.Sent, f.App}
			}
		case "EndTxn":
			if !isOpen {
				o = open{f.Request.Sent, f.App}
			}
			state := "aborted"
			if d.Commit {
				state = "committed"
			}
			b.bar(barTransaction, o.app, d.TransactionalID, -1, o.from, max(f.Request.Answered, 1), state)
			delete(now, d.TransactionalID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		b.bar(barTransaction, now[id].app, id, -1, now[id].from, 0, "open")
	}
}

// curves are the end of the log and the committed offset of each partition, as far as they were seen.
func (b *builder) curves(facts []journal.Fact) {
	type place struct {
		topic     string
		partition int32
		what      int
		group     string // that committed
	}
	points := map[place][]int64{}
	var order []place
	add := func(p place, at time.Duration, offset int64) {
		all := points[p]
		if n := len(all); n > 0 && (p.what == 0 && all[n-1] >= offset || all[n-1] == offset) {
			return
		}
		if all == nil {
			order = append(order, p)
		}
		points[p] = append(all, us(at), offset)
	}
	for i := range facts {
		f := &facts[i]
		if f.Topic == "" || f.Partition < 0 {
			continue
		}
		switch d := f.Detail.(type) {
		case *journal.Attempt:
			if f.Offset >= 0 && f.Error == "" {
				add(place{f.Topic, f.Partition, 0, ""}, f.At, f.Offset+max(f.Count, 1))
			}
		case *journal.Fetch:
			if d.HighWatermark > 0 {
				add(place{f.Topic, f.Partition, 0, ""}, f.At, d.HighWatermark)
			}
		case *journal.Commit:
			if f.Error == "" && f.Offset >= 0 {
				add(place{f.Topic, f.Partition, 1, f.Group}, f.At, f.Offset)
			}
		}
	}
	slices.SortFunc(order, func(p, q place) int {
		return cmp.Or(cmp.Compare(p.topic, q.topic), cmp.Compare(p.partition, q.partition), cmp.Compare(p.what, q.what),
			cmp.Compare(p.group, q.group))
	})
	for _, p := range order {
		b.Curves = append(b.Curves, curve{b.text(p.topic), p.partition, p.what, thinned(points[p])})
	}
}

// thinned leaves so many pairs, the last among them.
func thinned[T any](points []T) []T {
	stride := (len(points)/2 + mostPoints - 1) / mostPoints
	if stride <= 1 {
		return points
	}
	var kept []T
	for i := 0; i < len(points); i += 2 {
		if i/2%stride == 0 || i == len(points)-2 {
			kept = append(kept, points[i], points[i+1])
		}
	}
	return kept
}
