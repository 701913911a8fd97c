package world

// Work on a topic that was deleted and made again: whether what the ones before held was done, and by which facts.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// isLate takes note of work on a topic before, which was told of when the next one was there.
func (w *World) isLate(facts []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, seq := range facts {
		if w.late == nil {
			w.late = map[int64]bool{}
		}
		w.late[seq] = true
	}
}

// EarlierDone is nil where each record that the topic had before it was deleted and made again was done with: by facts
// of work that are wanted, or set aside.
func (t *Topic) EarlierDone(ctx context.Context, who string, worked func(*journal.Fact) bool,
	aside func(partition int32, offset int64) bool) error {
	if t.remade == 0 {
		return nil
	}
	answer, err := t.world.answer(ctx, journal.Answer{Question: "records before it was made again that are lost",
		Of: t.Name, On: who}, func(ctx context.Context, a *journal.Answer) error {
		ends, err := t.Ends(ctx)
		if err == nil {
			a.Number, a.Text, a.Offsets = t.lostEarlier(ends, worked, aside)
		}
		return err
	})
	t.world.isLate(answer.Offsets)
	switch {
	case err != nil || answer.Text == "":
		return err
	case answer.Number < 0:
		return t.unclear("whether compaction took %s before anybody read it is not known", answer.Text)
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
// that may have been done since, or, with -1, that compaction may have taken. Late are the facts of work that was done
// since for certain, as the topic of now ends before such an offset.
func (t *Topic) lostEarlier(ends Offsets, worked func(*journal.Fact) bool, aside func(int32, int64) bool) (lost int64,
	names string, late []int64) {
	now, from, unclear, compacted := t.known(), int64(0), "", ""
	for _, l := range t.earlier {
		done, later, behind := map[place]bool{}, map[place]int{}, map[place]int64{}
		for _, f := range t.world.Journal.SelectAfter(from, func(f *journal.Fact) bool {
			return f.Kind == journal.Processed && f.Topic == t.Name && worked(f)
		}) {
			if at := (place{f.Partition, f.Offset}); f.Seq <= l.to {
				done[at] = true
			} else if later[at]++; f.Seq > t.remade && f.Offset >= ends.At(int(f.Partition)) {
				behind[at] = f.Seq
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
					case behind[at] > 0 && later[at] == 1:
						late = append(late, behind[at])
					case l.may.has(at):
					case l.unsure.has(at):
						compacted = text
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
	switch {
	case lost == 0 && unclear == "" && compacted != "":
		return -1, compacted, late
	case lost == 0:
		names = unclear
	}
	return lost, names, late
}
