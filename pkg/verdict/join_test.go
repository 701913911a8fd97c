package verdict

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

var joinTopics = JoinTopics{Left: "payments", Right: "users", Joined: "enriched", Unmatched: "unmatched"}

// joinLog is what the four topics of a join hold.
type joinLog struct{ payments, users, enriched, unmatched history }

func joinRecord(topic string, offset int, key, value string, second int) record.Record {
	r := record.Record{Topic: topic, Offset: int64(offset), Key: []byte(key),
		Timestamp: time.Unix(1_700_000_000+int64(second), 0)}
	if value != "" {
		r.Value = []byte(value)
	}
	return r
}

// drawJoin makes payments and versions of few users, and the results by the slow and obvious rule. No two versions of a
// user are alike.
func drawJoin(t *rapid.T) joinLog {
	var l joinLog
	taken := map[string]bool{}
	for i := range rapid.IntRange(0, 30).Draw(t, "versions") {
		key, second := fmt.Sprintf("u%d", rapid.IntRange(0, 3).Draw(t, "user")), rapid.IntRange(0, 40).Draw(t, "second")
		if at := fmt.Sprint(key, second); taken[at] {
			continue
		} else {
			taken[at] = true
		}
		value := fmt.Sprintf(`{"name": "%s", "version": %d}`, key, i)
		if rapid.IntRange(0, 4).Draw(t, "removed") == 0 {
			value = ""
		}
		l.users = append(l.users, joinRecord("users", i, key, value, second))
	}
	for i := range rapid.IntRange(1, 30).Draw(t, "payments") {
		p := joinRecord("payments", i, fmt.Sprintf("u%d", rapid.IntRange(0, 4).Draw(t, "payer")),
			fmt.Sprintf(`{"id": %d, "amount": 5}`, i), rapid.IntRange(0, 45).Draw(t, "at"))
		l.payments = append(l.payments, p)
		l.answer(p, l.rightFor(p))
	}
	return l
}

// rightFor looks at every version.
func (l *joinLog) rightFor(p record.Record) []byte {
	var best *record.Record
	for i := range l.users {
		u := &l.users[i]
		if string(u.Key) == string(p.Key) && !u.Timestamp.After(p.Timestamp) &&
			(best == nil || u.Timestamp.After(best.Timestamp)) {
			best = u
		}
	}
	if best == nil {
		return nil
	}
	return best.Value
}

func (l *joinLog) answer(p record.Record, user []byte) {
	if user == nil {
		p.Topic, p.Offset = "unmatched", int64(len(l.unmatched))
		l.unmatched = append(l.unmatched, p)
		return
	}
	p.Topic, p.Offset = "enriched", int64(len(l.enriched))
	p.Value = fmt.Appendf(nil, `{"user":%s,%s`, user, strings.TrimPrefix(string(p.Value), "{"))
	l.enriched = append(l.enriched, p)
}

func (l *joinLog) judge(random *rand.Rand) Result {
	j := NewJoin(joinTopics, JoinRules{Field: "user", By: "id"})
	feeds := []struct {
		h    history
		feed func(*record.Record)
	}{{l.payments, j.Left}, {l.users, j.Right}, {l.enriched, j.Joined}, {l.unmatched, j.Unmatched}}
	random.Shuffle(len(feeds), func(a, b int) { feeds[a], feeds[b] = feeds[b], feeds[a] })
	for _, f := range feeds {
		for i := range f.h {
			f.feed(&f.h[i])
		}
	}
	return j.Result()
}

