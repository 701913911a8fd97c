package verdict

import (
	"fmt"
	"time"
)

// OpenTransaction is one that keeps the last stable offset of a partition below the high watermark.
type OpenTransaction struct {
	Topic           string
	Partition       int32
	First, End      int64 // of its records the first offset, and the high watermark
	ProducerID      int64 // -1: not known
	TransactionalID string
	Overdue         time.Duration // since it should have been aborted by its timeout; not above 0 while it may be open
}

// Result is inconclusive while the transaction may be open, and a finding once it hangs.
func (o OpenTransaction) Result() Result {
	var found collector
	who := fmt.Sprintf("a transaction of producer id %d", o.ProducerID)
	if o.TransactionalID != "" {
		who += fmt.Sprintf(" (transactional id %q)", o.TransactionalID)
	}
	if o.Overdue > 0 {
		found.add(Finding{Kind: HangingTransaction, Topic: o.Topic, Partition: o.Partition, Offset: o.First},
			"%s is open though its timeout is over since %v, and the log ends at %d", who,
			o.Overdue.Round(time.Millisecond), o.End)
	}
	return found.pronounce("transactions in "+o.Topic, 0, fmt.Sprintf("%s is open on partition %d from offset %d, and "+
		"the log ends at %d: what is behind cannot be read yet", who, o.Partition, o.First, o.End))
}
