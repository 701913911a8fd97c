package joiner

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
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

func versionKey(id string, v Version) string {
	return userKind + "/" + strconv.FormatInt(v.At, 10) + "/" + v.hash() + "/" + id
}

func (v Version) hash() string {
	if v.Removed {
		return removed
	}
	sum := fnv.New64a()
	_, _ = sum.Write(v.Value)
	return strconv.FormatUint(sum.Sum64(), 16)
}

func versionValue(v Version) []byte {
	if v.Removed {
		return yes
	}
	return v.Value
}

func cutKey(id string) string { return cutKind + "/" + id }

func paymentKey(offset int64) string { return paymentKind + "/" + strconv.FormatInt(offset, 10) }

// storedPayment is a payment in the changelog. Its bytes become base64, as they need not be text.
type storedPayment struct {
	At      int64              `json:"at"` // ms
	Key     []byte             `json:"key"`
	Value   []byte             `json:"value"`
	Headers []kgo.RecordHeader `json:"headers,omitempty"`
}

// changes hands over what the changelog does not have yet. A payment that came and went since the last time never gets there.
func (p *partition) changes(put func(key, value []byte)) {
	for _, waits := range p.arrived {
		if waits.gone {
			continue
		}
		waits.stored = true
		r := waits.record
		value, _ := json.Marshal(storedPayment{waits.at, r.Key, r.Value, r.Headers}) // numbers and bytes always encode
		p.changed[paymentKey(r.Offset)] = value
	}
	p.arrived = p.arrived[:0]
	for key, value := range p.changed {
		if p.policy.Remember(key, value) {
			put([]byte(key), value)
		}
	}
	clear(p.changed)
	put([]byte(clockKind), strconv.AppendInt(nil, p.now, 10))
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
		p.userOf(rest).cut = value != nil
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
		v := Version{At: at, Value: value, Removed: hash == removed}
		if v.Removed {
			v.Value = nil
		}
		p.learn(id, v)
		return nil
	}
	u := p.userOf(id)
	u.versions = slices.DeleteFunc(u.versions, func(v Version) bool { return v.At == at && v.hash() == hash })
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
		p.restored = map[int64]*payment{}
	}
	p.restored[offset] = &payment{at: s.At, id: p.policy.User(s.Key), stored: true, record: &kgo.Record{
		Key: s.Key, Value: s.Value, Headers: s.Headers, Offset: offset, Timestamp: time.UnixMilli(s.At),
	}}
	return nil
}

// begin is called when the changelog has been read: users of whom only a mark is left are dropped, and payments wait again.
func (p *partition) begin() {
	for id, u := range p.users {
		if len(u.versions) == 0 {
			delete(p.users, id)
		}
	}
	for _, waits := range p.restored {
		p.waiting = append(p.waiting, waits)
	}
	p.restored = nil
	heap.Init(&p.waiting)
}