// In a random join exactly the planted faults are found.
func TestJoinFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawJoin(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "mix"), 1))
		wantFindings(t, l.judge(random))

		i := rapid.IntRange(0, len(l.payments)-1).Draw(t, "which")
		p := l.payments[i]
		right := l.rightFor(p)
		planted := joinLog{payments: l.payments, users: l.users}
		answerAll := func(user []byte) joinLog {
			planted.enriched, planted.unmatched = nil, nil
			for k, other := range l.payments {
				if k != i {
					planted.answer(other, l.rightFor(other))
				} else if user != nil {
					planted.answer(other, user)
				}
			}
			return planted
		}
		lost := answerAll(nil)
		wantFindings(t, lost.judge(random), at(MissingResult, p))
		twice := answerAll(nil)
		twice.answer(p, right)
		twice.answer(p, right)
		wantFindings(t, twice.judge(random), at(RepeatedResult, p))
		altered := answerAll(nil)
		changed := p
		changed.Value = bytes.Replace(p.Value, []byte("{"), []byte(`{"altered": true, `), 1)
		altered.answer(changed, right)
		wantFindings(t, altered.judge(random), at(AlteredResult, p))
		wrong := answerAll([]byte(`{"name": "nobody"}`))
		if right == nil {
			wantFindings(t, wrong.judge(random), at(MatchedNoneInForce, p))
			return
		}
		wantFindings(t, wrong.judge(random), at(WrongMatch, p))
		left := answerAll(nil)
		left.answer(p, nil)
		wantFindings(t, left.judge(random), at(UnmatchedInForce, p))
	})
}

func TestJoinSaysWhoWasJoined(t *testing.T) {
	l := joinLog{users: history{
		joinRecord("users", 0, "u1", `{"name":"Ada"}`, 0), joinRecord("users", 1, "u1", `{"name":"Ada Lovelace"}`, 60),
		joinRecord("users", 2, "u2", `{"name":"Bob"}`, 0), joinRecord("users", 3, "u2", "", 60),
	}}
	for i, p := range []struct {
		key, second, user string
	}{
		{"u1", "30", `{"name": "Ada Lovelace"}`}, // the newest
		{"u1", "70", `{"name": "Bob"}`},          // another key's
		{"u2", "70", `{"name": "Bob"}`},          // removed
		{"u3", "70", `{"name": "Ada"}`},          // none at all
		{"u1", "60", ``},                         // unmatched, exactly when the version begins
	} {
		var second int
		_, _ = fmt.Sscan(p.second, &second)
		payment := joinRecord("payments", i, p.key, fmt.Sprintf(`{"id":"p%d"}`, i), second)
		l.payments = append(l.payments, payment)
		var user []byte
		if p.user != "" {
			user = []byte(p.user)
		}
		l.answer(payment, user)
	}
	text := l.judge(rand.New(rand.NewPCG(1, 1))).Err().Error()
	for _, want := range []string{
		"wrong match: payments partition 0 offset 0 key u1: id p0 at 2023-11-14T22:13:50Z: matched at enriched partition 0 " +
			"offset 0 with the version of 2023-11-14T22:14:20Z, want the version of 2023-11-14T22:13:20Z",
		"with the version of 2023-11-14T22:13:20Z of another key, u2, want the version of 2023-11-14T22:14:20Z",
		"matched though none in force: payments partition 0 offset 2 key u2: id p2 at 2023-11-14T22:14:30Z: matched at " +
			"enriched partition 0 offset 2 with the version of 2023-11-14T22:13:20Z, though a tombstone of " +
			"2023-11-14T22:14:20Z had removed the key",
		"matched at enriched partition 0 offset 3 with the version of 2023-11-14T22:13:20Z of another key, u1, though none " +
			"was in force",
		"unmatched though one in force: payments partition 0 offset 4 key u1: id p4 at 2023-11-14T22:14:20Z: unmatched at " +
			"unmatched partition 0 offset 0, and the version of 2023-11-14T22:14:20Z was in force",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s\nwant %s", text, want)
		}
	}
}

