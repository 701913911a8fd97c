package joiner

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// What the changelog of a partition holds, as key and value:
//
//	clock               ms of event time
//	user/<id>           the versions of a user, as JSON
//	payment/<offset>    a payment that waits, as JSON; the offset is its own, in the same partition
const (
	clockKind   = "clock"
	userKind    = "user"
	paymentKind = "payment"
)

func userKey(id string) []byte { return []byte(userKind + "/" + id) }

func paymentKey(offset int64) []byte {
	return strconv.AppendInt([]byte(paymentKind+"/"), offset, 10)
}

// storedUser and storedPayment are what the changelog has of them. Bytes become base64, as they need not be text.
type (
	storedUser struct {
		Versions []Version `json:"versions"`
		Cut      bool      `json:"cut,omitempty"`
	}
	storedPayment struct {
		At      int64              `json:"at"` // ms
		Key     []byte             `json:"key"`
		Value   []byte             `json:"value"`
		Headers []kgo.RecordHeader `json:"headers,omitempty"`
	}
)

// changes writes what the changelog does not have yet. What came and went since the last time never gets there. What
// goes stands first, as it may have come again.
func (p *partition) changes() {
	for _, key := range p.outdated {
		p.out.Changelog(key, nil)
	}
	p.outdated = emptied(p.outdated)
	for _, u := range p.changed {
		u.changes(p.out)
	}
	p.changed = emptied(p.changed)
	for i := range p.waiting {
		waits := &p.waiting[i]
		if waits.stored {
			continue
		}
		waits.stored = true
		r := waits.record
		value, _ := json.Marshal(storedPayment{waits.at, r.Key, r.Value, r.Headers}) // numbers and bytes always encode
		p.out.Changelog(paymentKey(r.Offset), value)
	}
	p.out.Changelog([]byte(clockKind), strconv.AppendInt(nil, p.now, 10))
}

// emptied keeps the room for the next transaction, and nothing in it.
func emptied[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// changes writes the user as it is now.
func (u *user) changes(out stateful.Emitter) {
	switch {
	case !u.dropped:
		value, _ := json.Marshal(storedUser{u.versions, u.cut}) // numbers and bytes always encode
		out.Changelog(userKey(u.id), value)
		u.stored = true
	case u.stored:
		out.Changelog(userKey(u.id), nil)
	}
	u.changed = false
}

// restore takes back an entry of the changelog; a nil value takes away what an earlier one gave.
func (p *partition) restore(key string, value []byte) error {
	kind, rest, _ := strings.Cut(key, "/")
	var err error
	switch kind {
	case clockKind:
		p.now, err = strconv.ParseInt(string(value), 10, 64)
	case userKind:
		err = p.restoreUser(rest, value)
	case paymentKind:
		err = p.restorePayment(rest, value)
	default:
		err = fmt.Errorf("got kind %q, want %s, %s or %s", kind, clockKind, userKind, paymentKind)
	}
	if err != nil {
		return fmt.Errorf("changelog entry %q: %w; give each application a changelog of its own", key, err)
	}
	return nil
}

func (p *partition) restoreUser(id string, value []byte) error {
	if value == nil {
		delete(p.users, id)
		return nil
	}
	var known storedUser
	if err := json.Unmarshal(value, &known); err != nil {
		return err
	}
	for i := range known.Versions {
		known.Versions[i].mergeable = gjson.ValidBytes(known.Versions[i].Value)
	}
	p.users[id] = &user{id: id, versions: known.Versions, cut: known.Cut, stored: true}
	return nil
}

func (p *partition) restorePayment(rest string, value []byte) error {
	offset, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return err
	}
	if value == nil {
		delete(p.restored, offset)
		return nil
	}
	var s storedPayment
	if err := json.Unmarshal(value, &s); err != nil {
		return err
	}
	if p.restored == nil {
		p.restored = map[int64]payment{}
	}
	p.restored[offset] = payment{at: s.At, stored: true, record: &kgo.Record{
		Key: s.Key, Value: s.Value, Headers: s.Headers, Offset: offset, Timestamp: time.UnixMilli(s.At),
	}}
	return nil
}

// begin is called when the changelog has been read: payments wait again, and users that have gone are known.
func (p *partition) begin() {
	for id, u := range p.users {
		for _, v := range u.versions {
			if v.Removed {
				p.removals = append(p.removals, removal{id, v.At})
			}
		}
	}
	slices.SortFunc(p.removals, func(a, b removal) int { return cmp.Compare(a.at, b.at) })
	for _, waits := range p.restored {
		p.waiting.push(waits)
	}
	p.restored = nil
}
