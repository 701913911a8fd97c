package runner

import (
	"context"
	"slices"
	"sync"
)

// schedule calls one for every scenario and repetition, as many at once as asked for, and for those tagged @exclusive
// alone after the others. Those that share something by its name come one after the other.
func (r *run) schedule(ctx context.Context, scenarios []*scenario, one func(s *scenario, repeat int)) {
	shares := map[*scenario][]string{}
	for _, s := range scenarios {
		shares[s] = r.shares(s)
	}
	var together, alone []job
	for repeat := 1; repeat <= r.params.Repeat; repeat++ {
		for _, s := range scenarios {
			if j := (job{s, repeat, shares[s]}); s.exclusive() {
				alone = append(alone, j)
			} else {
				together = append(together, j)
			}
		}
	}
	work := func(jobs []job, workers int) {
		q := newQueue(jobs, func() bool { return ctx.Err() != nil || r.hopeless() })
		var running sync.WaitGroup
		for range min(workers, len(jobs)) {
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

// job is one run of a scenario.
type job struct {
	scenario *scenario
	repeat   int
	shares   []string // what no other scenario may use meanwhile
}

// exclusive scenarios disturb others, such as by stopping a broker of a shared cluster.
func (s *scenario) exclusive() bool { return slices.Contains(s.tags, "@exclusive") }

// shares names what a scenario uses that has one name for all of them: topics that are on the cluster already, and
// ports where applications of the profile listen.
func (r *run) shares(s *scenario) (names []string) {
	for topic := range s.needs.Adopted {
		names = append(names, "topic "+topic)
	}
	for name := range s.needs.Profiled {
		if d, err := r.profile.Application(name); err == nil && d.Ready.TCP != "" {
			names = append(names, "port "+d.Ready.TCP)
		}
	}
	return names
}

// queue hands out jobs in order, but for those that must wait for another one to end.
type queue struct {
	mu    sync.Mutex
	freed *sync.Cond
	jobs  []job
	inUse map[string]bool
	ended func() bool // no more jobs are to be begun
}

func newQueue(jobs []job, ended func() bool) *queue {
	q := &queue{jobs: slices.Clone(jobs), inUse: map[string]bool{}, ended: ended}
	q.freed = sync.NewCond(&q.mu)
	return q
}

// take waits for the next job that may run; false: there is none any more.
func (q *queue) take() (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) > 0 && !q.ended() {
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
