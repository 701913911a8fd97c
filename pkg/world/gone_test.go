package world

import (
	"errors"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// TestWhatIsCertainWhereRecordsAreGone judges replies of which some are gone: that one is missing says nothing, unless
// more are missing than are gone. What is wrong with the rest is wrong.
func TestWhatIsCertainWhereRecordsAreGone(t *testing.T) {
	t.Parallel()
	replies := &Topic{Name: "replies"}
	for name, c := range map[string]struct {
		answered string // a letter for each reply; requests are a, b and c
		most     int64
		want     string // in the error; empty: nothing is certain
	}{
		"all may be among them":     {"", 3, ""},
		"one is missing":            {"ab", 1, ""},
		"one more is missing":       {"a", 1, "at most 1 of these"},
		"the rest twice":            {"abb", 1, "reply twice"},
		"the rest to nobody":        {"abz", 1, "no request in"},
		"nothing is missing":        {"abc", 1, ""},
		"nothing left, one is gone": {"", 1, "at most 1 of these"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judge := verdict.NewReplies("requests", "replies", "key", 0)
			for i, key := range "abc" {
				judge.Request(&record.Record{Topic: "requests", Offset: int64(i), Key: []byte(string(key))})
			}
			for i, key := range c.answered {
				judge.Reply(&record.Record{Topic: "replies", Offset: c.most + int64(i), Key: []byte(string(key))})
			}
			gone := &GoneError{Topic: replies, Records: c.most, Most: c.most, Once: true,
				Certain: verdict.AllBut(verdict.MissingReply)}
			err := gone.Judged(judge.Result())
			switch {
			case c.want == "" && err != nil:
				t.Errorf("got %v, want nothing that is certain", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
				errors.Is(err, verdict.ErrInconclusive)):
				t.Errorf("got %v, want a failure that says %q", err, c.want)
			}
		})
	}
	var none *GoneError
	if err := none.Err(); err != nil {
		t.Errorf("got %v where nothing is gone, want nil", err)
	}
}
