package joiner

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"pgregory.net/rapid"
)

// event is a record of either topic; a user without a value is a tombstone.
type event struct {
	payment bool
	key     string
	second  int
	value   string
	offset  int64
}

func (e event) record() *kgo.Record {
	r := &kgo.Record{Topic: "users", Timestamp: time.Unix(int64(e.second), 0), Offset: e.offset, Value: []byte(e.value)}
	if e.payment {
		r.Topic = "payments"
	}
	if e.key != "" {
		r.Key = []byte(e.key)
	}
	if e.value == "" {
		r.Value = nil
	}
	return r
}

func (e event) String() string {
	return fmt.Sprintf("%t %s %d %s", e.payment, e.key, e.second, e.value)
}

func userAt(key string, second int, value string) event {
	return event{key: key, second: second, value: value}
}

func paymentAt(key string, second int, id string) event {
	return event{payment: true, key: key, second: second, value: fmt.Sprintf(`{"id":%q}`, id)}
}

// machine is a partition with a changelog that it can be restored from.
type machine struct {
	*partition
	set       *settings
	changelog []([2][]byte)
	results   []string
}

func newMachine(wait, history, buffer int) *machine {
	set := &settings{enriched: "enriched", unmatched: "unmatched", wait: int64(wait) * 1000,
		history: int64(history) * 1000, buffer: buffer}
	m := &machine{set: set}
	m.restart()
	return m
}

// restart forgets everything but the changelog.
func (m *machine) restart() {
	policy := m.set.defaultPolicy()
	m.partition = newPartition(m.set, &policy)
	m.out = m
	for _, e := range m.changelog {
		if err := m.restore(string(e[0]), e[1]); err != nil {
			panic(err)
		}
	}
	m.begin()
}

func (m *machine) commit() { m.changes() }

// Record, Emit and Changelog make it a stateful.Emitter.
func (m *machine) Record() (*kgo.Record, []byte) { return &kgo.Record{}, nil }

func (m *machine) Emit(r *kgo.Record) {
	text := fmt.Sprintf("%s %s %d %s", r.Topic, r.Key, r.Timestamp.Unix(), r.Value)
	for _, h := range r.Headers {
		text += " " + string(h.Value)
	}
	m.results = append(m.results, text)
}

func (m *machine) Changelog(key, value []byte) {
	m.changelog = append(m.changelog, [2][]byte{key, value})
}

func (m *machine) take(events ...event) *machine {
	for _, e := range events {
		if e.payment {
			m.addPayment(e.record())
		} else {
			m.addUser(e.record())
		}
	}
	return m
}

// live are the keys that are left once the changelog is compacted.
func (m *machine) live() []string {
	values := map[string][]byte{}
	for _, e := range m.changelog {
		values[string(e[0])] = e[1]
	}
	maps.DeleteFunc(values, func(_ string, value []byte) bool { return value == nil })
	return slices.Sorted(maps.Keys(values))
}

func (m *machine) sorted() []string { return slices.Sorted(slices.Values(m.results)) }

// permutations calls see with every order of the events.
func permutations(events []event, see func([]event)) {
	var permute func(n int)
	permute = func(n int) {
		if n == 1 {
			see(events)
			return
		}
		for i := range n {
			permute(n - 1)
			if n%2 == 0 {
				events[i], events[n-1] = events[n-1], events[i]
			} else {
				events[0], events[n-1] = events[n-1], events[0]
			}
		}
	}
	permute(len(events))
}

// Every order of seven events, 5040 of them, gives the same results, with a restart anywhere.
func TestEveryOrderGivesTheSame(t *testing.T) {
	events := []event{
		userAt("u1", 10, `"Ada"`), userAt("u1", 30, `"Ada Lovelace"`), userAt("u2", 20, `"Bob"`), userAt("u2", 40, ""),
		paymentAt("u1", 29, "a"), paymentAt("u1", 30, "b"), paymentAt("u2", 41, "c"),
	}
	want := []string{
		`enriched u1 29 {"id":"a","user":"Ada"}`,
		`enriched u1 30 {"id":"b","user":"Ada Lovelace"}`,
		`unmatched u2 41 {"id":"c"} no-user`,
	}
	n := 0
	permutations(events, func(order []event) {
		m := newMachine(60, 3600, 100)
		for i, e := range order {
			e.offset = int64(i)
			m.take(e)
			if i == n%len(order) {
				m.commit()
				m.restart()
			}
		}
		if len(m.results) != 0 {
			t.Fatalf("got %v before their time, with the order %v", m.results, order)
		}
		m.take(userAt("nobody", 101, `""`))
		if diff := cmp.Diff(want, m.sorted()); diff != "" {
			t.Fatalf("order %v (-want +got):\n%s", order, diff)
		}
		n++
	})
	if n != 5040 {
		t.Errorf("got %d orders, want 5040", n)
	}
}

// oracle is the rule without a clock: it has all events at hand.
func oracle(events []event) (results []string) {
	for _, p := range events {
		if !p.payment {
			continue
		}
		best := event{second: -1}
		for _, u := range events {
			if u.payment || u.key != p.key || u.second > p.second {
				continue
			}
			newer := u.second > best.second || u.second == best.second &&
				(u.value == "" || best.value != "" && u.value > best.value)
			if newer {
				best = u
			}
		}
		switch {
		case best.value == "":
			results = append(results, fmt.Sprintf("unmatched %s %d %s no-user", p.key, p.second, p.value))
		default:
			results = append(results, fmt.Sprintf(`enriched %s %d %s,"user":%s}`, p.key, p.second,
				strings.TrimSuffix(p.value, "}"), best.value))
		}
	}
	return slices.Sorted(slices.Values(results))
}

// A long random stream in which no event comes later than wait allows, with commits and restarts anywhere, some of
// which lose what was not committed: the results are the oracle's, each once.
func TestAnyOrderWithinTheWait(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wait := rapid.IntRange(1, 30).Draw(t, "wait")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var events []event
		for i := range rapid.IntRange(1, 300).Draw(t, "events") {
			second := max(0, i/2-random.IntN(wait)) // never wait behind the newest before it, which is at most i/2
			key := fmt.Sprintf("u%d", random.IntN(4))
			switch random.IntN(5) {
			case 0:
				events = append(events, userAt(key, second, fmt.Sprintf(`"%s-%d"`, key, random.IntN(3))))
			case 1:
				events = append(events, userAt(key, second, ""))
			default:
				events = append(events, paymentAt(key, second, fmt.Sprint(i)))
			}
			events[i].offset = int64(i)
		}
		m := newMachine(wait, wait+random.IntN(50), 1000)
		kept, results := 0, 0 // what is committed: events, and results
		for i := 0; i < len(events); i++ {
			m.take(events[i])
			switch random.IntN(10) {
			case 0, 1:
				m.commit()
				kept, results = i+1, len(m.results)
			case 2: // a crash
				m.results = m.results[:results]
				m.restart()
				i = kept - 1
			}
		}
		m.take(userAt("nobody", 1000, `""`))
		if diff := cmp.Diff(oracle(events), m.sorted()); diff != "" {
			t.Fatalf("(-oracle +got):\n%s", diff)
		}
	})
}
