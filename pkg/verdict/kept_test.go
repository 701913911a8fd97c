package verdict

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func kept(r *record.Record) journal.Content { return journal.ContentOf(r.Key, r.Value) }

// keptWorld is a log, what was acknowledged, and what two readers were given.
type keptWorld struct {
	log, acked, read history
	starts, more     map[int32]int64 // where partitions begin, and how much stands behind the last stable offset
	compacted        bool
}

func (w *keptWorld) judge() Result {
	j := NewKept("orders", w.compacted)
	ends := map[int32]int64{}
	for _, h := range []history{w.log, w.acked} {
		for i := range h {
			ends[h[i].Partition] = max(ends[h[i].Partition], h[i].Offset+1)
		}
	}
	for i := range w.acked {
		j.Acknowledged("writer", w.acked[i].Partition, w.acked[i].Offset, kept(&w.acked[i]))
	}
	for i := range w.read {
		j.Read("reader", w.read[i].Partition, w.read[i].Offset, kept(&w.read[i]))
	}
	for i := range w.log {
		j.InLog(&w.log[i])
	}
	for p, end := range ends {
		j.Bounds(p, w.starts[p], end, end+w.more[p])
	}
	return j.Result()
}

// In a random log exactly the record that is planted as lost or replaced is found.
func TestKeptFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t, "orders", 2)
		w := &keptWorld{log: slices.Clone(h), acked: slices.Clone(h), read: slices.Clone(h[len(h)/2:])}
		wantFindings(t, w.judge())

		i := rapid.IntRange(0, len(h)-1).Draw(t, "which")
		bare := func(kind string) Finding { f := at(kind, h[i]); f.Key = ""; return f }
		w.log = h.without(i)
		wantFindings(t, w.judge(), bare(LostWrite))
		w.acked = h.without(i) // nobody was told, so it may be of an aborted transaction
		wantFindings(t, w.judge())

		w.log, w.acked = slices.Clone(h), slices.Clone(h)
		for _, change := range []*history{&w.log, &w.acked, &w.read} {
			original := slices.Clone(*change)
			k := slices.IndexFunc(original, func(r record.Record) bool {
				return r.Partition == h[i].Partition && r.Offset == h[i].Offset
			})
			if k < 0 {
				continue
			}
			(*change)[k].Value = []byte("another")
			if w.judge().Total == 0 {
				t.Fatal("got no finding, want an inconsistent offset")
			}
			for _, f := range w.judge().Findings {
				if f.Kind != InconsistentOffset || f.Offset != h[i].Offset || f.Partition != h[i].Partition {
					t.Fatalf("got %v, want an inconsistent offset at %v", f, bare(InconsistentOffset))
				}
			}
			*change = original
		}

		// Retention takes the beginning of a partition, and nothing else.
		w.log = slices.DeleteFunc(slices.Clone(h), func(r record.Record) bool {
			return r.Partition == h[i].Partition && r.Offset <= h[i].Offset
		})
		w.starts = map[int32]int64{h[i].Partition: h[i].Offset + 1}
		wantFindings(t, w.judge())
		w.starts[h[i].Partition]--
		wantFindings(t, w.judge(), bare(LostWrite))

		// Compaction takes what a later record of its key stands behind, and tombstones.
		w.starts, w.compacted, w.log = nil, true, h.without(i)
		var want []Finding
		if h.behind(i, func(a, b record.Record) bool { return a.Partition == b.Partition && sameKey(a, b) }) < 0 {
			want = append(want, bare(LostWrite))
		}
		wantFindings(t, w.judge(), want...)
		w.acked[i].Value, w.read = nil, nil
		wantFindings(t, w.judge())
	})
}

func TestKeptTellsWhatHappened(t *testing.T) {
	w := &keptWorld{acked: history{{Offset: 3, Value: []byte("a")}, {Offset: 4, Value: []byte("b")}},
		log: history{{Offset: 3, Value: []byte("b")}}}
	err := w.judge().Err()
	for _, want := range []string{
		"inconsistent offset: orders partition 0 offset 3: one record was acknowledged to writer, and another one in the log",
		"lost write: orders partition 0 offset 4: acknowledged to writer, and not in the log",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	wantInconclusive(t, (&keptWorld{log: w.log}).judge(),
		"nothing was judged: nothing was acknowledged in orders, or read from it")

	short := NewKept("orders", false)
	short.Acknowledged("writer", 0, 7, 0)
	short.Bounds(0, 0, 5, 7)
	if r := short.Result(); r.Total != 1 || r.Findings[0].Stays || !strings.Contains(r.Findings[0].Detail, "ends at 7") {
		t.Errorf("got %v, want one that the followers may have yet to get", r.Err())
	}
	short.Bounds(0, 0, 5, 8) // a transaction is open before it
	wantFindings(t, short.Result())
}
