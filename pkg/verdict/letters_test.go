package verdict

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

func TestLetters(t *testing.T) {
	for name, tc := range map[string]struct {
		safe, sent time.Duration
		offset     int64
		want       []Finding
	}{
		"after":                      {5, 6, 4, nil},
		"before":                     {5, 4, 4, []Finding{{Kind: CommitAhead, Topic: "orders", Offset: 3, Count: 1}}},
		"never acknowledged":         {0, 9, 4, []Finding{{Kind: CommitAhead, Topic: "orders", Offset: 3, Count: 1}}},
		"the second commit is later": {8, 9, 4, nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := NewLetters("shipping", "orders")
			j.DeadLetter(0, 3, tc.safe)
			j.Committed(membership.Commit{Offset: 9, Sent: 20})
			j.Committed(membership.Commit{Offset: 3, Sent: 1}) // the record itself is the next to be read
			j.Committed(membership.Commit{Offset: tc.offset, Sent: tc.sent})
			wantFindings(t, j.Result(), tc.want...)
		})
	}
	j := NewLetters("shipping", "orders")
	j.DeadLetter(0, 3, 5)
	j.Committed(membership.Commit{Partition: 1, Offset: 9})
	wantInconclusive(t, j.Result(), "nothing was judged: no record that was set aside was committed")
}

// TestLettersAgainstEveryPair compares with a judge that looks for any commit beyond a record of which no letter is
// safe yet.
func TestLettersAgainstEveryPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := NewLetters("shipping", "orders")
		safe, bad := map[int64][]int{}, map[int64]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "letters") {
			offset := rapid.Int64Range(0, 9).Draw(t, "offset")
			at := rapid.IntRange(0, 9).Draw(t, "safe")
			safe[offset] = append(safe[offset], at)
			j.DeadLetter(0, offset, time.Duration(at))
		}
		for range rapid.IntRange(1, 6).Draw(t, "commits") {
			offset, sent := rapid.Int64Range(0, 10).Draw(t, "commit"), rapid.IntRange(0, 9).Draw(t, "sent")
			j.Committed(membership.Commit{Offset: offset, Sent: time.Duration(sent)})
			for l, all := range safe {
				if offset > l && !slices.ContainsFunc(all, func(at int) bool { return at != 0 && at <= sent }) {
					bad[l] = true
				}
			}
		}
		if got := j.Result().Total; got != int64(len(bad)) {
			t.Fatalf("got %d findings, want %d", got, len(bad))
		}
	})
}
