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
		s.answered(&fetched{FetchRequest: request}, []partitionKey{orders}, body)
		if s.id != c.want || (len(s.partitions) == 1) != (c.want != 0) {
			t.Errorf("%s: got session %d of %d partitions, want %d", name, s.id, len(s.partitions), c.want)
		}
	}
}

// A full request names all its partitions, whatever session there was; one in the session adds to those before.
func TestWhatARequestOfASessionIsAbout(t *testing.T) {
	orders, payments := partitionKey{topic: "orders"}, partitionKey{topic: "payments"}
	for name, c := range map[string]struct {
		id, epoch int32
		want      []partitionKey
	}{
		"in the session":      {5, 1, []partitionKey{orders, payments}},
		"full, and ends it":   {5, 0, []partitionKey{payments}},
		"in another session":  {6, 1, []partitionKey{payments}},
		"without any session": {0, -1, []partitionKey{payments}},
	} {
		s := fetchSession{id: 5, partitions: []partitionKey{orders}}
		f := &fetched{FetchRequest: kmsg.NewPtrFetchRequest(), asked: []position{{partitionKey: payments}}}
		f.SessionID, f.SessionEpoch = c.id, c.epoch
		if got := s.ask(f); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
