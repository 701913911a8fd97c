package joiner

import (
	"cmp"
	"container/heap"
	"encoding/json"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"
)

// never is before all event time, and far enough from the smallest number to count on.
const never = math.MinInt64 / 2

// partition is the state of one partition number of both topics: who the users were and are, which payments wait, and what time it is. It talks to
// nobody: records go in, results and changes to be remembered come out.
type partition struct {
	settings *settings
	policy   *Policy
	emit     func(*kgo.Record) // takes results

	now      int64 // the clock: the newest event time of either topic so far
	users    map[string]*user
	removals []removal // of users, in the order they came
	waiting  payments
	arrived  []*payment         // since changes were last written
	restored map[int64]*payment // by offset, while the changelog is read

	changed map[string][]byte // by the changelog's key, nil for what is to be forgotten; since changes were last written
	tally   tally
}

// removal is a user that has gone.
type removal struct {
	id string
	at int64
}

// payment is one that waits.
type payment struct {
	at     int64
	id     string // its user's
	record *kgo.Record
	stored bool // the changelog has it
	gone   bool // it has its result
}

// tally counts what happened since it was last reported.
type tally struct{ joined, unmatched, late, nameless int }

func newPartition(set *settings, policy *Policy) *partition {
	return &partition{settings: set, policy: policy, now: never, users: map[string]*user{}, changed: map[string][]byte{}}
}

// addUser takes a record of the users' topic.
func (p *partition) addUser(r *kgo.Record) {
	at := r.Timestamp.UnixMilli()
	if at+p.settings.wait <= p.now {
		p.tally.late++ // it counts from here on, but payments that it should have met may have gone without it
	}
	if r.Key == nil {
		p.tally.nameless++
	}
	v, ok := p.policy.Version(r)
	id := p.policy.User(r.Key)
	if ok && !p.userOf(id).tooOld(at) && p.learn(id, v) {
		p.changed[versionKey(id, v)] = versionValue(v)
	}
	p.advance(at)
	p.cut(id)
}

// learn puts a version in its place; false when there is nothing new.
func (p *partition) learn(id string, v Version) bool {
	v.mergeable = json.Valid(v.Value)
	if !p.userOf(id).add(v) {
		return false
	}
	if v.Removed {
		p.removals = append(p.removals, removal{id, v.At})
	}
	return true
}

func (p *partition) userOf(id string) *user {
	u := p.users[id]
	if u == nil {
		u = &user{}
		p.users[id] = u
	}
	return u
}

// addPayment takes a record of the payments' topic.
func (p *partition) addPayment(r *kgo.Record) {
	at := r.Timestamp.UnixMilli()
	id := p.policy.User(r.Key)
	if p.policy.Keep(r, p.users[id] != nil) {
		waits := &payment{at: at, id: id, record: r}
		heap.Push(&p.waiting, waits)
		p.arrived = append(p.arrived, waits)
	}
	p.advance(at)
}

// advance moves the clock, and gives each payment whose time has come its result.
func (p *partition) advance(at int64) {
	p.now = max(p.now, at)
	for len(p.waiting) > 0 && p.policy.Due(p.waiting[0].at, p.now) {
		first := p.take()
		p.send(p.decide(first))
	}
	for len(p.waiting) > p.policy.Buffer {
		p.send(p.unmatched(p.take().record, bufferFull))
	}
	p.forget()
}

// take removes the oldest waiting payment.
func (p *partition) take() *payment {
	first := heap.Pop(&p.waiting).(*payment)
	first.gone = true
	if first.stored {
		p.changed[paymentKey(first.record.Offset)] = nil
	}
	return first
}

func (p *partition) send(result *kgo.Record) {
	if result != nil {
		p.emit(result)
	}
}

// decide joins a payment with the user in force at its time.
func (p *partition) decide(due *payment) *kgo.Record {
	r, at := due.record, due.at
	u := p.users[due.id]
	if u == nil || r.Key == nil {
		return p.unmatched(r, noUser)
	}
	v, ok := p.policy.InForce(u.versions, at)
	switch {
	case u.tooOld(at):
		return p.unmatched(r, tooOld)
	case !ok || v.Removed: // one that was removed is forgotten after a while, so the two cannot be told apart for ever
		return p.unmatched(r, noUser)
	}
	value, ok := enrich(r.Value, v.Value)
	if !v.mergeable || !ok {
		return p.unmatched(r, notJSON)
	}
	p.tally.joined++
	return &kgo.Record{Topic: p.settings.enriched, Key: r.Key, Value: value, Headers: r.Headers, Timestamp: r.Timestamp}
}

// cut forgets versions of a user that are too old for any payment to come.
func (p *partition) cut(id string) {
	u := p.users[id]
	if u == nil {
		return
	}
	wasCut := u.cut
	for _, old := range u.cutBefore(p.now - p.settings.history) {
		p.changed[versionKey(id, old)] = nil
	}
	if u.cut && !wasCut { // who reads the changelog must know that there were others
		p.changed[cutKey(id)] = yes
	}
}

// forget drops users that were removed so long ago that no payment to come can ask for them.
func (p *partition) forget() {
	horizon := p.now - p.settings.history
	for len(p.removals) > 0 && p.removals[0].at <= horizon {
		id := p.removals[0].id
		p.removals = p.removals[1:]
		p.cut(id)
		if u := p.users[id]; u != nil && len(u.versions) == 1 && u.versions[0].Removed && u.versions[0].At <= horizon {
			p.changed[versionKey(id, u.versions[0])] = nil
			if u.cut {
				p.changed[cutKey(id)] = nil
			}
			delete(p.users, id)
		}
	}
}

// payments is a heap, the oldest first.
type payments []*payment

func (p payments) Len() int { return len(p) }
func (p payments) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(p[i].at, p[j].at), cmp.Compare(p[i].record.Offset, p[j].record.Offset)) < 0
}
func (p payments) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *payments) Push(x any)   { *p = append(*p, x.(*payment)) }
func (p *payments) Pop() any {
	last := (*p)[len(*p)-1]
	(*p)[len(*p)-1] = nil
	*p = (*p)[:len(*p)-1]
	return last
}
