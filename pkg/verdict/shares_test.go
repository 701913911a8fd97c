package verdict

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

const shareLimit = 5

// deed is one event of one record: who, what, and, of what is given, which delivery.
type deed struct {
	app        string
	what       membership.ShareWhat
	kind       journal.ShareType
	deliveries int16
	refused    bool
	unheard    bool // its answer is lost
}

// told is a history of records, one after the other, each with its deeds.
func told(lives [][]deed) (*membership.Shares, *Records) {
	s := &membership.Shares{Group: "g", Topic: "orders", Events: map[int32][]membership.ShareEvent{}}
	records := NewRecords("orders")
	for offset, life := range lives {
		records.Input(&record.Record{Topic: "orders", Offset: int64(offset), Key: fmt.Appendf(nil, "k%d", offset)})
		for i, d := range life {
			s.Records++
			s.Events[0] = append(s.Events[0], membership.ShareEvent{
				What: d.what, At: time.Duration(offset*1000+i) * time.Second, App: d.app, Member: d.app, Taken: !d.refused,
				Unknown: d.unheard,
				Range:   journal.ShareRange{First: int64(offset), Last: int64(offset), Deliveries: d.deliveries, Type: d.kind},
			})
		}
	}
	return s, records
}

func given(app string, n int) deed {
	return deed{app: app, what: membership.ShareGiven, deliveries: int16(n)}
}
func worked(app string) deed { return deed{app: app, what: membership.ShareWorked} }
func said(app string, kind journal.ShareType) deed {
	return deed{app: app, what: membership.ShareSaid, kind: kind}
}
func refused(d deed) deed { d.refused = true; return d }
func unheard(d deed) deed { d.unheard = true; return d }

// drawShared makes records that are delivered a few times, given back in all ways there are, and settled at last.
func drawShared(t *rapid.T) (lives [][]deed) {
	app := rapid.SampledFrom([]string{"a", "b"})
	for range rapid.IntRange(2, 20).Draw(t, "records") {
		var life []deed
		tries := rapid.IntRange(1, shareLimit-1).Draw(t, "deliveries")
		for n := 1; n < tries; n++ {
			who := app.Draw(t, "member")
			life = append(life, given(who, n))
			switch rapid.IntRange(0, 3).Draw(t, "back") {
			case 0:
				life = append(life, said(who, journal.ShareRelease))
			case 1:
				life = append(life, deed{app: who, what: membership.ShareEnded})
			case 2: // its work failed late, when its lock had run out
			case 3:
				life = append(life, worked(who), refused(said(who, journal.ShareAccept)))
			}
		}
		who := app.Draw(t, "settles")
		life = append(life, given(who, tries))
		if rapid.Bool().Draw(t, "renewed") {
			life = append(life, said(who, journal.ShareRenew))
		}
		last := said(who, journal.ShareReject)
		if !rapid.Bool().Draw(t, "rejected") {
			life, last = append(life, worked(who)), said(who, journal.ShareAccept)
		}
		if rapid.Bool().Draw(t, "unheard") { // it is in force, and the member may try again
			life = append(life, unheard(last))
			last = refused(last)
		}
		life = append(life, last)
		lives = append(lives, life)
	}
	return lives
}

func TestSharesFindWhatWasPlanted(t *testing.T) {
	accepted := func(app string, n int) []deed {
		return []deed{given(app, n), worked(app), said(app, journal.ShareAccept)}
	}
	var toTheLimit []deed
	for n := 1; n <= shareLimit; n++ {
		toTheLimit = append(toTheLimit, given("a", n), said("a", journal.ShareRelease))
	}
	planted := map[string][][]deed{
		"": {accepted("a", 1)},
		HeldByTwo: {
			append([]deed{given("a", 1), given("b", 2), worked("a")}, worked("b"), said("b", journal.ShareAccept)),
			{given("a", 1), given("b", 2), worked("b"), said("b", journal.ShareAccept), worked("a"),
				refused(said("a", journal.ShareAccept)), said("a", journal.ShareAccept)},
		},
		ProcessedTwice: {
			{given("a", 1), worked("a"), worked("a"), said("a", journal.ShareAccept)},
			{given("a", 1), said("a", journal.ShareRelease), given("a", 2), worked("a"), worked("a"),
				said("a", journal.ShareAccept)},
			{given("a", 1), worked("a"), said("a", journal.ShareAccept), worked("a")},
		},
		SettledTwice: {
			append(accepted("a", 1), refused(said("a", journal.ShareAccept))),
			append(accepted("a", 1), said("a", journal.ShareReject)),
			{given("a", 1), worked("a"), unheard(said("a", journal.ShareAccept)), said("a", journal.ShareReject)},
			append(accepted("a", 1), given("b", 2)),
		},
		AcceptedEarly: {
			{given("a", 1), said("a", journal.ShareAccept), worked("a")},
			{given("a", 1), said("a", journal.ShareAccept)},
		},
		AcknowledgedUnheld: {append(accepted("a", 1), refused(said("stranger", journal.ShareAccept)))},
		DeliveredTooOften:  {accepted("a", shareLimit+1)},
		GivenUp:            {toTheLimit},
		NotSettled: {
			{}, {given("a", 1)}, {given("a", 1), said("a", journal.ShareRelease)},
			{given("a", 1), worked("a"), refused(said("a", journal.ShareAccept))},
			{given("a", 1), worked("a"), unheard(refused(said("a", journal.ShareAccept)))},
		},
	}
	for kind, plants := range planted {
		rapid.Check(t, func(t *rapid.T) {
			lives := drawShared(t)
			lives = append(lives, accepted("a", 1), accepted("b", 1)) // both tell of their work
			at := rapid.IntRange(0, len(lives)).Draw(t, "at")
			life := rapid.SampledFrom(plants).Draw(t, "plant")
			lives = append(lives[:at:at], append([][]deed{life}, lives[at:]...)...)
			s, records := told(lives)
			r := Shares(s, records, shareLimit)
			switch {
			case kind == "" && r.Outcome != Pass:
				t.Fatalf("got %v, want a pass", r.Err())
			case kind != "" && (len(r.Kinds) != 1 || r.Kinds[0].Kind != kind || r.Total != 1 ||
				r.Findings[0].Offset != int64(at)):
				t.Fatalf("got %v, want one %s at offset %d", r.Err(), kind, at)
			}
		})
	}
}

func TestSharesOfApplicationsThatSayNothing(t *testing.T) {
	for name, lives := range map[string][][]deed{
		"nothing was given":               {{}, {}},
		"accepted without a word of work": {{given("a", 1), said("a", journal.ShareAccept)}},
		"one of two is silent about it": {{given("a", 1), worked("a"), said("a", journal.ShareAccept)},
			{given("b", 1), said("b", journal.ShareAccept)}},
		"no record is in the topic at all": {},
	} {
		s, records := told(lives)
		if r := Shares(s, records, shareLimit); r.Outcome == Pass {
			t.Errorf("%s: got a pass, want it not to be one", name)
		}
	}
}
