package joiner

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"
)

// HeaderReason says why a payment is unmatched. The headers it came with stand before it.
const HeaderReason = "join-reason"

// reason is why a payment leaves unmatched.
type reason string

const (
	noUser     reason = "no-user"     // nobody was in force at its time, and the wait is over
	bufferFull reason = "buffer-full" // too many wait, and it is the oldest
	tooOld     reason = "too-old"     // the versions of its time are forgotten
	notJSON    reason = "not-json"    // it, or the user in force, is no JSON that can be merged
)

// unmatched emits a payment as it came, with the reason it had no user.
func (p *partition) unmatched(r *kgo.Record, why reason) {
	p.tally.unmatched++
	headers := append(r.Headers[:len(r.Headers):len(r.Headers)], kgo.RecordHeader{Key: HeaderReason, Value: []byte(why)})
	result, _ := p.out.Record()
	result.Topic, result.Key, result.Value, result.Headers, result.Timestamp = p.settings.unmatched, r.Key, r.Value,
		headers, r.Timestamp
	p.out.Emit(result)
}

// matched emits a payment with its user.
func (p *partition) matched(r *kgo.Record, user []byte) {
	result, memory := p.out.Record()
	value, ok := enrich(memory, r.Value, user)
	if !ok {
		p.unmatched(r, notJSON)
		return
	}
	p.tally.joined++
	result.Topic, result.Key, result.Value, result.Headers, result.Timestamp = p.settings.enriched, r.Key, value,
		r.Headers, r.Timestamp
	p.out.Emit(result)
}

// userField holds the user in an enriched event.
const userField = "user"

// enrich puts the user, a JSON value, into the payment, which must be a JSON object. It appends to what is given, which
// is empty. The payment's bytes stay as they are, so no number loses its digits.
func enrich(to, payment, user []byte) ([]byte, bool) {
	if !gjson.ValidBytes(payment) {
		return nil, false
	}
	body := bytes.TrimSpace(payment)
	if body[0] != '{' {
		return nil, false
	}
	if gjson.GetBytes(body, userField).Exists() {
		return enrichAgain(body, user)
	}
	body = bytes.TrimSpace(body[:len(body)-1])
	to = append(slices.Grow(to, len(body)+len(user)+len(userField)+5), body...)
	if len(body) > 1 {
		to = append(to, ',')
	}
	to = append(append(to, `"`+userField+`":`...), user...)
	return append(to, '}'), true
}

// enrichAgain is for a payment that may have such a field already: the user takes its place.
func enrichAgain(payment, user []byte) ([]byte, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(payment, &fields); err != nil {
		return nil, false
	}
	fields[userField] = user
	value, err := json.Marshal(fields)
	return value, err == nil
}
