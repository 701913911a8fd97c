package joiner

import (
	"bytes"
	"math"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// never is before all event time, and far enough from the smallest number to count on.
const never = math.MinInt64 / 2

// partition is the state of one partition number of both topics: who the users were and are, which payments wait, and
// what time it is. It talks to nobody: records go in, results and changes to be remembered come out.
type partition struct {
	settings *settings
	policy   *Policy
	out      stateful.Emitter // takes results and changes

	now      int64 // the clock: the newest event time of either topic so far
	users    map[string]*user
	removals []removal // of users, in the order they came
	waiting  payments
	due      []decided         // whose time has come, and that have no result yet
	restored map[int64]payment // by offset, while the changelog is read

	// Since changes were last written:
	changed  []*user
	outdated keys // of the changelog, whose entries are to be forgotten
	tally    tally

	key []byte // memory for one key of the changelog at a time
}

// removal is a user that has gone.
type removal struct {
	id string
	at int64
}

// tally counts what happened since it was last reported.
type tally struct{ joined, unmatched, late, nameless int }

func newPartition(set *settings, policy *Policy) *partition {
	return &partition{settings: set, policy: policy, now: never, users: map[string]*user{}, key: make([]byte, 0, 128)}
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
	p.settle() // by what was known before
	var u *user
	if r.Key != nil {
		u = p.userOf(p.policy.User(r.Key))
		// a copy, as the record shares memory with all that was fetched together with it
		v := Version{At: at, Value: bytes.Clone(r.Value), Removed: r.Value == nil}
		if !u.tooOld(at) && p.learn(u, v) {
			p.change(u)
		}
	}
	p.advance(at)
	p.settle()
	if u != nil && !u.dropped {
		p.cut(u)
	}
}

// change notes that the changelog may not have all of the user.
func (p *partition) change(u *user) {
	if !u.changed {
		u.changed = true
		p.changed = append(p.changed, u)
	}
}

// learn puts a version in its place; false when there is nothing new.
func (p *partition) learn(u *user, v Version) bool {
	v.mergeable = gjson.ValidBytes(v.Value)
	if !u.add(v) {
		return false
	}
	if v.Removed {
		p.removals = append(p.removals, removal{u.id, v.At})
	}
	return true
}

func (p *partition) userOf(id []byte) *user {
	u := p.users[string(id)]
	if u == nil {
		u = newUser(string(id))
		p.users[u.id] = u
	}
	return u
}

// addPayment takes a record of the payments' topic.
func (p *partition) addPayment(r *kgo.Record) {
	at := r.Timestamp.UnixMilli()
	p.waiting.push(payment{at: at, user: p.users[string(p.policy.User(r.Key))], record: r})
	p.advance(at)
}

// advance moves the clock. Payments whose time has come will get their results by what is known of the users now.
func (p *partition) advance(at int64) {
	p.now = max(p.now, at)
	for len(p.waiting) > 0 && p.policy.Due(p.waiting[0].at, p.now) {
		p.due = append(p.due, decided{payment: p.take()})
	}
	full := len(p.waiting) > p.policy.Buffer
	if full || len(p.due) >= mostDue {
		p.settle()
	}
	for len(p.waiting) > p.policy.Buffer {
		p.unmatched(p.take().record, bufferFull)
	}
	p.forget()
}

// mostDue is how many payments get their results at a time. Their users are all over the memory, and are there sooner
// when several are asked for in a row.
const mostDue = 32

// settle gives each payment that is due its result. It comes before anything changes of any user.
func (p *partition) settle() {
	for i := range p.due {
		p.find(&p.due[i])
	}
	for i := range p.due {
		p.result(&p.due[i])
	}
	p.due = emptied(p.due)
}

// take removes the oldest waiting payment.
func (p *partition) take() payment {
	first := p.waiting.pop()
	if first.stored {
		p.outdated.add(appendPaymentKey(p.key[:0], first.record.Offset))
	}
	return first
}

// find looks for the user in force at a payment's time.
func (p *partition) find(due *decided) {
	u := due.user
	if u == nil || u.dropped {
		u = p.users[string(p.policy.User(due.record.Key))]
	}
	if u == nil || due.record.Key == nil {
		due.lacks = noUser
		return
	}
	v, ok := p.policy.InForce(u.versions, due.at)
	switch {
	case u.tooOld(due.at):
		due.lacks = tooOld
	case !ok || v.Removed: // one that was removed is forgotten after a while, so the two cannot be told apart for ever
		due.lacks = noUser
	case !v.mergeable:
		due.lacks = notJSON
	default:
		due.found = v.Value
	}
}

// result joins a payment with its user.
func (p *partition) result(due *decided) {
	r := due.record
	if due.lacks != "" {
		p.unmatched(r, due.lacks)
		return
	}
	result, memory := p.out.Record()
	value, ok := enrich(memory, r.Value, due.found)
	if !ok {
		p.unmatched(r, notJSON)
		return
	}
	p.tally.joined++
	result.Topic, result.Key, result.Value, result.Headers, result.Timestamp = p.settings.enriched, r.Key, value,
		r.Headers, r.Timestamp
	p.out.Emit(result)
}

// cut forgets versions of a user that are too old for any payment to come.
func (p *partition) cut(u *user) {
	u.cutBefore(p.now-p.settings.history, p.goes)
	if u.cut && !u.cutStored { // who reads the changelog must know that there were others
		p.change(u)
	}
}

// goes notes that the changelog need not hold a version any more.
func (p *partition) goes(u *user, old Version) {
	if old.stored {
		p.outdated.add(appendVersionKey(p.key[:0], u.id, old))
	}
}

// forget drops users that were removed so long ago that no payment to come can ask for them.
func (p *partition) forget() {
	horizon := p.now - p.settings.history
	for len(p.removals) > 0 && p.removals[0].at <= horizon {
		p.settle()
		u := p.users[p.removals[0].id] // it may have gone, and come again
		p.removals = p.removals[1:]
		if u == nil {
			continue
		}
		p.cut(u)
		if len(u.versions) == 1 && u.versions[0].Removed && u.versions[0].At <= horizon {
			p.goes(u, u.versions[0])
			if u.cutStored {
				p.outdated.add(appendCutKey(p.key[:0], u.id))
			}
			delete(p.users, u.id)
			u.dropped = true
		}
	}
}
