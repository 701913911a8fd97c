package page

import (
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// The page of a whole suite is to stay below 6 MB: so many facts of all scenarios that passed, and of all others, are
// in it, and between so many of each.
const (
	factsOfPassed, factsOfFailed = 100_000, 100_000
	leastFacts                   = 100
	mostPassed, mostFailed       = 1500, 10_000
)

// limits are how many facts a scenario has in the page.
type limits struct{ passed, failed int }

func limitsFor(r report.Results) limits {
	passed := r.Count(report.Passed)
	share := func(all, scenarios, most int) int {
		return min(max(all/max(scenarios, 1), leastFacts), most)
	}
	return limits{share(factsOfPassed, passed, mostPassed), share(factsOfFailed, len(r.Scenarios)-passed, mostFailed)}
}

// thin leaves out facts of which there are many, evenly, and notes how many of which kind.
func (b *builder) thin(facts []journal.Fact, s *report.Scenario, l limits) []journal.Fact {
	limit := l.failed
	if s.Status == report.Passed {
		limit = l.passed
	}
	if len(facts) <= limit {
		return facts
	}
	keep := map[int64]bool{}
	if s.Failure != nil {
		for _, f := range s.Failure.Findings {
			for _, seq := range f.Facts {
				keep[seq] = true
			}
		}
	}
	rare := 0
	for i := range facts {
		if isRare(&facts[i]) {
			rare++
		}
	}
	stays := func(f *journal.Fact) bool { return keep[f.Seq] || f.Kind == journal.FaultFired || isRare(f) }
	many, room := len(facts)-rare, limit-rare
	if rare > limit/2 { // what is rare in most scenarios comes by the thousand in some
		stays = func(f *journal.Fact) bool { return keep[f.Seq] }
		many, room = len(facts), limit
	}
	stride := (many + room - 1) / room
	type group struct {
		kind       journal.Kind
		app, topic string
		partition  int32
	}
	seen, left := map[group]int{}, map[journal.Kind]int64{}
	facts = slices.DeleteFunc(facts, func(f journal.Fact) bool {
		if stays(&f) {
			return false
		}
		g := group{f.Kind, f.App, f.Topic, f.Partition}
		seen[g]++
		if (seen[g]-1)%stride == 0 {
			return false
		}
		left[f.Kind]++
		return true
	})
	for kind, n := range left {
		b.Left = append(b.Left, []int64{b.text(string(kind)), n})
	}
	slices.SortFunc(b.Left, func(x, y []int64) int { return int(y[1] - x[1]) })
	return facts
}

// isRare is true of what a reader looks for, and of which there are few. A request over HTTP that went well is one of
// many, as a record is.
func isRare(f *journal.Fact) bool {
	if e, ok := f.Detail.(*journal.Exchange); ok {
		return e.Status == 0 || e.Status >= 400 || e.Fault != "" || e.Unknown
	}
	switch f.Kind {
	case journal.LogLine, journal.Processed, journal.Processing, journal.Delivered, journal.Sent, journal.Acknowledged,
		journal.Committed, journal.Fetched, journal.Progress, journal.ProduceAttempt, journal.GroupCommit, journal.Status,
		journal.DeadLettered, journal.Transacted, journal.ShareAcquired, journal.ShareAcknowledged,
		journal.GroupHeartbeat, journal.Retried, journal.Connected, journal.APIVersion, journal.WindowWritten, "received":
		return f.Error != ""
	}
	return f.Fields() == nil || slices.Contains(lifeKinds, f.Kind) || slices.Contains([]journal.Kind{journal.Assigned,
		journal.Revoked, journal.Lost, journal.Alert, journal.Cleared, journal.Warning, journal.Done}, f.Kind)
}