// What cannot be told apart or belongs to nobody is found, and an altered payment is.
func TestJoinUnexpected(t *testing.T) {
	j := NewJoin(joinTopics, JoinRules{Field: "user", By: "id"})
	feed := func(to func(*record.Record), r record.Record) { to(&r) }
	feed(j.Right, joinRecord("users", 0, "u1", `{}`, 0))
	feed(j.Left, joinRecord("payments", 0, "u1", `{"id":"p1","amount":5}`, 0))
	feed(j.Left, joinRecord("payments", 1, "u1", `{"id":"p1","amount":6}`, 0))
	feed(j.Left, joinRecord("payments", 2, "u1", `{"amount":6}`, 0))
	feed(j.Joined, joinRecord("enriched", 0, "u1", `{"id":"p1","amount":7,"user":{}}`, 0))
	feed(j.Joined, joinRecord("enriched", 1, "u1", `{"id":"p9","user":{}}`, 0))
	feed(j.Unmatched, joinRecord("unmatched", 0, "u1", `oops`, 0))
	kinds := map[string]int64{}
	for _, k := range j.Result().Kinds {
		kinds[k.Kind] = k.Findings
	}
	if want := map[string]int64{Unexpected: 4, AlteredResult: 1}; fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v:\n%v", kinds, want, j.Result().Err())
	}
}

func TestJoinOfVersionsOfOneTimeTakesAny(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		j := NewJoin(joinTopics, JoinRules{Field: "user", By: "id"})
		for i, r := range []record.Record{joinRecord("users", 0, "u1", `"a"`, 5), joinRecord("users", 1, "u1", `"b"`, 5),
			joinRecord("users", 2, "u1", `"c"`, 4)} {
			r.Offset = int64(i)
			j.Right(&r)
		}
		p := joinRecord("payments", 0, "u1", `{"id":1}`, 6)
		j.Left(&p)
		p.Value = fmt.Appendf(nil, `{"id":1,"user":%q}`, name)
		j.Joined(&p)
		if got, want := j.Result().Outcome == Pass, name != "c"; got != want {
			t.Errorf("got pass %t for %s, want %t", got, name, want)
		}
	}
}

func TestResultsCountsOnly(t *testing.T) {
	j := NewResults(joinTopics, "headers.id")
	for i := range 3 {
		r := record.Record{Topic: "payments", Offset: int64(i), Headers: []record.Header{{Key: "id",
			Value: fmt.Append(nil, i)}}}
		j.Left(&r)
		if i > 0 {
			j.Joined(&r)
		}
		if i > 1 {
			j.Unmatched(&r)
		}
	}
	want := "results of payments: got 1 × missing result, 1 × result twice, want none (6 looked at)\n" +
		"  missing result: payments partition 0 offset 0: headers.id 0 is neither in enriched nor in unmatched\n" +
		"  result twice: payments partition 0 offset 2: headers.id 2 has 2 results, at payments partition 0 offset 2 and " +
		"at payments partition 0 offset 2\n"
	if got := j.Result().Err().Error(); !strings.HasPrefix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	wantInconclusive(t, NewResults(joinTopics, "id").Result(), "nothing was judged: no record of payments was read")
}

// A result that writes the numbers of its record in another notation is not altered; one that rounds them is.
func TestJoinComparesNumbersByValue(t *testing.T) {
	for value, altered := range map[string]bool{
		`{"payment_id": 1, "amount": 5.1, "user": {"v": 100}}`:                 false,
		`{"user": {"v": 1e2}, "amount": 5.10, "payment_id": 1.0}`:              false,
		`{"payment_id": 1, "amount": 5.1000000001, "user": {"v": 100}}`:        true,
		`{"payment_id": 1, "amount": 5.1, "user": {"v": 100}, "new": "field"}`: true,
		`{"payment_id": 1, "amount": "5.1", "user": {"v": 100}}`:               true,
	} {
		j := NewJoin(joinTopics, JoinRules{Field: "user", By: "value.payment_id"})
		right := joinRecord("users", 0, "u1", `{"v": 100}`, 0)
		left := joinRecord("payments", 0, "u1", `{"payment_id": 1, "amount": 5.10}`, 1)
		joined := joinRecord("enriched", 0, "u1", value, 1)
		j.Right(&right)
		j.Left(&left)
		j.Joined(&joined)
		got := j.Result()
		if found := len(got.Findings) > 0; found != altered {
			t.Errorf("%s: got %v, want altered to be %v", value, got.Findings, altered)
		}
	}
}
