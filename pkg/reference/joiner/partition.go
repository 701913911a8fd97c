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
	restored map[int64]payment // by offset, while the changelog is read

	// Since changes were last written:
	changed  []*user
	outdated [][]byte // keys of the changelog, whose entries are to be forgotten
	tally    tally
}

// removal is a user that has gone.
type removal struct {
	id string
	at int64
}

// tally counts what happened since it was last reported.
type tally struct{ joined, unmatched, late, nameless int }

func newPartition(set *settings, policy *Policy) *partition {
	return &partition{settings: set, policy: policy, now: never, users: map[string]*user{}}
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

// advance moves the clock. Payments whose time has come get their results.
func (p *partition) advance(at int64) {
	p.now = max(p.now, at)
	for len(p.waiting) > 0 && p.policy.Due(p.waiting[0].at, p.now) {
		p.decide(p.take())
	}
	for len(p.waiting) > p.policy.Buffer {
		p.unmatched(p.take().record, bufferFull)
	}
	p.forget()
}

// take removes the oldest waiting payment.
func (p *partition) take() payment {
	first := p.waiting.pop()
	if first.stored {
		p.outdated = append(p.outdated, paymentKey(first.record.Offset))
	}
	return first
}

// decide joins a payment with the user in force at its time.
func (p *partition) decide(one payment) {
	u := one.user
	if u == nil || u.dropped {
		u = p.users[string(p.policy.User(one.record.Key))]
	}
	if u == nil || one.record.Key == nil {
		p.unmatched(one.record, noUser)
		return
	}
	v, ok := p.policy.InForce(u.versions, one.at)
	switch {
	case u.tooOld(one.at):
		p.unmatched(one.record, tooOld)
	case !ok || v.Removed: // one that was removed is forgotten after a while, so the two cannot be told apart for ever
		p.unmatched(one.record, noUser)
	case !v.mergeable:
		p.unmatched(one.record, notJSON)
	default:
		p.matched(one.record, v.Value)
	}
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
		p.outdated = append(p.outdated, versionKey(u.id, old))
	}
}

// forget drops users that were removed so long ago that no payment to come can ask for them.
func (p *partition) forget() {
	horizon := p.now - p.settings.history
	for len(p.removals) > 0 && p.removals[0].at <= horizon {
		u := p.users[p.removals[0].id] // it may have gone, and come again
		p.removals = p.removals[1:]
		if u == nil {
			continue
		}
		p.cut(u)
		if len(u.versions) == 1 && u.versions[0].Removed && u.versions[0].At <= horizon {
			p.goes(u, u.versions[0])
			if u.cutStored {
				p.outdated = append(p.outdated, cutKey(u.id))
			}
			delete(p.users, u.id)
			u.dropped = true
		}
	}
}
