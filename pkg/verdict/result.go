// Package verdict judges whole histories of records and facts.
//
// A judge is made by New…, fed, and asked for its Result. It waits for
// nothing, talks to no cluster, keeps no record it is shown, and gives the same
// result whatever the order in which independent partitions are fed. It is not
// safe for concurrent use.
//
// A result is pass, fail or inconclusive. What was not looked at never passes:
// a judge that was shown nothing is inconclusive.
//
// Each judge's file says what its memory grows with. Judges of ten million
// records keep hashes and bitmaps, not payloads, so they know the place of what
// they found but, past the first ones, not its key: Result.NameKeys asks for it.
package verdict

import (
	"slices"
	"strings"
)

// Outcome is what a judge decided.
type Outcome string

// The outcomes. Inconclusive is not a pass: there was not enough to judge.
const (
	Pass         Outcome = "pass"
	Fail         Outcome = "fail"
	Inconclusive Outcome = "inconclusive"
)

// The kinds of findings, in the order they are reported.
const (
	InconsistentOffset = "inconsistent offset"     // one topic, partition and offset seen with two values
	LostWrite          = "lost write"              // acknowledged or in the log of one topic, missing where it must be
	Duplicate          = "duplicate"               // one record more often than it should be
	Unexpected         = "unexpected"              // a record nobody sent, or one that cannot be judged
	RefusedAppended    = "appended though refused" // reported as failed, yet in the log
	Reordered          = "reordered"               // behind a record that was sent after it
	TwoPartitions      = "key on two partitions"   // records of one key on more than one partition
	WrongPartition     = "wrong partition"         // not where Kafka's default partitioner puts the key
	Uneven             = "uneven"                  // a partition with too many or too few records
	NotSplit           = "split"                   // an input not in exactly one of processed and dead letters
	CommitAhead        = "commit ahead"            // committed past a record nobody had finished
	PollSkip           = "poll skip"               // a consumer jumped over records that exist
	NonMonotonicPoll   = "non-monotonic poll"      // a consumer went back within one assignment
	NotAllAcks         = "acks"                    // a producer that does not wait for all in-sync replicas
	NoProducerID       = "no producer id"          // a batch that a broker cannot know again
	SequenceGap        = "sequence gap"            // a batch whose sequence does not follow the one before
	SequenceReused     = "sequence reused"         // one sequence for two batches
	EarlyRetry         = "early retry"             // sent again before the backoff was over
	LateRetry          = "late retry"              // sent again long after the backoff was over

	MissingResult      = "missing result"                // a record without the result it must have
	RepeatedResult     = "result twice"                  // a record with more than one result
	WrongMatch         = "wrong match"                   // joined with another version than the one in force
	MatchedNoneInForce = "matched though none in force"  // joined though nothing was in force at that time
	UnmatchedInForce   = "unmatched though one in force" // not joined though something was
	AlteredResult      = "altered result"                // a result that has other fields than its record
	TwoOwners          = "two owners"                    // a partition given to a member while another one had it
	CommitAfterRevoke  = "commit after revoke"           // of a partition that its sender had given up
	CommitOfLost       = "commit of a lost partition"    // by one that knew that the group had gone on without it
	RevokedUncommitted = "revoked without commit"        // given up with finished records that are not committed
	WrongStart         = "wrong start"                   // a new owner began elsewhere than at the committed offset
	RevokedUnmoved     = "revoked without moving"        // given up in a rebalance and given back
	NeverProcessed     = "never processed"               // a record that nobody in the group finished
	ProcessedTwice     = "processed twice"               // a record that was finished again, and need not have been

	MissingRow      = "missing row"        // a record without a row in the database
	RepeatedRow     = "row more than once" // a record with more rows than one
	PositionsDiffer = "positions differ"   // rows, stored offset and committed offset of a partition say different things

	AlertWithoutBreach  = "alert without breach"  // raised though the lag was not over the threshold
	AlertRepeated       = "alert repeated"        // raised again before it was cleared
	ClearedWithoutAlert = "cleared without alert" // cleared twice, or while the lag was still over the threshold
	AlertMissing        = "alert missing"         // the lag is over the threshold and no alert is raised
	AlertNotCleared     = "alert not cleared"     // the lag is no longer over the threshold

	WindowMissing    = "window missing"    // closed, and not emitted
	WindowTwice      = "window twice"      // emitted again
	WindowWrong      = "wrong window"      // its count, sum, min or max is not that of its events
	WindowEarly      = "window early"      // emitted before it has closed
	WindowUnexpected = "unexpected window" // emitted, and no event belongs into it
	NotSetAside      = "not set aside"     // an event that is late or cannot be read, and is not where such events go
	SetAsideTwice    = "set aside twice"   // an event more than once where late events go
	SetAsideInTime   = "set aside in time" // an event where late events go, though its window had not closed

	differs = "differs" // differs, though no record could be named
)

