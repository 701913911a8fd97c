package verdict

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func drawing(t rapid.TB, rows ...string) *Picture {
	t.Helper()
	var table [][]string
	for _, row := range rows {
		place, what, _ := strings.Cut(row, " = ")
		table = append(table, []string{place, what})
	}
	p, err := NewPicture(table)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// oneJoin judges the join of one payment of u1, at second 10, with a user of second 5.
func oneJoin(topics JoinTopics, rules JoinRules, payment, user string, results ...record.Record) error {
	j := NewJoin(topics, rules)
	left, right := joinRecord("payments", 0, "u1", payment, 10), joinRecord("users", 0, "u1", user, 5)
	j.Left(&left)
	if user != "" {
		j.Right(&right)
	}
	for i := range results {
		if results[i].Topic == "unmatched" {
			j.Unmatched(&results[i])
		} else {
			j.Joined(&results[i])
		}
	}
	return j.Result().Err()
}

// Parts are told apart: null is no empty text, and what ends one does not begin the next.
func TestDigestsTellPartsApart(t *testing.T) {
	h := newHasher()
	seen := map[uint64][]string{}
	for _, parts := range [][]string{{"a", "bc"}, {"ab", "c"}, {"abc", ""}, {"abc"}, {"abc", "-"},
		{"a\x01b", "c"}, {"a", "b\x01c"}} {
		d := digest{hash: &h}
		for _, p := range parts {
			content := []byte(p)
			if p == "-" {
				content = nil
			}
			d.add(content)
		}
		if before := seen[d.sum()]; before != nil {
			t.Errorf("got one digest for %q and %q, want two", before, parts)
		}
		seen[d.sum()] = parts
	}
}

func TestJoinComparesByValue(t *testing.T) {
	const ada = `{"name": "Ada", "limit": 10.50}`
	for _, c := range []struct{ payment, result, want string }{
		{`{"id": 1, "amount": 5.10}`, `{"user": {"limit": 10.5, "name": "Ada"}, "amount": 5.1, "id": 1}`, ""},
		{`{"id": 1, "amount": 1e2}`, `{"user":{"name":"Ada","limit":1.05e1},"id":1.0,"amount":100}`, ""},
		{`{"id": 1, "amount": 5.0}`, `{"user":{"name":"Ada","limit":10.50},"id":1,"amount":5}`, ""},
		{`{"id": 1, "who": "é"}`, `{"user":{"name":"Ada","limit":10.50},"id":1,"who":"\u00e9"}`, ""},
		{`{"id": 1, "amount": 9007199254740993}`, `{"user":` + ada + `,"id":1,"amount":9007199254740992}`, AlteredResult},
		{`{"id": 1, "amount": 5.10}`, `{"user":` + ada + `,"id":1,"amount":5.11}`, AlteredResult},
		{`{"id": 1, "amount": 0.1234567890123456789}`, `{"user":` + ada + `,"id":1,"amount":0.1234567890123456788}`,
			AlteredResult},
		{`{"id": 1, "amount": 5}`, `{"user":` + ada + `,"id":1,"amount":"5"}`, AlteredResult},
		{`{"id": 1, "a": null}`, `{"user":` + ada + `,"id":1}`, AlteredResult},
		{`{"id": 1}`, `{"user":` + ada + `,"id":1,"b":2}`, AlteredResult},
		{`{"id": 1}`, `{"user":{"name":"Ada","limit":"10.50"},"id":1}`, WrongMatch},
		{`{"id": 1}`, `{"user":{"name":"Ada","limit":10.51},"id":1}`, WrongMatch},
		{`{"id": 1}`, `{"id":1}`, WrongMatch},
	} {
		err := oneJoin(joinTopics, JoinRules{Field: "user", By: "id"}, c.payment, ada,
			joinRecord("enriched", 0, "u1", c.result, 10))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s as %s: got %v, want %q", c.payment, c.result, err, c.want)
		}
	}
}

