package world

// Topics that are deleted and made again under their name while a scenario runs. To the cluster that is another topic,
// with an id of its own; offsets begin anew. What is said of the one before is told apart by when it was said.

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// life is what is known of a topic before it was made again.
type life struct {
	id      [16]byte
	to      int64  // Seq of the last fact that may be of it
	records cursor // that were acknowledged
}

// identify finds out whether the topic is still the one that it was, and begins anew where it is not.
func (t *Topic) identify(ctx context.Context) error {
	if t.world.past != nil || t.ID == [16]byte{} {
		return nil
	}
	upTo := t.world.Journal.Last()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &t.Physical
	request := kmsg.NewPtrMetadataRequest() // asked itself: kadm answers from what it has heard lately
	request.Topics = append(request.Topics, asked)
	answered := asks(ctx)
	answer, err := request.RequestWith(ctx, t.world.client)
	answered()
	if err == nil && len(answer.Topics) == 1 {
		err = kerr.ErrorForCode(answer.Topics[0].ErrorCode)
	}
	if err != nil {
		return fmt.Errorf("could not look: topic %q: %w", t.Name, err)
	}
	now := answer.Topics[0]
	switch old := func(l life) bool { return l.id == now.TopicID }; {
	case now.TopicID == t.ID || now.TopicID == [16]byte{}:
		t.confirmed = upTo
		if t.since == 0 {
			t.since = upTo
		}
		return nil
	case slices.ContainsFunc(t.earlier, old):
		return fmt.Errorf("could not look: a broker does not know yet that topic %q was made again", t.Name)
	}
	t.turnOver(now.TopicID, int32(len(now.Partitions)))
	return t.await(ctx, t.Partitions)
}

// identifyWithin is how long brokers may take to learn of a topic that was made again.
const identifyWithin = 10 * time.Second

// identified waits until all brokers that are asked know which topic it is.
func (t *Topic) identified(ctx context.Context) error {
	var last error
	err := await.Until(ctx, await.Options{Within: identifyWithin, What: fmt.Sprintf("topic %q to be known", t.Name)},
		func(ctx context.Context) (bool, error) {
			last = t.identify(ctx)
			return last == nil, nil
		})
	if err != nil && last != nil {
		return last
	}
	return err
}

// turnOver takes the topic for a new one.
func (t *Topic) turnOver(id [16]byte, partitions int32) {
	w := t.world
	to := w.Journal.Last()
	// a broker may have told of the one before a moment after this one was made
	if made := w.Journal.SelectAfter(t.since, func(f *journal.Fact) bool {
		return f.Kind == journal.TopicMade && f.Topic == t.Name && f.Error == ""
	}); len(made) > 0 {
		to = made[len(made)-1].Seq
	} else if said := w.Journal.SelectAfter(t.confirmed, func(f *journal.Fact) bool {
		return f.Topic == t.Name && hasPlace(f)
	}); len(said) > 0 {
		t.blurred = true
	}
	was := life{t.ID, to, t.knownUpTo(to)}
	if !t.wasRead() { // it is what the scenario begins with
		was.records = nil
	}
	t.sent.mu.Lock()
	t.sent.spans, t.sent.content, t.sent.held, t.sent.floor, t.sent.used = nil, nil, nil, nil, 0
	t.sent.mu.Unlock()
	w.mu.Lock()
	t.earlier = append(t.earlier, was)
	t.remade, t.ID, t.Partitions = to, id, partitions
	w.mu.Unlock()
	t.since = to
	t.began, t.compacts, t.tail = nil, nil, tail{}
	w.client.PurgeTopicsFromClient(t.Physical)
	w.tell(journal.Fact{Kind: journal.Declared, Topic: t.Name,
		Detail: &journal.Layout{Partitions: partitions, Remade: to}})
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
	return ok && f.Seq <= t.remade
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

// Unjudged is inconclusive where a group has committed offsets of the topic before it was deleted and made again, which
// nobody judges any more. It is for what passed.
func (t *Topic) Unjudged(group string) error {
	if t.remade == 0 || len(t.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Seq <= t.remade && f.Kind == journal.GroupCommit && f.Topic == t.Name && f.Group == group
	})) == 0 {
		return nil
	}
	return Final(t.unclear("what group %q committed of the one before is not judged", group))
}

