package joiner

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// What the changelog of a partition holds, as key and value:
//
//	clock                       ms of event time
//	user/<ms>/<hash>/<id>       a version of a user; the hash of its value tells versions of one time apart
//	user/<ms>/removed/<id>      a tombstone
//	cut/<id>                    the user had versions that are forgotten
//	payment/<offset>            a payment that waits, as JSON; the offset is its own, in the same partition
const (
	clockKind   = "clock"
	userKind    = "user"
	cutKind     = "cut"
	paymentKind = "payment"

	removed = "removed" // in place of a hash
)

var yes = []byte("true") // where the key says it all

func versionKey(id string, v Version) []byte {
	key := make([]byte, 0, len(userKind)+40+len(id))
	key = strconv.AppendInt(append(key, userKind+"/"...), v.At, 10)
	key = v.appendHash(append(key, '/'))
	return append(append(key, '/'), id...)
}

// appendHash appends the hash, of a version that is stored.
func (v Version) appendHash(to []byte) []byte {
	if v.Removed {
		return append(to, removed...)
	}
	return strconv.AppendUint(to, v.sum, 16)
}

func (v Version) hash() uint64 {
	sum := fnv.New64a()
	_, _ = sum.Write(v.Value) // never fails
	return sum.Sum64()
}

func versionValue(v Version) []byte {
	if v.Removed {
		return yes
	}
	return v.Value
}

func cutKey(id string) []byte { return []byte(cutKind + "/" + id) }

func paymentKey(offset int64) []byte {
	return strconv.AppendInt([]byte(paymentKind+"/"), offset, 10)
}

// storedPayment is a payment in the changelog. Its bytes become base64, as they need not be text.
type storedPayment struct {
	At      int64              `json:"at"` // ms
	Key     []byte             `json:"key"`
	Value   []byte             `json:"value"`
	Headers []kgo.RecordHeader `json:"headers,omitempty"`
}

// changes writes what the changelog does not have yet. What came and went since the last time never gets there. What
// goes stands first, as it may have come again.
func (p *partition) changes() {
	for _, key := range p.outdated {
		p.out.Changelog(key, nil)
	}
	p.outdated = emptied(p.outdated)
	for _, u := range p.changed {
		u.changed = false
		if !u.dropped {
			u.changes(p.out)
		}
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

// changes writes the versions that the changelog does not have yet, and the mark.
func (u *user) changes(out stateful.Emitter) {
	for i := range u.versions {
		if v := &u.versions[i]; !v.stored {
			v.stored, v.sum = true, v.hash()
			out.Changelog(versionKey(u.id, *v), versionValue(*v))
		}
	}
	if u.cut && !u.cutStored {
		u.cutStored = true
		out.Changelog(cutKey(u.id), yes)
	}
}

// restore takes back an entry of the changelog; a nil value takes away what an earlier one gave.
func (p *partition) restore(key string, value []byte) error {
	kind, rest, _ := strings.Cut(key, "/")
	var err error
	switch kind {
	case clockKind:
		p.now, err = strconv.ParseInt(string(value), 10, 64)
	case userKind:
		err = p.restoreVersion(rest, value)
	case cutKind:
		u := p.userOf([]byte(rest))
		u.cut, u.cutStored = value != nil, value != nil
	case paymentKind:
		err = p.restorePayment(rest, value)
	default:
		err = fmt.Errorf("got kind %q, want %s, %s, %s or %s", kind, clockKind, userKind, cutKind, paymentKind)
	}
	if err != nil {
		return fmt.Errorf("changelog entry %q: %w; give each application a changelog of its own", key, err)
	}
	return nil
}

func (p *partition) restoreVersion(rest string, value []byte) error {
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 3 {
		return fmt.Errorf("got %q, want ms, hash and id", rest)
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return err
	}
	hash, id := parts[1], parts[2]
	if value != nil {
		v := Version{At: at, Value: value, Removed: hash == removed, stored: true}
		if v.Removed {
			v.Value = nil
		}
		v.sum = v.hash()
		p.learn(p.userOf([]byte(id)), v)
		return nil
	}
	u := p.userOf([]byte(id))
	u.versions = slices.DeleteFunc(u.versions, func(v Version) bool {
		return v.At == at && string(v.appendHash(nil)) == hash
	})
	if len(u.versions) == 0 && !u.cut {
		delete(p.users, id)
	}
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

// begin is called when the changelog has been read: users of whom only a mark is left are dropped, and payments wait
// again.
func (p *partition) begin() {
	for id, u := range p.users {
		if len(u.versions) == 0 {
			delete(p.users, id)
		}
	}
	for _, waits := range p.restored {
		p.waiting.push(waits)
	}
	p.restored = nil
}
