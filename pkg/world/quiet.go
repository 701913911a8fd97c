package world

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

const (
	quietSpell  = 40 * time.Millisecond // with nothing new, until all counts as quiet
	quietWithin = time.Second           // how long that is waited for
)

// Quiet waits until the applications have caught up with what they read, as far as their groups tell, and nothing has
// happened for a spell. It gives up after a second: an application that never comes to rest is judged as it is. Without
// applications all is quiet.
func (w Scenario) Quiet(ctx context.Context) {
	if len(w.order) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, quietWithin)
	defer cancel()
	w.wait("all to be quiet")
	for _, name := range w.order {
		a := w.applications[name]
		if a.Group == "" || a.Running == nil || !a.Running.State().Phase.Alive() {
			continue
		}
		for _, input := range a.Inputs {
			topic, err := w.Topic(input)
			if err != nil {
				continue // nobody has made it
			}
			// An application that does not catch up is no failure of the wait.
			_ = await.Until(ctx, await.Options{Within: quietWithin, What: name + " to catch up", Changed: w.Journal.Changed},
				func(ctx context.Context) (bool, error) {
					err := a.CaughtUp(ctx, topic)
					return err == nil || IsFinal(err), nil
				})
		}
	}
	for ctx.Err() == nil && !w.nothingNew(ctx) {
	}
	w.decided(ctx)
}

// nothingNew watches the journal for a spell.
func (w *World) nothingNew(ctx context.Context) bool {
	var last int64
	news := func(f *journal.Fact) bool {
		last = max(last, f.Seq)
		return f.Kind != journal.Progress && f.Kind != Received && f.Kind != journal.GroupHeartbeat
	}
	w.Journal.Select(news)
	return await.Never(ctx, quietSpell, await.Options{What: "news", Changed: w.Journal.Changed},
		func(context.Context) (bool, error) { return len(w.Journal.SelectAfter(last, news)) > 0, nil }) == nil
}

const (
	restSpell  = 200 * time.Millisecond // asleep at every look, so long: one that starts sleeps for moments, too
	restEvery  = 5 * time.Millisecond   // between two looks: a tighter loop takes from them what they need to get there
	restWithin = 10 * time.Second       // how long processes may take to come to rest, on a busy machine
	silentFor  = 2 * time.Second        // how long after its start one may have given no sign of life yet
	// computeFor is how much time of processors one may spend meanwhile: what computes on does not look like one that
	// ends.
	computeFor = time.Second
	// What wanted a processor for less than a tenth of such a time is at rest, however often it woke: clients and monitors
	// that poll are never seen asleep for long. On a busy machine they wait for a processor each time they wake: one that
	// has run as little, slept half of the time, and was seen to poll meanwhile and to ask nothing else is at rest too.
	calmSpell = time.Second
	// leavesWithin is how long an application that has left its group may take to end: to close a client takes several
	// answers of the cluster, in which it sleeps.
	leavesWithin = 2 * time.Second
)

// rest waits until the processes of applications sleep, so that one that is about to end by itself is seen to, however
// short the scenario was: told to stop first, it would look like one that was well.
func (w *World) rest(ctx context.Context) {
	var before []resting
	for _, a := range w.applications {
		if a.Running != nil && a.Running.PID() != 0 && a.Running.State().Phase.Alive() {
			work := a.Running.Work()
			r := resting{Application: a, began: a.lastStart(), spent: work.Spent, since: time.Now(), last: work}
			r.polls()
			before = append(before, r)
		}
	}
	if before == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, restWithin)
	defer cancel()
	w.wait("the applications to be at rest")
	busy := func() bool {
		for i := range before {
			r := &before[i]
			if r.unseen() || r.leaves() || r.atWork(r.Running.Work(), time.Now(), r.polls) {
				return true
			}
		}
		return false
	}
	for {
		asleep := await.Until(ctx, await.Options{Within: restWithin, Every: restEvery, What: "rest"},
			func(context.Context) (bool, error) { return !busy(), nil })
		if asleep != nil || await.Never(ctx, restSpell, await.Options{Every: restEvery, What: "work"},
			func(context.Context) (bool, error) { return busy(), nil }) == nil {
			return
		}
	}
}

// resting is a process that is waited for, and what it was like before.
type resting struct {
	*Application
	began journal.Fact  // its last start
	spent time.Duration // of processors

	since time.Time  // when it was last looked at for how calm it is
	last  child.Work // what it had done by then
	calm  bool

	polled, asked int64 // requests that the wire had seen by then
}

// polls tells whether it has asked for records since the last time it was called, several times, and nothing else.
func (r *resting) polls() bool {
	r.world.mu.Lock()
	proxy := r.world.proxy
	r.world.mu.Unlock()
	if proxy == nil {
		return false
	}
	polled, asked := proxy.Requests(r.Name)
	did := polled-r.polled > 1 && asked == r.asked
	r.polled, r.asked = polled, asked
	return did
}

// atWork is true of one that is busy, and neither calm nor one that computes on.
func (r *resting) atWork(work child.Work, now time.Time, polls func() bool) bool {
	if passed := now.Sub(r.since); passed >= calmSpell {
		wanted, spent := work.Wanted-r.last.Wanted, work.Spent-r.last.Spent
		most := passed / 10
		if polls() && spent < most {
			most = passed / 2
		}
		r.calm = wanted > 0 && wanted < most // 0: the system does not count
		r.since, r.last = now, work
	}
	return work.Busy && (work.Held || !r.calm) && work.Spent-r.spent < computeFor
}

// unseen is true of one that was started just now and has not logged a line or connected yet: it may be on its way to
// its end.
func (r *resting) unseen() bool {
	w := r.world
	if w.Journal.Since(time.Now())-r.began.At > silentFor || !r.Running.State().Phase.Alive() {
		return false
	}
	w.mu.Lock()
	connected := r.contact.connected
	w.mu.Unlock()
	return !connected && len(w.Journal.SelectAfter(r.began.Seq, func(f *journal.Fact) bool {
		return f.App == r.Name && f.Kind == journal.LogLine
	})) == 0
}

// leaves is true of one that is leaving its group, or has left it just now: it is about to end, as a rule.
func (r *resting) leaves() bool {
	w := r.world
	w.mu.Lock()
	proxy, left := w.proxy, r.contact.left
	w.mu.Unlock()
	now := time.Now()
	return r.Running.State().Phase.Alive() && (left > 0 && w.Journal.Since(now)-left < leavesWithin ||
		proxy != nil && now.Sub(proxy.Left(r.Name)) < leavesWithin)
}

// StopApplications ends the applications that still run, in good order. What they do until then belongs to the
// scenario.
func (w Scenario) StopApplications(ctx context.Context) error {
	w.rest(ctx)
	err := w.endApplications(ctx)
	w.arrive(ctx)
	w.decided(ctx)
	return err
}

// arrive waits until what ended applications had sent, and a fault delays, has come to the cluster: it is theirs. What
// takes longer than ten seconds is not waited for.
func (w *World) arrive(ctx context.Context) {
	w.mu.Lock()
	proxy := w.proxy
	w.mu.Unlock()
	if proxy == nil || !proxy.Late() {
		return
	}
	w.wait("delayed requests to arrive")
	_ = await.Until(ctx, await.Options{Within: restWithin, What: "delayed requests to arrive"},
		func(context.Context) (bool, error) { return !proxy.Late(), nil })
}
