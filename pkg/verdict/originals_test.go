package verdict

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// In random dead letters exactly the one that was altered is found.
func TestOriginalsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t, "orders", 1)
		judge := func(letters history) Result {
			j := NewOriginals("orders")
			for i, letter := range letters {
				place := h[i]
				letter.Topic, letter.Partition, letter.Offset = "orders_dlq", 0, int64(i)
				letter.Headers = append(slices.Clone(letter.Headers), record.Header{Key: "dlq-attempts"})
				j.Letter(place.Partition, place.Offset, &letter)
			}
			j.Letter(9, 9, &record.Record{Key: []byte("nobody's")})
			for i := range h {
				j.Input(&h[i])
			}
			return j.Result()
		}
		letters := slices.Clone(h[:rapid.IntRange(1, len(h)).Draw(t, "letters")])
		wantFindings(t, judge(letters))
		one := rapid.IntRange(0, len(letters)-1).Draw(t, "one")
		change := rapid.SampledFrom([]func(*record.Record){
			func(r *record.Record) { r.Key = append(slices.Clone(r.Key), '!') },
			func(r *record.Record) { r.Key = nil },
			func(r *record.Record) { r.Value = append(slices.Clone(r.Value), ' ') },
			func(r *record.Record) { r.Value = nil },
		}).Draw(t, "change")
		change(&letters[one])
		wantFindings(t, judge(letters), at(AlteredLetter, h[one]))
	})
}

func TestOriginalsTellWhatHappened(t *testing.T) {
	j := NewOriginals("orders")
	wantInconclusive(t, j.Result(), "nothing was judged: no record that is set aside was read")
	j.Letter(0, 4, &record.Record{Topic: "orders_dlq", Partition: 1, Offset: 7, Key: []byte("u1"), Value: []byte("{}")})
	j.Input(&record.Record{Partition: 0, Offset: 4, Key: []byte("u1")})
	want := "altered dead letter: orders partition 0 offset 4 key u1: its dead letter, orders_dlq partition 1 offset 7, " +
		"has the value {}, want null"
	if err := j.Result().Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A letter whose headers name another record than the one it holds is known by that record, wherever it stands.
func TestOriginalsKnowWhichRecordALetterHolds(t *testing.T) {
	for name, offsets := range map[string][]int64{"before": {1, 2}, "behind": {2, 1}} {
		j := NewOriginals("orders")
		j.Letter(0, 2, &record.Record{Topic: "orders_dlq", Key: []byte("u1"), Value: []byte("rubbish")})
		for _, offset := range offsets {
			held := map[int64]string{1: "rubbish", 2: "{}"}
			j.Input(&record.Record{Partition: 0, Offset: offset, Key: []byte("u1"), Value: []byte(held[offset])})
		}
		const want = "has the value rubbish, want {}; it is a copy of orders partition 0 offset 1, so look at the headers"
		for range 2 { // judged again, it says the same
			if err := j.Result().Err(); err == nil || !strings.Contains(err.Error(), want) ||
				strings.Count(err.Error(), "has the value") != 1 {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
	}
}
