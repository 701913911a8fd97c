package wire

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// refused answers a request with errors, or prepares that its answer gets them. It returns what is left to pass on, nil
// when that is nothing.
func (c *connection) refused(x *exchange, r *request, refusals []refusal) ([]byte, error) {
	decoded, err := decodeRequest(r.key, r.version, r.frame[r.body:])
	if err != nil {
		c.cannot(x, err)
		return r.frame, nil
	}
	named := partitionsOf(decoded)
	if fetch, ok := decoded.(*kmsg.FetchRequest); ok {
		if watch, ok := x.watch.(*fetched); ok {
			named = watch.asked() // those of its session too
		}
		fetch.MaxWaitMillis = 0 // the error is not to wait for records
	}
	for i := range refusals {
		for _, key := range named {
			if selected := refusals[i].selected; selected != nil && selected(key) || selected == nil && key.group == "" {
				refusals[i].parts = append(refusals[i].parts, key)
			}
		}
	}
	x.request, x.refusals = decoded, refusals
	changed := r.key == kmsg.Fetch
	switch {
	case r.key == kmsg.Metadata:
	case r.key == kmsg.Fetch && !sessionError(refusals[0].code()):
	case everythingRefused(decoded, refusals, &changed):
		return nil, c.answerRefused(x)
	}
	if !changed {
		return r.frame, nil
	}
	return sized(decoded.AppendTo(r.frame[:r.body:r.body])), nil
}

// everythingRefused takes the partitions that the broker must not get out of the request, and tells whether none is
// left.
func everythingRefused(request kmsg.Request, refusals []refusal, changed *bool) bool {
	for _, r := range refusals {
		if r.by.rule.Action.kind != reject {
			continue
		}
		if r.selected == nil {
			return true
		}
		*changed = true
		if !strip(request, r.selected) {
			return true
		}
	}
	return false
}

// answerRefused answers in place of the broker.
func (c *connection) answerRefused(x *exchange) error {
	answer := x.request.ResponseKind()
	for _, r := range slices.Backward(x.refusals) {
		if r.selected == nil {
			answer = refuse(x.request, r.code())
		}
		refuseParts(answer, r.parts, r.code())
	}
	for _, r := range x.refusals {
		c.fired(x, r.by)
	}
	body := answer.AppendTo(nil)
	c.tell(x, journal.Intercepted, body)
	if x.silent() {
		return nil
	}
	x.watch = nil // told
	return c.answer(x, answerFrame(x.key, x.version, x.correlation, body))
}

// withRefusals puts the errors into the broker's answer. The rule that came first wins.
func (c *connection) withRefusals(x *exchange, body []byte) []byte {
	answer, err := decodeResponse(x.request, body)
	if err != nil {
		c.cannot(x, err)
		return body
	}
	for _, r := range slices.Backward(x.refusals) {
		metadata, ok := answer.(*kmsg.MetadataResponse)
		switch {
		case ok && !refuseMetadata(metadata, r.code(), r.selected):
			continue
		case !ok && len(r.parts) == 0: // nothing that the broker said stays
			answer = refuse(x.request, r.code())
		case !ok:
			refuseParts(answer, r.parts, r.code())
		}
		c.fired(x, r.by)
	}
	x.giveBack()
	return answer.AppendTo(nil)
}
