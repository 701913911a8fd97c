package world

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Outside gives a program that kafkaspec does not run its way to the cluster, through the wire and under a name that
// fault steps know. It listens at the place, at the ports for as many brokers as there are; the others have free ports.
// What is returned are the bootstrap servers.
func (w Scenario) Outside(ctx context.Context, name string, place listen.Place, ports ...int) ([]string, error) {
	proxy, err := w.wire(ctx)
	if err != nil {
		return nil, err
	}
	link, err := proxy.ApplicationAt(name, place, ports...)
	if err != nil {
		return nil, fmt.Errorf("put the wire between %q and the cluster: %w", name, err)
	}
	return link.Bootstrap(), nil
}

// Adopt has the scenario know every topic of the cluster, also those that its programs have made, deleted or grown by
// themselves, and returns them by name. It is for a cluster of the scenario's own.
func (w Scenario) Adopt(ctx context.Context) ([]*Topic, error) {
	request := kmsg.NewPtrMetadataRequest() // asked itself: kadm answers from what it has heard lately
	answer, err := request.RequestWith(ctx, w.client.Client)
	if err != nil {
		return nil, fmt.Errorf("could not look: list the topics: %w", err)
	}
	listed := map[string]kmsg.MetadataResponseTopic{}
	for _, t := range answer.Topics {
		if t.Topic != nil && t.ErrorCode == 0 && !t.IsInternal {
			listed[*t.Topic] = t
		}
	}
	w.mu.Lock()
	known := w.topics
	w.topics = map[string]*Topic{}
	for name, t := range known {
		if now, there := listed[t.Physical]; there && (t.ID == now.TopicID || t.ID == [16]byte{}) {
			w.topics[name] = t
		}
	}
	w.mu.Unlock()
	for physical, now := range listed {
		name, _ := w.Session.Names().LogicalTopic(physical)
		t, err := w.Topic(name)
		if err != nil {
			t = w.addTopic(name, physical, 0)
		}
		t.is(now.TopicID, int32(len(now.Partitions)))
	}
	return w.allTopics(), nil
}

// Page returns records of the topic, as read_committed sees them: from an offset of each partition on, at most so many
// of each, and together not much more than so many bytes. Next is where each partition goes on; a partition beyond from
// is not read.
func (t *Topic) Page(ctx context.Context, from map[int32]int64, most int64, bytes int) (page []record.Record,
	next map[int32]int64, err error) {
	start, end, err := t.Bounds(ctx)
	if err != nil {
		return nil, nil, err
	}
	at := slices.Clone(end)
	next = map[int32]int64{}
	for p, offset := range from {
		if int(p) < len(end) {
			at[p] = min(max(offset, start[p]), end[p])
			end[p] = min(end[p], at[p]+most)
			next[p] = end[p]
		}
	}
	full := map[int32]bool{}
	err = t.read(ctx, nil, at, end, func(r *record.Record) {
		if bytes <= 0 && !full[r.Partition] {
			full[r.Partition], next[r.Partition] = true, r.Offset
		}
		if full[r.Partition] {
			return
		}
		bytes -= len(r.Key) + len(r.Value)
		page = append(page, *r)
	})
	slices.SortStableFunc(page, func(a, b record.Record) int { return int(a.Partition - b.Partition) })
	return page, next, err
}

// Faults are all that were put to work, in order.
func (w Scenario) Faults() []*Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.faults)
}

// End lifts one fault; false where it was lifted before.
func (w Scenario) End(f *Fault) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := f.lifted
	f.lifted = true
	f.Handle.Remove()
	return !before
}

// Stands says whether a fault may still strike.
func (w Scenario) Stands(f *Fault) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !f.lifted && f.Handle.Alive()
}
