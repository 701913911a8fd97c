package verdict

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// In a random history each outcome is held against what the log has.
func TestSendsFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := drawHistory(t, "orders", 3)
		i := rapid.IntRange(0, len(log)-1).Draw(t, "which")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "mix"), 1))
		judge := func(outcome SendOutcome, log, sent history) Result {
			s := NewSends("orders")
			mixed(random, sent, log, func(r *record.Record) {
				if string(r.Value) == string(sent[i].Value) {
					s.Sent(outcome, r)
				} else {
					s.Sent(SendOK, r)
				}
			}, s.InLog)
			return s.Result()
		}
		twice := log.appended(log[i])
		wantFindings(t, judge(SendOK, log, log))
		wantFindings(t, judge(SendUnknown, log, log))
		wantFindings(t, judge(SendFailed, log, log), at(RefusedAppended, log[i]))
		wantFindings(t, judge(SendOK, log.without(i), log), at(LostWrite, log[i]))
		wantFindings(t, judge(SendUnknown, log.without(i), log))
		wantFindings(t, judge(SendFailed, log.without(i), log))
		wantFindings(t, judge("timed out", log.without(i), log)) // any other outcome is unknown
		wantFindings(t, judge(SendOK, twice, log), at(Duplicate, twice[len(twice)-1]))
		foreign := log.appended(record.Record{Topic: "orders", Key: []byte("u1"), Value: []byte("foreign")})
		wantFindings(t, judge(SendOK, foreign, log), at(Unexpected, foreign[len(foreign)-1]))
	})
}

// Against counting in maps, with few contents sent again and again.
func TestSendsAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SampledFrom([]string{"a", "b", "c"})
		outcome := rapid.SampledFrom([]SendOutcome{SendOK, SendOK, SendFailed, SendUnknown})
		s := NewSends("orders")
		s.Sent(SendOK, &record.Record{Value: []byte("x")})
		s.InLog(&record.Record{Value: []byte("x")})
		type counts struct{ ok, failed, unknown, in int }
		all := map[string]*counts{"a": {}, "b": {}, "c": {}}
		for range rapid.IntRange(0, 20).Draw(t, "sends") {
			v := content.Draw(t, "sent")
			o := outcome.Draw(t, "outcome")
			s.Sent(o, &record.Record{Partition: -1, Offset: -1, Value: []byte(v)})
			switch o {
			case SendOK:
				all[v].ok++
			case SendFailed:
				all[v].failed++
			default:
				all[v].unknown++
			}
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "in log") {
			v := content.Draw(t, "appended")
			all[v].in++
			s.InLog(&record.Record{Offset: int64(i + 1), Value: []byte(v)})
		}
		want := map[string]int64{}
		tell := func(kind string, n int) {
			if n > 0 {
				want[kind] += int64(n)
			}
		}
		for _, c := range all {
			tell(LostWrite, c.ok-c.in)
			extra := max(c.in-c.ok-c.unknown, 0)
			if c.ok+c.unknown+c.failed == 0 {
				tell(Unexpected, extra)
				continue
			}
			tell(RefusedAppended, min(extra, c.failed))
			tell(Duplicate, extra-c.failed)
		}
		got := map[string]int64{}
		for _, k := range s.Result().Kinds {
			got[k.Kind] = k.Findings
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-naive +got):\n%s", diff)
		}
	})
}

func TestSendsTellsWhatHappened(t *testing.T) {
	s := NewSends("orders")
	r := func(offset int64, value string) *record.Record {
		return &record.Record{Partition: 1, Offset: offset, Key: []byte("u7"), Value: []byte(value)}
	}
	s.Sent(SendOK, r(42, "a"))
	s.Sent(SendOK, r(43, "b"))
	s.Sent(SendFailed, r(-1, "c"))
	s.InLog(r(43, "b"))
	s.InLog(r(44, "b"))
	s.InLog(r(45, "c"))
	s.InLog(r(46, "d"))
	var lines []string
	for _, f := range s.Result().Findings {
		lines = append(lines, f.String())
	}
	want := []string{
		"lost write: orders partition 1 offset 42 key u7: acknowledged, not in the log",
		"duplicate: orders partition 1 offset 44 key u7: 2 times in the log, sent 1 times; also at orders partition 1 " +
			"offset 43",
		"unexpected: orders partition 1 offset 46 key u7: in the log, but nobody sent it",
		"appended though refused: orders partition 1 offset 45 key u7: reported as failed, but it is in the log",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where the acknowledgement's place is not known the key still is.
func TestSendsNamesTheKeyWithoutAPlace(t *testing.T) {
	s := NewSends("orders")
	for i := range 3 {
		s.Sent(SendOK, &record.Record{Partition: -1, Offset: -1, Key: fmt.Append(nil, "u", i), Value: []byte("x")})
	}
	s.InLog(&record.Record{Key: []byte("u0"), Value: []byte("x")})
	err := s.Result().Err()
	for _, want := range []string{"lost write: orders key u1: acknowledged", "lost write: orders key u2: acknowledged"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestSendsWithoutAnAcknowledgementIsInconclusive(t *testing.T) {
	wantInconclusive(t, NewSends("orders").Result(), "nothing was judged: nothing was sent to orders")
	s := NewSends("orders")
	s.Sent(SendFailed, &record.Record{Value: []byte("a")})
	s.Sent(SendUnknown, &record.Record{Value: []byte("b")})
	wantInconclusive(t, s.Result(), "nothing was acknowledged: 1 sends failed and 1 ended unknown")
}
