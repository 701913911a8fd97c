package verdict

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Numbers are told apart by value, and a text is no number, unless one of the two can only be text.
func TestIdentities(t *testing.T) {
	for _, c := range []struct {
		a, b         string
		same, asText bool
	}{
		{`{"n": 1}`, `{"n": 1.0}`, true, true},
		{`{"n": 1.50}`, `{"n": 15e-1}`, true, true},
		{`{"n": 12345678901234567890}`, `{"n": 12345678901234567891}`, false, false},
		{`{"n": 1}`, `{"n": "1"}`, false, true},
		{`{"n": "1"}`, `{"n": "1.0"}`, false, false},
		{`{"n": "1"}`, `{"n": "\"1\""}`, false, false},
		{`{"n": "o-1"}`, `{"n": "o-\u0031"}`, true, true},
	} {
		for _, asText := range []bool{false, true} {
			by := newIdentity("n", asText)
			a, errA := by.read(&record.Record{Value: []byte(c.a)})
			b, errB := by.read(&record.Record{Value: []byte(c.b)})
			want := c.same
			if asText {
				want = c.asText
			}
			if errA != nil || errB != nil || (a == b) != want {
				t.Errorf("as text %v: got %q and %q (%v, %v) of %s and %s, want them to be the same: %v", asText, a, b, errA, errB,
					c.a, c.b, want)
			}
		}
	}
	for _, value := range []string{`{"n": true}`, `{"n": null}`, `{"n": {}}`, `{"n": [1]}`, `{}`, `1`} {
		if id, err := newIdentity("n", false).read(&record.Record{Value: []byte(value)}); err == nil {
			t.Errorf("got the identity %q of %s, want an error", id, value)
		}
	}
}

// A payment joined by the text "1" is not the one joined by the number 1. Where one side has it as a record's key,
// which is text, they are.
func TestJoinByNumberOrText(t *testing.T) {
	for _, c := range []struct {
		name  string
		right *Picture
		user  record.Record
		found bool
	}{
		{"numbers", drawnAs([2]string{"value.id", "{key}"}), joinRecord("users", 0, "", `{"id": 1.0}`, 0), true},
		{"a text", drawnAs([2]string{"value.id", "{key}"}), joinRecord("users", 0, "", `{"id": "1"}`, 0), false},
		{"a key", nil, joinRecord("users", 0, "1", `{"id": 1.0}`, 0), true},
	} {
		j := NewJoin(joinTopics, JoinRules{Field: "user", By: "id", Left: drawnAs([2]string{"value.user_id", "{key}"}),
			Right: c.right})
		left := joinRecord("payments", 0, "p", `{"id": 7, "user_id": 1}`, 1)
		joined := joinRecord("enriched", 0, "p", `{"id": 7, "user_id": 1, "user": `+string(c.user.Value)+`}`, 1)
		j.Right(&c.user)
		j.Left(&left)
		j.Joined(&joined)
		if got := j.Result(); got.Outcome == Pass != c.found {
			t.Errorf("%s: got %v, want a match to be %v", c.name, got.Findings, c.found)
		}
	}
}
