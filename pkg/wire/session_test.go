package wire

import (
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestAFetchSessionBeginsWithItsFirstAnswer holds from which version on, and from which request, a session is begun.
func TestAFetchSessionBeginsWithItsFirstAnswer(t *testing.T) {
	orders := partitionKey{topic: "orders"}
	for name, c := range map[string]struct {
		version int16
		epoch   int32
		id      int32
		want    int32
	}{
		"first version with sessions": {7, 0, 5, 5},
		"newest":                      {17, 0, 5, 5},
		"none given":                  {11, 0, 0, 0},
		"goes on in one":              {11, 1, 5, 0},
		"before there were any":       {6, 0, 5, 0},
	} {
		request := kmsg.NewPtrFetchRequest()
		request.Version, request.SessionEpoch = c.version, c.epoch
		answer := request.ResponseKind().(*kmsg.FetchResponse)
		answer.SessionID = c.id
		body := answer.AppendTo(nil)
		if c.version < 7 { // where the id would stand stands something else
			body = append(body, 0, 0, 0, 0, 0, 0, 0, 0)
		}
		var s fetchSession
		s.answered(&fetched{FetchRequest: request, positions: []position{{partitionKey: orders}}}, body)
		if s.id != c.want || (len(s.positions) == 1) != (c.want != 0) {
			t.Errorf("%s: got session %d of %d partitions, want %d", name, s.id, len(s.positions), c.want)
		}
	}
}

// A full request names all its partitions, whatever session there was; one in the session adds to those before, moves
// them or leaves them out, and asks for the others from where they were.
func TestWhatARequestOfASessionIsAbout(t *testing.T) {
	orders, payments, users := partitionKey{topic: "orders"}, partitionKey{topic: "payments"}, partitionKey{topic: "users"}
	for name, c := range map[string]struct {
		id, epoch int32
		named     []position
		forgotten []partitionKey
		want      []position
	}{
		"nothing new":         {5, 1, nil, nil, []position{{orders, 3}, {users, 7}}},
		"one more":            {5, 1, []position{{payments, 0}}, nil, []position{{orders, 3}, {users, 7}, {payments, 0}}},
		"one moved":           {5, 1, []position{{orders, 4}}, nil, []position{{orders, 4}, {users, 7}}},
		"one left out":        {5, 1, nil, []partitionKey{orders}, []position{{users, 7}}},
		"full, and ends it":   {5, 0, []position{{payments, 0}}, nil, []position{{payments, 0}}},
		"in another session":  {6, 1, []position{{payments, 0}}, nil, []position{{payments, 0}}},
		"without any session": {0, -1, []position{{payments, 0}}, nil, []position{{payments, 0}}},
	} {
		s := fetchSession{id: 5, positions: []position{{orders, 3}, {users, 7}}}
		f := &fetched{FetchRequest: kmsg.NewPtrFetchRequest(), positions: c.named, forgotten: c.forgotten}
		f.SessionID, f.SessionEpoch = c.id, c.epoch
		s.ask(f)
		if !slices.Equal(f.positions, c.want) {
			t.Errorf("%s: got %v, want %v", name, f.positions, c.want)
		}
		for _, p := range c.want {
			if got := f.from(p.partitionKey); got != p.offset {
				t.Errorf("%s: got %s from %d, want %d", name, p.topic, got, p.offset)
			}
		}
	}
}

// The first request behind an assignment tells of the whole session, those that follow of what they name.
func TestASessionIsToldWholeBehindAnAssignment(t *testing.T) {
	orders, users := partitionKey{topic: "orders"}, partitionKey{topic: "users"}
	s := fetchSession{id: 5, positions: []position{{orders, 3}, {users, 7}}}
	for i, c := range []struct {
		assignments int64
		want        []partitionKey
	}{{0, nil}, {1, []partitionKey{orders, users}}, {1, nil}, {3, []partitionKey{orders, users}}} {
		f := &fetched{FetchRequest: kmsg.NewPtrFetchRequest()}
		f.SessionID, f.SessionEpoch = 5, 1
		s.askAfter(c.assignments, f)
		if !slices.Equal(f.named, c.want) {
			t.Errorf("request %d: got %v, want %v", i, f.named, c.want)
		}
		facts, err := f.facts(&naming{directory: newBrokers()}, nil)
		if err != nil || len(facts) != len(c.want) {
			t.Fatalf("request %d: got %d facts, error %v, want %d", i, len(facts), err, len(c.want))
		}
		for at, fact := range facts {
			if want := s.positions[at].offset; fact.Offset != want {
				t.Errorf("request %d: got %s from %d, want %d", i, fact.Topic, fact.Offset, want)
			}
		}
	}
}
