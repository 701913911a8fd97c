package membership

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func TestSharesHaveOneTopicAndGroup(t *testing.T) {
	share := func(kind journal.Kind, group, topic, failure string, outcome journal.Outcome, at int,
		ranges ...journal.ShareRange) journal.Fact {
		sent := time.Duration(at) * time.Second
		return journal.Fact{Kind: kind, App: "a", Group: group, Topic: topic, Error: failure,
			Detail:  &journal.Share{Member: "m", Ranges: ranges},
			Request: &journal.Request{Sent: sent, Answered: sent + time.Second/2, Outcome: outcome}}
	}
	first := journal.ShareRange{First: 0, Last: 2, Deliveries: 1}
	second := journal.ShareRange{First: 5, Last: 5, Deliveries: 3}
	accept := journal.ShareRange{First: 0, Last: 0, Type: journal.ShareAccept}
	cut := share(journal.ShareAcknowledged, "g", "t", "no answer", journal.Cut, 5, accept)
	cut.Detail.(*journal.Share).Unanswered = true
	s := SharesOf([]journal.Fact{
		share(journal.ShareAcknowledged, "g", "t", "", journal.Answered, 3, accept), // as it comes: in order of its answer
		share(journal.ShareAcquired, "g", "t", "", journal.Answered, 1, first, second),
		share(journal.ShareAcquired, "g", "t", "no answer", journal.Cut, 1, first),
		share(journal.ShareAcknowledged, "g", "t", "no answer", journal.Cut, 4, accept),
		cut,
		share(journal.ShareAcquired, "other", "t", "", journal.Answered, 1, first),
		share(journal.ShareAcquired, "g", "other", "", journal.Answered, 1, first),
		share(journal.ShareClosed, "g", "", "", journal.Answered, 6),
		{Kind: journal.Processed, App: "a", Topic: "t", Offset: 0, At: 2 * time.Second},
		{Kind: journal.Processed, App: "stranger", Topic: "t", Offset: 1, At: 2 * time.Second},
		{Kind: journal.Connected, App: "a", At: 7 * time.Second, Detail: &journal.Connection{}},
		{Kind: journal.Connected, App: "a", At: time.Second, Detail: &journal.Connection{Open: true}},
	}, "g", "t", func(app string) bool { return app == "a" })
	at := func(what ShareWhat, seconds float64, r journal.ShareRange) ShareEvent {
		return ShareEvent{What: what, At: time.Duration(seconds * 1e9), App: "a", Member: "m", Range: r}
	}
	worked := at(ShareWorked, 2, journal.ShareRange{})
	worked.Member = ""
	taken, lost, unknown := at(ShareSaid, 3, accept), at(ShareSaid, 4, accept), at(ShareSaid, 5, accept)
	taken.Taken, lost.Taken, lost.Unknown, unknown.Unknown = true, true, true, true
	gone := at(ShareEnded, 7, journal.ShareRange{})
	gone.Member = ""
	want := &Shares{Group: "g", Topic: "t", Records: 4, Events: map[int32][]ShareEvent{0: {
		at(ShareGiven, 1.5, first), at(ShareGiven, 1.5, second), worked, taken, lost, unknown,
		at(ShareEnded, 6, journal.ShareRange{}), gone}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
