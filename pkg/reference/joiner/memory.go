package joiner

import (
	"encoding/json"
	"fmt"
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

func appendVersionKey(to []byte, id string, v Version) []byte {
	to = strconv.AppendInt(append(to, userKind+"/"...), v.At, 10)
	to = v.appendHash(append(to, '/'))
	return append(append(to, '/'), id...)
}

// appendHash appends the hash, of a version that is stored.
func (v Version) appendHash(to []byte) []byte {
	if v.Removed {
		return append(to, removed...)
	}
	return strconv.AppendUint(to, v.sum, 16)
}

// hash is FNV-1a of the value, as hash/fnv has it.
func (v Version) hash() uint64 {
	sum := uint64(14695981039346656037)
	for _, c := range v.Value {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	return sum
}

func versionValue(v Version) []byte {
	if v.Removed {
		return yes
	}
	return v.Value
}

func appendCutKey(to []byte, id string) []byte { return append(append(to, cutKind+"/"...), id...) }

func appendPaymentKey(to []byte, offset int64) []byte {
	return strconv.AppendInt(append(to, paymentKind+"/"...), offset, 10)
}

// keys is a list of keys, one behind the other.
type keys struct {
	text []byte
	ends []int
}

func (k *keys) add(key []byte) {
	k.text = append(k.text, key...)
	k.ends = append(k.ends, len(k.text))
}

// takeEach calls take with each key, and empties the list.
func (k *keys) takeEach(take func(key []byte)) {
	start := 0
	for _, end := range k.ends {
		take(k.text[start:end])
		start = end
	}
	k.text, k.ends = k.text[:0], k.ends[:0]
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
	p.settle()
	p.outdated.takeEach(func(key []byte) { p.out.Changelog(key, nil) })
	for _, u := range p.changed {
		u.changed = false
		if !u.dropped {
			u.changes(p.key[:0], p.out)
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
		p.out.Changelog(appendPaymentKey(p.key[:0], r.Offset), value)
	}
	p.out.Changelog([]byte(clockKind), strconv.AppendInt(nil, p.now, 10))
}

// emptied keeps the room for the next transaction, and nothing in it.
func emptied[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// changes writes the versions that the changelog does not have yet, and the mark. A key is made in the memory given.
func (u *user) changes(key []byte, out stateful.Emitter) {
	for i := range u.versions {
		if v := &u.versions[i]; !v.stored {
			v.stored, v.sum = true, v.hash()
			out.Changelog(appendVersionKey(key, u.id, *v), versionValue(*v))
		}
	}
	if u.cut && !u.cutStored {
		u.cutStored = true
		out.Changelog(appendCutKey(key, u.id), yes)
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
