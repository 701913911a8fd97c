package wrong

import (
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/payer"
)

// payVariants are those of payer.
func payVariants() []Variant {
	type policy = payer.Policy
	return variants(payer.RunWith, []mistake[policy]{
		// The service cannot know that it has acted before.
		{"pay-key-anew", "each attempt has an Idempotency-Key of its own: shows when an answer is lost", func(p *policy) {
			right := p.Key
			p.Key = func(order *kgo.Record, attempt int) string {
				return fmt.Sprintf("%s-%d", right(order, attempt), attempt)
			}
		}},
		{"pay-gives-up", "an answer of 503 is taken for a refusal: shows when the service fails for now", func(p *policy) {
			right := p.Decide
			p.Decide = func(status int) payer.Outcome {
				if status == 503 {
					return payer.Refused
				}
				return right(status)
			}
		}},
		{"pay-insists", "what the service refuses is tried again for ever: shows when it refuses", func(p *policy) {
			right := p.Decide
			p.Decide = func(status int) payer.Outcome {
				if o := right(status); o != payer.Refused {
					return o
				}
				return payer.Again
			}
		}},
		{"pay-twice", "the service is asked again after its first answer to each order", func(p *policy) {
			right, asked := p.Decide, 0
			p.Decide = func(status int) payer.Outcome {
				if o := right(status); o != payer.Made {
					return o
				}
				if asked++; asked%2 == 1 {
					return payer.Again
				}
				return payer.Made
			}
		}},
		{"pay-commits-first", "the offset is committed before the service is asked: shows while the service is down",
			func(p *policy) { p.First = true }},
		{"pay-newest-first", "of the orders that came together the newest is asked for first",
			func(p *policy) { p.Arrange = slices.Reverse[[]*kgo.Record] }},
		{"event-id-shared", "events have the id of the payer, and none of their own", func(p *policy) {
			changeEvent(p, func(e *payer.Event) { e.ID = "payer" })
		}},
		{"event-local-time", "the time of an event has no offset from UTC", func(p *policy) {
			changeEvent(p, func(e *payer.Event) {
				if at, err := time.Parse(time.RFC3339Nano, e.Time); err == nil {
					e.Time = at.Format(time.DateTime)
				}
			})
		}},
		{"event-always-binary", "events are binary, whatever the settings ask for: shows where they ask for structured ones",
			func(p *policy) { p.Structured = false }},
	})
}

func changeEvent(p *payer.Policy, change func(e *payer.Event)) {
	right := p.Event
	p.Event = func(id string, order *kgo.Record, o payer.Outcome) payer.Event {
		e := right(id, order, o)
		change(&e)
		return e
	}
}
