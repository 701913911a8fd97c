package world

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Surplus says which records of the topic may be those that are more than wanted by so many; empty where that is not
// known: in a topic of too many records to be kept, and in a journal that does not tell.
func (t *Topic) Surplus(ctx context.Context, more int64) string {
	answer, err := t.world.answer(ctx, journal.Answer{Question: "records too many", Of: t.Name},
		func(ctx context.Context, a *journal.Answer) error {
			records, err := t.Records(ctx)
			a.Text = record.Surplus(records, int(more))
			return err
		})
	if err != nil { // it only explains
		return ""
	}
	return answer.Text
}
