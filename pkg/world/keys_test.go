package world

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func key(text string) journal.Key { return journal.KeyOf([]byte(text), []byte("v")) }

func tombstone(text string) journal.Key { return journal.KeyOf([]byte(text), nil) }

// What can be told of records that are gone from a compacted log which ends at 10.
func TestCleanedLog(t *testing.T) {
	lost, unsure, may := verdict.Cleaned{}, verdict.Cleaned{Unsure: true}, verdict.Cleaned{May: true}
	since := func(at time.Duration) verdict.Cleaned { return verdict.Cleaned{May: true, Until: at} }
	for name, c := range map[string]struct {
		kept  []keyed
		taken []span // of which it is known what they held, records or not
		log   map[int64]string
		want  map[int64]verdict.Cleaned
	}{
		"a later record is in the log": {
			kept: []keyed{{0, key("a"), 1}, {1, key("a"), 7}}, log: map[int64]string{1: "a", 2: "b"},
			taken: []span{{3, 10}}, want: map[int64]verdict.Cleaned{0: since(7)}},
		"a later one of somebody whose keys are not kept": {
			kept: []keyed{{0, key("a"), 1}}, log: map[int64]string{2: "a"}, taken: []span{{1, 10}},
			want: map[int64]verdict.Cleaned{0: may}},
		"and one whose keys are, behind it": {
			kept: []keyed{{0, key("a"), 1}, {3, key("a"), 9}}, log: map[int64]string{2: "a", 3: "a"}, taken: []span{{1, 10}},
			want: map[int64]verdict.Cleaned{0: may}},
		"a tombstone, gone itself": {
			kept: []keyed{{0, key("a"), 1}, {1, tombstone("a"), 5}}, log: map[int64]string{2: "b"}, taken: []span{{3, 10}},
			want: map[int64]verdict.Cleaned{0: since(5), 1: since(5)}},
		"no later one": {
			kept: []keyed{{0, key("a"), 1}, {1, key("b"), 5}}, log: map[int64]string{2: "b"}, taken: []span{{3, 10}},
			want: map[int64]verdict.Cleaned{0: lost, 1: may}},
		"no later one that is known, and an offset of which nothing is": {
			kept: []keyed{{0, key("a"), 1}, {1, key("b"), 5}, {2, key("b"), 6}}, log: map[int64]string{2: "b"},
			taken: []span{{3, 6}, {7, 10}}, want: map[int64]verdict.Cleaned{0: unsure, 1: may, 6: unsure}},
		"an offset of which nothing is known before": {
			kept: []keyed{{2, key("a"), 1}}, taken: []span{{0, 1}, {3, 10}}, want: map[int64]verdict.Cleaned{2: lost}},
		"no key": {kept: []keyed{{0, journal.KeyOf(nil, []byte("v")), 1}}, taken: []span{{1, 10}},
			want: map[int64]verdict.Cleaned{0: unsure}},
	} {
		t.Run(name, func(t *testing.T) {
			var known []span
			for _, r := range c.kept {
				known = append(known, span{r.offset, r.offset + 1})
			}
			l := newCleanedLog(c.kept, known, cursor{0: append(c.taken, known...)}.merged()[0], 0)
			for offset := range int64(10) {
				if key, in := c.log[offset]; in {
					l.see(&record.Record{Offset: offset, Key: []byte(key), Value: []byte("v")})
				}
			}
			l.gap(10)
			got := map[int64]verdict.Cleaned{}
			for offset := range c.want {
				got[offset] = cleaning{0: l}.of(0, offset)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Keys are kept of batches that the wire saw in the log, up to a bound; those of a topic that
// was made again since are forgotten.
func TestKeptKeys(t *testing.T) {
	w := &World{Journal: journal.New()}
	topic := w.addTopic("accounts", "accounts", 1)
	write := func(offset int64, code int16, transaction string, keys ...journal.Key) {
		f := journal.Fact{Kind: journal.ProduceAttempt, App: "a", Topic: "accounts", Offset: offset,
			Count: int64(len(keys)), Request: &journal.Request{API: "Produce", Outcome: journal.Answered, Sent: 3},
			Detail: &journal.Attempt{Code: code, TransactionalID: transaction}}
		w.keys.see(f, keys)
		w.observe(f)
	}
	write(0, 0, "", key("a"), tombstone("b"))
	write(0, 0, "", key("a"), tombstone("b")) // the same again, as after a lost answer
	write(2, 10, "", key("a"))
	write(3, 0, "open", key("a"))
	inForce := func() []keyed { return w.keys.inForce("accounts", 0, topic.known()[0]) }
	if diff := cmp.Diff([]keyed{{0, key("a"), 3}, {1, tombstone("b"), 3}}, inForce(),
		cmp.AllowUnexported(keyed{})); diff != "" {
		t.Errorf("keys of what is in the log (-want +got):\n%s", diff)
	}
	many := make([]journal.Key, mostKeys)
	write(100, 0, "", many...)
	if got := w.keys.kept["accounts"]; got != mostKeys {
		t.Errorf("got %d keys kept, want %d", got, mostKeys)
	}
	w.observe(journal.Fact{Kind: journal.TopicMade, App: "a", Topic: "accounts", Partition: -1, Offset: -1,
		Request: &journal.Request{API: "CreateTopics", Outcome: journal.Answered, Sent: 9}})
	if got := inForce(); len(got) > 0 {
		t.Errorf("got %d keys of the topic before, want none", len(got))
	}
	may, unsure := w.keys.earlier("accounts", 9, cursor{0: {{0, 3}}})
	want := [2]cursor{{0: {{1, 2}}}, {0: {{2, 3}}}}
	if diff := cmp.Diff(want, [2]cursor{may, unsure}, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("what compaction may have taken of the topic before (-want +got):\n%s", diff)
	}
}

func TestMinus(t *testing.T) {
	got := minus([]span{{0, 5}, {7, 9}, {12, 20}}, []span{{1, 2}, {4, 8}, {13, 14}, {15, 30}})
	if diff := cmp.Diff([]span{{0, 1}, {2, 4}, {8, 9}, {12, 13}, {14, 15}}, got, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
