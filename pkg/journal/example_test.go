package journal_test

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func ExampleJournal_Changed() {
	j := journal.New()
	go j.Add(journal.Event("shipping", "processed", map[string]string{"topic": "orders", "partition": "0",
		"offset": "41"}))
	for {
		changed := j.Changed() // before looking, to miss nothing
		if found := j.Select(journal.Kinds(journal.Processed)); len(found) > 0 {
			fmt.Println(found[0].App, found[0].Topic, found[0].Offset)
			return
		}
		<-changed
	}
	// Output: shipping orders 41
}