// advice says, per kind and in order of report, where to look.
var advice = []struct{ kind, text string }{
	{InconsistentOffset, "look for an unclean leader election or a topic that was deleted and created again"},
	{LostWrite, "look for send errors nobody handles, offsets committed before the work was done, and acks other than " +
		"all"},
	{Duplicate, "look for retries without idempotence, and for records processed again after a restart"},
	{Unexpected, "look for another writer, and for a payload, key or header that was changed on the way"},
	{RefusedAppended, "look for errors taken for a refusal though the broker had acted, such as a timeout"},
	{Reordered, "look for retries without idempotence, and for records of one key worked on at the same time"},
	{TwoPartitions, "look for a partitioner that does not go by the key, and for a topic that gained partitions"},
	{WrongPartition, "use the partitioner of Kafka's Java client, murmur2 of the key"},
	{Uneven, "look for a few keys with most of the records, a sticky partitioner, or a poor hash"},
	{NotSplit, "look at the path of this record: its error handling, its retries, its restart"},
	{CommitAhead, "commit only after the record is processed or its dead letter acknowledged"},
	{PollSkip, "look for a seek, a reset of offsets, or records dropped between poll and processing"},
	{NonMonotonicPoll, "look for a seek, or for two consumers under one name"},
	{NotAllAcks, "set acks=all; idempotence needs it"},
	{NoProducerID, "set enable.idempotence"},
	{SequenceGap, "look for a producer with sequences of its own, or two with one producer id"},
	{SequenceReused, "look for a batch that was built anew before it was sent again"},
	{EarlyRetry, "look for retries with a fixed wait, or none, and for errors with a path of their own"},
	{LateRetry, "look for a wait that grows without its limit"},
	{MissingResult, "look for records that are dropped on arrival, and for what waits in memory only when the " +
		"application ends"},
	{RepeatedResult, "write results, offsets and what is remembered in one transaction, and forget what has its result " +
		"in it"},
	{WrongMatch, "keep the versions of each key by event time, and look up the newest that is not after the record's " +
		"own time"},
	{MatchedNoneInForce, "keep tombstones as versions, and the keys apart"},
	{UnmatchedInForce, "wait for the other topic by event time, not by which record came first"},
	{AlteredResult, "look for fields that are renamed, converted or left out on the way"},
	{TwoOwners, "look at the assignor of the group's leader, and for members that share an id"},
	{CommitAfterRevoke, "commit in the callback that revokes, and refuse marks and commits after it"},
	{CommitOfLost, "forget the positions of lost partitions: their new owner has gone on"},
	{RevokedUncommitted, "commit what is processed in the callback that revokes, before it returns"},
	{WrongStart, "look for a seek at assignment, offsets kept outside of the group, and a reset of offsets"},
	{RevokedUnmoved, "use a cooperative assignor, or the protocol of KIP-848, in all members"},
	{NeverProcessed, "look for offsets committed before the work was done, and records dropped at a rebalance"},
	{ProcessedTwice, "commit when partitions are revoked, and stop working on them before"},
	{MissingRow, "commit the offset only after its row is in the database, and treat an error of the database as one"},
	{RepeatedRow, "write the offset in the transaction of the rows, start from it, and fence owners that were replaced"},
	{PositionsDiffer, "commit what the database holds, no more and no less, and start from it"},
	{AlertWithoutBreach, "alert only when a lag is larger than the threshold, on the partition it is measured on, and " +
		"up to where a consumer can read"},
	{AlertRepeated, "remember for which partitions an alert is raised, and raise the next one only after it was cleared"},
	{ClearedWithoutAlert, "clear an alert once, at the first look that sees the lag at or below the threshold"},
	{AlertMissing, "look for partitions that are left out: without a commit, new ones, those whose lag is small beside " +
		"a sum"},
	{AlertNotCleared, "look for what should notice that the lag went down"},
	{WindowMissing, "look for state that is lost at a restart, for windows closed by a clock, and for a partition that " +
		"is idle or slow and holds others back"},
	{WindowTwice, "emit a window, remove its state and commit the offsets in one transaction; what was emitted stays as " +
		"it is"},
	{WindowWrong, "look for state that is lost, for events counted twice after a restart, and for events at the end of " +
		"a window, which belong to the next"},
	{WindowEarly, "close a window when the slowest active partition has passed its end plus grace"},
	{WindowUnexpected, "take the record's timestamp for the event time, and windows aligned to 1970 that end before " +
		"their end"},
	{NotSetAside, "look for late events that are dropped, or counted in a window that was emitted"},
	{SetAsideTwice, "write late events in the transaction that commits their offsets"},
	{SetAsideInTime, "an event is late when its window's end plus grace has passed, not when a later event came before " +
		"it"},
	{differs, "judge again: another seed tells the records apart"},
}

