package joiner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is in memory and in the changelog does not grow with time.
func TestMemoryIsBounded(t *testing.T) {
	m := newMachine(10, 20, 1000)
	for i := range 20_000 {
		key := fmt.Sprintf("u%d", i%50)
		m.take(userAt(key, i, fmt.Sprintf(`%d`, i)), event{payment: true, key: key, second: i, value: "{}", offset: int64(i)})
		if i%7 == 0 {
			m.take(userAt(fmt.Sprintf("gone%d", i), i, `"x"`), userAt(fmt.Sprintf("gone%d", i), i+1, ""))
		}
		if i%100 == 0 {
			m.commit()
		}
	}
	m.commit()
	entries := len(m.live())
	if entries > 200 || len(m.users) > 60 || len(m.waiting) > 11 {
		t.Errorf("got %d entries, %d users, %d waiting, want at most 200, 60 and 11", entries, len(m.users), len(m.waiting))
	}
	m.restart()
	if len(m.users) > 60 || len(m.waiting) > 11 || m.now != 19_999_000+1000 {
		t.Errorf("restored: got %d users, %d waiting, clock %d, want at most 60 and 11, and 20000000", len(m.users),
			len(m.waiting), m.now)
	}
}

// Whoever takes a partition over knows that a user had older versions, until the user is gone: then nothing of that is
// left in the changelog.
func TestForgottenVersionsAreRemembered(t *testing.T) {
	m := newMachine(10, 20, 10).take(userAt("u1", 0, `1`), userAt("u1", 100, `2`), userAt("u1", 200, `3`))
	m.commit()
	m.restart()
	m.take(paymentAt("u1", 50, "a"), userAt("u1", 201, ""), paymentAt("u2", 300, "b"))
	m.commit()
	if diff := cmp.Diff([]string{`unmatched u1 50 {"id":"a"} too-old`}, m.results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"clock", "payment/0"}, m.live()); diff != "" {
		t.Errorf("keys of the changelog (-want +got):\n%s", diff)
	}
}

func TestReasons(t *testing.T) {
	for name, c := range map[string]struct {
		buffer int
		events []event
		want   []string
	}{
		"no user": {9, []event{paymentAt("u1", 10, "a")}, []string{`unmatched u1 10 {"id":"a"} no-user`}},
		"user too late": {9, []event{userAt("u1", 11, `1`), paymentAt("u1", 10, "a")},
			[]string{`unmatched u1 10 {"id":"a"} no-user`}},
		"in the instant": {9, []event{paymentAt("u1", 10, "a"), userAt("u1", 10, `1`)},
			[]string{`enriched u1 10 {"id":"a","user":1}`}},
		"removed": {9, []event{userAt("u1", 5, `1`), userAt("u1", 10, ""), paymentAt("u1", 10, "a")},
			[]string{`unmatched u1 10 {"id":"a"} no-user`}},
		"back again": {9, []event{userAt("u1", 5, ""), userAt("u1", 6, `1`), paymentAt("u1", 10, "a")},
			[]string{`enriched u1 10 {"id":"a","user":1}`}},
		"full": {1, []event{userAt("u1", 5, `1`), paymentAt("u1", 11, "b"), paymentAt("u1", 10, "a")}, []string{
			`enriched u1 11 {"id":"b","user":1}`, `unmatched u1 10 {"id":"a"} buffer-full`}},
		"too old": {9, []event{userAt("u1", 5, `1`), userAt("u1", 6, `2`), userAt("u1", 200, `3`), paymentAt("u1", 5, "a"),
			paymentAt("u1", 199, "b")}, []string{
			`enriched u1 199 {"id":"b","user":2}`, `unmatched u1 5 {"id":"a"} too-old`}},
		"no JSON": {9, []event{userAt("u1", 5, `1`), {payment: true, key: "u1", second: 10, value: "oops"}},
			[]string{`unmatched u1 10 oops not-json`}},
		"no object": {9, []event{userAt("u1", 5, `1`), {payment: true, key: "u1", second: 10, value: "[]"}},
			[]string{`unmatched u1 10 [] not-json`}},
		"user no JSON": {9, []event{userAt("u1", 5, `oops`), paymentAt("u1", 10, "a")},
			[]string{`unmatched u1 10 {"id":"a"} not-json`}},
		"no value": {9, []event{userAt("u1", 5, `1`), {payment: true, key: "u1", second: 10}},
			[]string{`unmatched u1 10  not-json`}},
		"no key": {9, []event{userAt("", 5, `1`), paymentAt("", 10, "a")},
			[]string{`unmatched  10 {"id":"a"} no-user`}},
		"field is taken": {9, []event{userAt("u1", 5, `1`), {payment: true, key: "u1", second: 10,
			value: `{"user" : "x", "n": 12345678901234567890}`}}, []string{
			`enriched u1 10 {"n":12345678901234567890,"user":1}`}},
		"empty object": {9, []event{userAt("u1", 5, `1`), {payment: true, key: "u1", second: 10, value: ` { } `}},
			[]string{`enriched u1 10 {"user":1}`}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(30, 100, c.buffer)
			for i, e := range c.events {
				e.offset = int64(i)
				m.take(e)
			}
			m.take(userAt("nobody", 1000, `""`))
			if diff := cmp.Diff(c.want, m.sorted()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestForeignChangelogIsRefused(t *testing.T) {
	for _, key := range []string{"window/1", "payment/x", "user/1", "user/x/1/u1", ""} {
		m := newMachine(1, 1, 1)
		if err := m.restore(key, []byte("1")); err == nil || !strings.Contains(err.Error(), "changelog of its own") {
			t.Errorf("got %v for %q, want it refused", err, key)
		}
	}
}
