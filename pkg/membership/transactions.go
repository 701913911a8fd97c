package membership

import "github.com/kafkaspec/kafkaspec/pkg/journal"

// transactions are those in which a group was committed for, by their id: they are in force once a commit ends them,
// and never where it is aborted, or begun anew by its next producer.
type transactions map[string][]pendingCommit

// pendingCommit is a commit of a history that is not in force yet.
type pendingCommit struct {
	partition int32
	at        int // in the commits of the partition
}

// committed adds a commit, which is not in force before its transaction ends.
func (t transactions) committed(h *History, f *journal.Fact, c Commit) {
	d, ok := f.Detail.(*journal.Commit)
	if ok && d.TransactionalID != "" && (c.Taken || c.Unknown) {
		t[d.TransactionalID] = append(t[d.TransactionalID], pendingCommit{c.Partition, len(h.Commits[c.Partition])})
		c.Taken, c.Unknown = false, true
	}
	h.Committed(c)
}

// ended takes what ends a transaction.
func (t transactions) ended(h *History, f *journal.Fact, d *journal.Transaction) {
	if f.Request == nil || f.Request.API != "EndTxn" && f.Request.API != "InitProducerID" {
		return
	}
	cut := f.Request.Outcome == journal.Cut
	if !cut && (f.Request.Outcome != journal.Answered || d.Code != 0) {
		return
	}
	for _, pending := range t[d.TransactionalID] {
		c := &h.Commits[pending.partition][pending.at]
		c.Unknown = cut
		if d.Commit && !cut {
			c.Taken, c.Answered = true, f.Request.Answered
		}
	}
	if !cut { // else it may be said again
		delete(t, d.TransactionalID)
	}
}