// Remade is inconclusive where the topic was deleted and made again.
func (t *Topic) Remade() error {
	if t.remade == 0 {
		return nil
	}
	return Final(t.unclear("whether what kafkaspec had sent to the one before was to be kept is not known"))
}

// EarlierOnce is inconclusive where a record was processed more than once before the topic was deleted and made again.
func (t *Topic) EarlierOnce(worked func(*journal.Fact) bool) error {
	times, from := map[place]int{}, int64(0)
	for _, f := range t.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Seq <= t.remade && f.Kind == journal.Processed && f.Topic == t.Name && worked(f)
	}) {
		of := slices.IndexFunc(t.earlier, func(l life) bool { return f.Seq <= l.to })
		if of >= 0 && t.earlier[of].to != from {
			clear(times) // it is of the next one
			from = t.earlier[of].to
		}
		at := place{f.Partition, f.Offset}
		if times[at]++; times[at] > 1 {
			return Final(t.unclear("partition %d offset %d of the one before was processed twice, which is not judged",
				f.Partition, f.Offset))
		}
	}
	return nil
}

// EarlierDone is nil where each record that the topic had before it was deleted and made again was done with: by facts
// of work that are wanted, or set aside.
func (t *Topic) EarlierDone(ctx context.Context, who string, worked func(*journal.Fact) bool,
	aside func(partition int32, offset int64) bool) error {
	if t.remade == 0 {
		return nil
	}
	answer, err := t.world.answer(ctx, journal.Answer{Question: "records before it was made again that are lost",
		Of: t.Name, On: who}, func(_ context.Context, a *journal.Answer) error {
		a.Number, a.Text = t.lostEarlier(worked, aside)
		return nil
	})
	switch {
	case err != nil || answer.Text == "":
		return err
	case answer.Number == 0:
		return t.unclear("what was processed later at %s may be of either", answer.Text)
	}
	were := "were"
	if answer.Number == 1 {
		were = "was"
	}
	return fmt.Errorf("lost: topic %q was deleted and made again, and %s of the one before %s never processed: %s", t.Name,
		words.Counted(answer.Number, "record"), were, answer.Text)
}

// mostNamed is how many records a message names.
const mostNamed = 6

// lostEarlier counts the records of earlier lives that nobody has done, and names the first. Without any it names one
// that may have been done since.
func (t *Topic) lostEarlier(worked func(*journal.Fact) bool, aside func(int32, int64) bool) (lost int64, names string) {
	now, from, unclear := t.known(), int64(0), ""
	for _, l := range t.earlier {
		done, later := map[place]bool{}, map[place]int{}
		for _, f := range t.world.Journal.SelectAfter(from, func(f *journal.Fact) bool {
			return f.Kind == journal.Processed && f.Topic == t.Name && worked(f)
		}) {
			if at := (place{f.Partition, f.Offset}); f.Seq <= l.to {
				done[at] = true
			} else {
				later[at]++
			}
		}
		from = l.to
		for p := range l.records.sorted {
			for _, s := range l.records[p] {
				for o := s.from; o < s.to; o++ {
					at, again := place{p, o}, 0
					if now.has(at) {
						again = 1
					}
					switch text := fmt.Sprintf("partition %d offset %d", p, o); {
					case done[at] || aside != nil && aside(p, o):
					case later[at] > again:
						unclear = text
					default:
						if lost++; lost == 1 {
							names = text
						} else if lost <= mostNamed {
							names += ", " + text
						} else if lost == mostNamed+1 {
							names += " …"
						}
					}
				}
			}
		}
	}
	if lost == 0 {
		names = unclear
	}
	return lost, names
}