// MaxFindings is how many findings a result holds; Total counts all.
const MaxFindings = 1000

// Result is what a judge found out.
type Result struct {
	Judge    string // what was judged, as a sentence's beginning: "copy of orders to orders_copy"
	Outcome  Outcome
	Findings []Finding   // ordered by kind, topic, partition, offset; at most MaxFindings, each kind has its share
	Total    int64       // findings in all
	Kinds    []KindTotal // exact totals per kind, in the order of Findings
	Judged   int64       // records or facts looked at
	Passing  int64       // findings that Lasting left out
	Why      string      // when inconclusive
}

// KindTotal counts the findings of a kind. Records is larger where a finding
// stands for many records, such as a range that is missing.
type KindTotal struct {
	Kind              string
	Findings, Records int64
}

// Err is nil on pass, else an *Error.
func (r Result) Err() error {
	if r.Outcome == Pass {
		return nil
	}
	return &Error{Result: r}
}

// Lasting leaves only findings of these kinds, if there are any: those that more records cannot take back, where the
// rest may be of records that were still on their way.
func (r Result) Lasting(kinds ...string) (lasting Result, found bool) {
	passes := func(kind string) bool { return !slices.Contains(kinds, kind) }
	lasting = r
	lasting.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return passes(f.Kind) })
	lasting.Kinds = slices.DeleteFunc(slices.Clone(r.Kinds), func(k KindTotal) bool { return passes(k.Kind) })
	lasting.Total = 0
	for _, k := range lasting.Kinds {
		lasting.Total += k.Findings
	}
	lasting.Passing = r.Total - lasting.Total
	return lasting, lasting.Total > 0
}

// NameKeys fills in the keys of findings whose judge did not keep them, by
// asking for the record at each one's place: a second look at up to MaxFindings
// places instead of memory for the keys of all records. Where lookup finds
// nothing the key stays unknown.
func (r *Result) NameKeys(lookup func(topic string, partition int32, offset int64) (key []byte, found bool)) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.KeyUnknown || f.Offset < 0 {
			continue
		}
		if key, found := lookup(f.Topic, f.Partition, f.Offset); found {
			f.Key, f.KeyUnknown = string(key), false
		}
	}
}

// pronounce makes the result. Nothing names what was missing when nothing was judged.
func (c *collector) pronounce(judge string, judged int64, nothing string) Result {
	r := Result{Judge: judge, Judged: judged}
	r.Findings, r.Kinds = c.sorted()
	for _, k := range r.Kinds {
		r.Total += k.Findings
	}
	switch {
	case r.Total > 0:
		r.Outcome = Fail
	case judged == 0:
		r.Outcome, r.Why = Inconclusive, "nothing was judged: "+nothing
	default:
		r.Outcome = Pass
	}
	return r
}

// inconclusive turns a pass into inconclusive. What was found stays found.
func (r Result) inconclusive(why ...string) Result {
	if r.Outcome == Pass {
		r.Outcome, r.Why = Inconclusive, strings.Join(why, "")
	}
	return r
}
