package world

// Topics that are deleted and made again under their name while a scenario runs. To the cluster that is another topic,
// with an id of its own; offsets begin anew. What is said of the one before is told apart by when it was said.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// life is what is known of a topic before it was made again.
type life struct {
	id      [16]byte
	to      int64  // Seq of the last fact that may be of it
	records cursor // that were acknowledged
	may     cursor // those of them that compaction may have taken before anybody read them
	unsure  cursor // and those of which that is not known
	content map[place]record.Record
	began   Offsets // where it ended when the scenario took it over
}

// identify finds out whether the topic is still the one that it was, and begins anew where it is not.
func (t *Topic) identify(ctx context.Context) error {
	_, err := t.identifyBy(ctx, t.world.client)
	return err
}

// identifyBy does so by what one broker says, and returns all brokers.
func (t *Topic) identifyBy(ctx context.Context, broker kmsg.Requestor) ([]kmsg.MetadataResponseBroker, error) {
	if t.world.past != nil || t.ID == [16]byte{} {
		return nil, nil
	}
	upTo := t.world.Journal.Last()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &t.Physical
	request := kmsg.NewPtrMetadataRequest() // asked itself: kadm answers from what it has heard lately
	request.Topics = append(request.Topics, asked)
	answered := asks(ctx)
	answer, err := request.RequestWith(ctx, broker)
	answered()
	if err != nil || len(answer.Topics) != 1 {
		return nil, fmt.Errorf("could not look: topic %q: %w", t.Name, cmp.Or(err, errNoAnswer))
	}
	now := answer.Topics[0]
	switch old := func(l life) bool { return l.id == now.TopicID }; {
	case now.ErrorCode != 0:
		return answer.Brokers, fmt.Errorf("could not look: topic %q: %w", t.Name, kerr.ErrorForCode(now.ErrorCode))
	case now.TopicID == t.ID || now.TopicID == [16]byte{}:
		t.confirmed = upTo
		if t.since == 0 {
			t.since = upTo
		}
		return answer.Brokers, nil
	case slices.ContainsFunc(t.earlier, old):
		return answer.Brokers, fmt.Errorf("could not look: a broker does not know yet that topic %q was made again", t.Name)
	}
	if time.Since(t.skipped) < identifyWithin && !t.madeSince() { // one of the two brokers told of one between
		t.is(now.TopicID, int32(len(now.Partitions)))
		t.tail, t.purge = tail{}, true
	} else {
		t.turnOver(now.TopicID, int32(len(now.Partitions)))
	}
	return answer.Brokers, t.await(ctx, t.Partitions)
}

var errNoAnswer = errors.New("a broker did not say what it knows of it")

const (
	// identifyWithin is how long brokers may take to learn of a topic that was made again.
	identifyWithin = 10 * time.Second
	// tellsWithin is how long one broker may take to say what it knows. One that is stopped is not waited for.
	tellsWithin = time.Second
)

// identified waits until all brokers that answer know which topic it is. What is sent goes to that topic.
func (t *Topic) identified(ctx context.Context) error {
	var last error
	err := await.Until(ctx, await.Options{Within: identifyWithin, What: fmt.Sprintf("topic %q to be known", t.Name)},
		func(ctx context.Context) (bool, error) {
			last = t.identifyEverywhere(ctx)
			return last == nil, nil
		})
	if err != nil && last != nil {
		return last
	}
	if err == nil && t.purge { // the client keeps to the id that it heard first
		t.world.client.PurgeTopicsFromClient(t.Physical)
		t.purge = false
	}
	return err
}

// identifyEverywhere is nil once each broker that answers says that it is this topic.
func (t *Topic) identifyEverywhere(ctx context.Context) error {
	first := &anyBroker{Client: t.world.client.Client}
	brokers, err := t.identifyBy(ctx, first)
	if err != nil || len(brokers) < 2 {
		return err
	}
	known := t.ID
	for _, b := range brokers {
		if first.was(&b) {
			continue
		}
		one, cancel := context.WithTimeout(ctx, tellsWithin)
		answered, err := t.identifyBy(one, t.world.client.Broker(int(b.NodeID)))
		cancel()
		if err != nil && answered != nil {
			return err
		}
	}
	if t.ID != known { // brokers that were asked before it was heard of may not know it
		return fmt.Errorf("could not look: topic %q was made again just now", t.Name)
	}
	return nil
}

// anyBroker asks the broker that a client chooses, and notes which one answered.
type anyBroker struct {
	*kgo.Client
	answered kgo.BrokerMetadata
}

// Request implements kmsg.Requestor.
func (a *anyBroker) Request(ctx context.Context, r kmsg.Request) (kmsg.Response, error) {
	shard := a.RequestSharded(ctx, r)[0] // what is asked of any broker is not split
	a.answered = shard.Meta
	return shard.Resp, shard.Err
}

// was is true of the broker that answered. One that the client was given by its address alone has no number yet.
func (a *anyBroker) was(b *kmsg.MetadataResponseBroker) bool {
	return a.answered.NodeID == b.NodeID || a.answered.Host == b.Host && a.answered.Port == b.Port
}

// contentOf is the content of the first records that kafkaspec has put into the topic.
func (t *Topic) contentOf() map[place]record.Record {
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	return t.sent.content
}

// writtenBetween are the offsets that applications had acknowledged between two facts.
func (t *Topic) writtenBetween(from, to int64) cursor {
	all := cursor{}
	inForce(t.world.orEndsOfAll(func(f *journal.Fact) bool { return inLog(f, t.Name) && from < f.Seq && f.Seq <= to }),
		func(f, _ *journal.Fact) {
			all[f.Partition] = append(all[f.Partition], span{f.Offset, f.Offset + f.Count})
		})
	return all.merged()
}