func TestJoinsOfOtherShapes(t *testing.T) {
	const payment, ada = `{"id": 1, "amount": 5}`, `{"name": "Ada", "address": {"city": "Rome"}}`
	flat := drawing(t, "key = {left.id}", "value.payment = {left.id}", "value.amount = {left.amount}",
		"value.user.name = {right.name}", "value.user.city = {right.address.city}", "value.at = {time in ms}",
		"value.id = {id}", "value.made = {any}")
	const at = 1_700_000_010_000
	right := fmt.Sprintf(`{"id": 1, "payment": 1, "amount": 5.0, "user": {"city": "Rome", "name": "Ada"}, "at": %d, "made": 7}`,
		at)
	rules := JoinRules{Left: drawing(t, "value.id = {id}"), Joined: flat}
	inner := JoinTopics{Left: "payments", Right: "users", Joined: "enriched"}
	enriched := func(key, value string) record.Record { return joinRecord("enriched", 0, key, value, 10) }
	unmatched := func(key, value string) record.Record { return joinRecord("unmatched", 0, key, value, 10) }
	plain := JoinRules{Field: "user", By: "id"}
	for _, c := range []struct {
		name   string
		topics JoinTopics
		rules  JoinRules
		user   string
		got    []record.Record
		want   string
	}{
		{"flat", joinTopics, rules, ada, []record.Record{enriched("1", right)}, ""},
		{"flat, another city", joinTopics, rules, ada,
			[]record.Record{enriched("1", strings.Replace(right, "Rome", "Oslo", 1))}, WrongMatch},
		{"flat, another amount", joinTopics, rules, ada,
			[]record.Record{enriched("1", strings.Replace(right, "5.0", "6", 1))}, AlteredResult},
		{"flat, another key", joinTopics, rules, ada, []record.Record{enriched("u1", right)}, AlteredResult},
		{"flat, another time", joinTopics, rules, ada,
			[]record.Record{enriched("1", strings.Replace(right, "10000", "10001", 1))}, AlteredResult},
		{"flat, what nobody drew", joinTopics, rules, ada,
			[]record.Record{enriched("1", strings.Replace(right, "{", `{"x": 1, `, 1))}, AlteredResult},
		{"unmatched as it was", joinTopics, plain, "", []record.Record{unmatched("u1", payment)}, ""},
		{"unmatched with an invented user", joinTopics, plain, "",
			[]record.Record{unmatched("u1", `{"id": 1, "amount": 5, "user": {"name": "Bob"}}`)}, AlteredResult},
		{"unmatched under another key", joinTopics, plain, "", []record.Record{unmatched("u2", payment)}, AlteredResult},
		{"joined under another key", joinTopics, plain, ada,
			[]record.Record{enriched("u2", `{"id": 1, "amount": 5, "user": `+ada+`}`)}, "another key"},
		{"with a field that is stated", joinTopics, JoinRules{Field: "user", By: "id", Adds: []string{"at", "by.whom"}}, ada,
			[]record.Record{enriched("u1", `{"id": 1, "amount": 5, "at": 7, "by": {"whom": 8}, "user": `+ada+`}`)}, ""},
		{"with another field", joinTopics, JoinRules{Field: "user", By: "id", Adds: []string{"at"}}, ada,
			[]record.Record{enriched("u1", `{"id": 1, "amount": 5, "by": 7, "user": `+ada+`}`)}, AlteredResult},
		{"inner, dropped", inner, plain, "", nil, "nothing was judged: no record of payments has a match in users"},
		{"inner, lost", inner, plain, ada, nil, MissingResult},
		{"inner, invented", inner, plain, "",
			[]record.Record{enriched("u1", `{"id": 1, "amount": 5, "user": `+ada+`}`)}, MatchedNoneInForce},
		{"left, null", inner, JoinRules{Field: "user", By: "id", Null: true}, "",
			[]record.Record{enriched("u1", `{"id": 1, "amount": 5, "user": null}`)}, ""},
		{"left, lost", inner, JoinRules{Field: "user", By: "id", Null: true}, "", nil, MissingResult},
		{"left, null though in force", inner, JoinRules{Field: "user", By: "id", Null: true}, ada,
			[]record.Record{enriched("u1", `{"id": 1, "amount": 5, "user": null}`)}, UnmatchedInForce},
		{"left, altered", inner, JoinRules{Field: "user", By: "id", Null: true}, "",
			[]record.Record{enriched("u1", `{"id": 1, "amount": 6, "user": null}`)}, AlteredResult},
		{"by another key", joinTopics, JoinRules{Field: "user", By: "id", Left: drawing(t, "value.amount = {key}")}, ada,
			[]record.Record{unmatched("u1", payment)}, ""},
		{"at another time", joinTopics, JoinRules{Field: "user", By: "id", Left: drawing(t, "value.amount = {time in s}")},
			ada, []record.Record{unmatched("u1", payment)}, ""},
		{"at no time", joinTopics, JoinRules{Field: "user", By: "id", Left: drawing(t, "value.when = {time in s}")},
			ada, []record.Record{unmatched("u1", payment)}, "cannot be joined: value.when: there is none"},
		{"at what is no time", joinTopics, JoinRules{Field: "user", By: "id", Left: drawing(t, "key = {time in s}")},
			ada, []record.Record{unmatched("u1", payment)}, "cannot be joined: key: got u1, want a time in ISO 8601"},
	} {
		err := oneJoin(c.topics, c.rules, payment, c.user, c.got...)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// dumped is a JSON document as json.dumps(json.loads(…)) of Python writes it, its fields in another order.
func dumped(t rapid.TB, text string) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil {
		t.Fatal(err)
	}
	return pythonic(fields)
}

func pythonic(v any) string {
	switch v := v.(type) {
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") {
			return v.String()
		}
		f, _ := v.Float64() // Python keeps what has a dot or an exponent as a double, and writes the shortest one
		text := fmt.Sprint(f)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case string:
		return strings.ToLower(fmt.Sprintf("%+q", v))
	case map[string]any:
		var fields []string
		for name, value := range v {
			fields = append(fields, fmt.Sprintf("%q: %s", name, pythonic(value)))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// 600 results as a program in Python writes them are right; one that is wrong by a digit is found among them.
func TestJoinOfAProgramInPython(t *testing.T) {
	amounts := []string{"5.10", "100", "1e2", "5.0", "0.1", "12.50", "9007199254740993", "123456.789", "1E-3", "0"}
	for _, planted := range []int{-1, 0, 299, 599} {
		j := NewJoin(joinTopics, JoinRules{Field: "user", By: "id", Adds: []string{"joined_at"}})
		for i := range 600 {
			key := fmt.Sprintf("u%d", i%7)
			user := fmt.Sprintf(`{"name": "ä%d", "limit": %s, "vip": true}`, i%7, amounts[i%7])
			value := fmt.Sprintf(`{"id": %d, "amount": %s, "note": "n°%d"}`, i, amounts[i%len(amounts)], i)
			if i < 7 {
				right := joinRecord("users", i, key, user, 0)
				j.Right(&right)
			}
			left := joinRecord("payments", i, key, value, i+1)
			j.Left(&left)
			if i == planted {
				value = strings.Replace(value, `"amount": `, `"amount": 1`, 1)
			}
			made := fmt.Sprintf(`{"joined_at": 1.5, "user": %s, %s`, dumped(t, user), dumped(t, value)[1:])
			result := joinRecord("enriched", i, key, made, 0)
			j.Joined(&result)
		}
		err := j.Result().Err()
		if planted < 0 && err != nil || planted >= 0 && (err == nil || !strings.Contains(err.Error(),
			fmt.Sprintf("payments partition 0 offset %d", planted))) {
			t.Errorf("planted at %d: got %v", planted, err)
		}
	}
}

// TestDroppedBesideMatched has one payment of two find a user: the other is rightly without a result.
func TestDroppedBesideMatched(t *testing.T) {
	for name, c := range map[string]struct {
		results []string
		want    string
	}{
		"right":                 {[]string{"p1"}, ""},
		"none":                  {nil, MissingResult},
		"the other one as well": {[]string{"p1", "p2"}, MatchedNoneInForce},
	} {
		j := NewJoin(JoinTopics{Left: "payments", Right: "users", Joined: "enriched"}, JoinRules{Field: "user", By: "id"})
		user := joinRecord("users", 0, "u1", `{"name": "Ada"}`, 5)
		j.Right(&user)
		for i, key := range []string{"u1", "u2"} {
			payment := joinRecord("payments", i, key, fmt.Sprintf(`{"id": "p%d"}`, i+1), 10)
			j.Left(&payment)
		}
		for i, id := range c.results {
			result := joinRecord("enriched", i, fmt.Sprintf("u%d", i+1), `{"id": "`+id+`", "user": {"name": "Ada"}}`, 10)
			j.Joined(&result)
		}
		err := j.Result().Err()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
