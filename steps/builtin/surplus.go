package builtin

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/steps"
)

// surplus says which record an application told of too often: the first one that it told of again, else the one that
// came last. It is empty where there are not too many, and of facts that are about no record.
func surplus(facts []journal.Fact, want steps.Amount) string {
	type place struct {
		topic     string
		partition int32
		offset    int64
	}
	if !want.Exceeded(int64(len(facts))) {
		return ""
	}
	seen := map[place]bool{}
	for i := range facts {
		f := &facts[i]
		at := place{f.Topic, f.Partition, f.Offset}
		if f.Topic == "" || f.Offset < 0 {
			return ""
		}
		if seen[at] {
			return "too many: " + placeOf(f) + " again"
		}
		seen[at] = true
	}
	return "the last one: " + placeOf(&facts[len(facts)-1])
}

func placeOf(f *journal.Fact) string {
	text := fmt.Sprintf("%s partition %d offset %d", f.Topic, f.Partition, f.Offset)
	if f.Key != "" {
		text += fmt.Sprintf(" key %q", f.Key)
	}
	return text
}
