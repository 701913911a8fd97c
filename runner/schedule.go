package runner

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// schedule calls one for every scenario and repetition, as many at once as asked for, and for those tagged @exclusive
// alone after the others. Those that share something by its name come one after the other.
func (r *run) schedule(ctx context.Context, scenarios []*scenario, one func(s *scenario, repeat int)) {
	shares, fixed := map[*scenario][]string{}, r.fixedNames(scenarios)
	for _, s := range scenarios {
		shares[s] = r.shares(s, fixed)
	}
	var together, alone []*scenario
	for _, s := range scenarios {
		if s.exclusive() {
			alone = append(alone, s)
		} else {
			together = append(together, s)
		}
	}
	work := func(scenarios []*scenario, workers int) {
		q := newQueue(jobs(scenarios, r.params.Repeat, shares), func() bool { return ctx.Err() != nil || r.hopeless() })
		defer q.close()
		var running sync.WaitGroup
		for range min(workers, len(scenarios)*r.params.Repeat) {
			running.Go(func() {
				for j, ok := q.take(); ok; j, ok = q.take() {
					one(j.scenario, j.repeat)
					q.release(j)
				}
			})
		}
		running.Wait()
	}
	work(together, r.params.Parallel)
	work(alone, 1)
}

// jobs are all runs of the scenarios, made as they are asked for: there may be many millions.
func jobs(scenarios []*scenario, repeats int, shares map[*scenario][]string) iter.Seq[job] {
	return func(yield func(job) bool) {
		for repeat := 1; repeat <= repeats; repeat++ {
			for _, s := range scenarios {
				if !yield(job{s, repeat, shares[s]}) {
					return
				}
			}
		}
	}
}

// job is one run of a scenario.
type job struct {
	scenario *scenario
	repeat   int
	shares   []string // what no other scenario may use meanwhile
}

// exclusive scenarios disturb others, such as by stopping a broker of a shared cluster.
func (s *scenario) exclusive() bool { return slices.Contains(s.tags, "@exclusive") }

// shares names what a scenario uses that has one name for all of them: topics that are on the cluster already, topics
// and groups whose names are fixed, and ports where applications of the profile listen.
func (r *run) shares(s *scenario, fixed []string) (names []string) {
	for topic := range s.needs.Adopted {
		names = append(names, "name "+rootOf(topic, fixed))
	}
	if s.needs.Fixed != nil && len(fixed) > 0 {
		for _, name := range slices.Concat(s.needs.Fixed.Topics, s.needs.Fixed.Groups) {
			names = append(names, "name "+rootOf(name, fixed))
		}
	}
	for name := range s.needs.Profiled {
		if d, err := r.profile.Application(name); err == nil {
			for _, port := range d.Listens() {
				names = append(names, "port "+port)
			}
		}
		if len(fixed) > 0 && r.profile.Fixed(name) { // it may be told nothing that is a scenario's own
			names = append(names, "application "+name)
		}
	}
	return names
}

// queue hands out jobs in order, but for those that must wait for another one to end.
type queue struct {
	mu    sync.Mutex
	freed *sync.Cond
	next  func() (job, bool)
	close func()
	jobs  []job // the next ones
	inUse map[string]bool
	ended func() bool // no more jobs are to be begun
}

// lookahead is how many jobs are looked at for one that need not wait.
const lookahead = 1000

func newQueue(jobs iter.Seq[job], ended func() bool) *queue {
	q := &queue{inUse: map[string]bool{}, ended: ended}
	q.next, q.close = iter.Pull(jobs)
	q.freed = sync.NewCond(&q.mu)
	return q
}

// fill takes jobs until there are enough to choose from.
func (q *queue) fill() {
	for len(q.jobs) < lookahead {
		j, ok := q.next()
		if !ok {
			return
		}
		q.jobs = append(q.jobs, j)
	}
}

// take waits for the next job that may run; false: there is none any more.
func (q *queue) take() (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.fill(); len(q.jobs) > 0 && !q.ended(); q.fill() {
		at := slices.IndexFunc(q.jobs, func(j job) bool {
			return !slices.ContainsFunc(j.shares, func(name string) bool { return q.inUse[name] })
		})
		if at < 0 {
			q.freed.Wait() // another worker has a job, and releases it
			continue
		}
		j := q.jobs[at]
		copy(q.jobs[1:], q.jobs[:at]) // those that wait move up by one, however many come behind
		q.jobs = q.jobs[1:]
		for _, name := range j.shares {
			q.inUse[name] = true
		}
		return j, true
	}
	return job{}, false
}

// release lets others use what a job shared.
func (q *queue) release(j job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, name := range j.shares {
		delete(q.inUse, name)
	}
	q.freed.Broadcast()
}