// madeSince is true once an application was seen to make the topic anew again.
func (t *Topic) madeSince() bool { return len(t.world.Journal.SelectAfter(t.since, t.isMade)) > 0 }

func (t *Topic) isMade(f *journal.Fact) bool {
	return f.Kind == journal.TopicMade && f.Topic == t.Name && f.Error == ""
}

// turnOver takes the topic for a new one.
func (t *Topic) turnOver(id [16]byte, partitions int32) {
	w := t.world
	var ends []int64 // of this life, and of those between two looks
	var asked []time.Duration
	// a broker may have told of the one before a moment after this one was made
	if made := w.Journal.SelectAfter(t.since, t.isMade); len(made) > 0 {
		for _, f := range made {
			ends, asked = append(ends, f.Seq), append(asked, f.Request.Sent)
		}
	} else {
		ends, asked = append(ends, w.Journal.Last()), append(asked, w.Journal.Since(time.Now()))
		w.spilt.remade(t.Name, asked[0])
		w.keys.turnOver(t.Name, asked[0])
		t.blurred = t.blurred || len(w.Journal.SelectAfter(t.confirmed, func(f *journal.Fact) bool {
			return f.Topic == t.Name && hasPlace(f)
		})) > 0
	}
	if len(ends) > 1 { // nobody has told the ids of those between, and a broker may tell one of them yet
		t.skipped = time.Now()
	}
	for i, to := range ends {
		was := life{to: to, records: t.writtenBetween(t.since, to)}
		if i == 0 {
			was.id, was.records, was.content, was.began = t.ID, t.knownUpTo(to), t.contentOf(), t.began
		}
		w.spilt.earlier(t.Name, asked[i], was.records)
		was.may, was.unsure = w.keys.earlier(t.Name, asked[i], was.records)
		if !t.wasRead() { // it is what the scenario begins with
			was.records = nil
		}
		w.mu.Lock()
		t.earlier, t.remade = append(t.earlier, was), to
		w.mu.Unlock()
		t.since = to
		w.tell(journal.Fact{Kind: journal.Declared, Topic: t.Name,
			Detail: &journal.Layout{Partitions: partitions, Remade: to}})
	}
	t.sent.mu.Lock()
	t.sent.spans, t.sent.content, t.sent.held, t.sent.floor, t.sent.used = nil, nil, nil, nil, 0
	t.sent.stood = nil
	t.sent.mu.Unlock()
	t.is(id, partitions)
	t.began, t.compacts, t.tail, t.purge = nil, nil, tail{}, true
}

// wasRead is true once an application that reads the topic was started.
func (t *Topic) wasRead() bool {
	for _, a := range t.world.applications {
		if a.Running != nil && slices.Contains(a.Inputs, t.Name) {
			return true
		}
	}
	return false
}

// hasPlace is true of a fact that speaks of offsets.
func hasPlace(f *journal.Fact) bool {
	switch f.Kind {
	case journal.Processed, journal.DeadLettered, journal.GroupCommit, journal.ProduceAttempt, journal.GroupPosition,
		journal.Fetched:
		return true
	}
	return false
}

// Earlier is true of a fact about offsets of a topic from before it was deleted and made again.
func (w *World) Earlier(f *journal.Fact) bool {
	if f.Topic == "" || !hasPlace(f) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.topics[f.Topic]
	return ok && (f.Seq <= t.remade || w.late[f.Seq])
}

// WrittenEarlier is true of a record of a topic that was acknowledged before this topic was made again.
func (t *Topic) WrittenEarlier(in *Topic, partition int32, offset int64) bool {
	if t.remade == 0 {
		return false
	}
	return len(t.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Seq <= t.remade && inLog(f, in.Name) && f.Partition == partition && f.Offset <= offset &&
			offset < f.Offset+f.Count
	})) > 0
}

// unclear is inconclusive: the topic was deleted and made again, and what is said of it may be of the one before.
func (t *Topic) unclear(format string, arguments ...any) error {
	return fmt.Errorf("%w: topic %q was deleted and made again, and %s", verdict.ErrInconclusive, t.Name,
		fmt.Sprintf(format, arguments...))
}

// mixed is inconclusive where it is not known which of two topics of the same name was meant.
func (t *Topic) mixed() error {
	if !t.blurred {
		return nil
	}
	return Final(t.unclear("nobody was seen to do so: what was written, processed and committed about then may be of " +
		"either"))
}

// Remade is inconclusive where the topic was deleted and made again.
func (t *Topic) Remade() error {
	if t.remade == 0 {
		return nil
	}
	return Final(t.unclear("whether what kafkaspec had sent to the one before was to be kept is not known"))
}

// EarlierOnce is nil where no record was processed twice before the topic was deleted and made again.
func (t *Topic) EarlierOnce(worked func(*journal.Fact) bool) error {
	for _, l := range t.Lives() {
		times := map[place]int{}
		for _, f := range t.world.Journal.Select(func(f *journal.Fact) bool {
			return l.has(f) && f.Kind == journal.Processed && worked(f)
		}) {
			at := place{f.Partition, f.Offset}
			if times[at]++; times[at] > 1 {
				return Final(fmt.Errorf("topic %q was deleted and made again, and partition %d offset %d of the one before was "+
					"processed twice", t.Name, f.Partition, f.Offset))
			}
		}
	}
	return nil
}
