package verdict

import "slices"

//go:generate go run ./internal/table ../../docs/when-it-fails.md

// The names of the kinds of findings.
const (
	InconsistentOffset  = "inconsistent offset"
	LostWrite           = "lost write"
	Duplicate           = "duplicate"
	Unexpected          = "unexpected"
	Reordered           = "reordered"
	TwoPartitions       = "key on two partitions"
	WrongPartition      = "wrong partition"
	Uneven              = "uneven"
	NotSplit            = "split"
	AlteredLetter       = "altered dead letter"
	CommitAhead         = "commit ahead"
	CommitPastEnd       = "commit past the end"
	PollSkip            = "poll skip"
	NonMonotonicPoll    = "non-monotonic poll"
	NotAllAcks          = "acks"
	NoProducerID        = "no producer id"
	SequenceGap         = "sequence gap"
	SequenceReused      = "sequence reused"
	EarlyRetry          = "early retry"
	LateRetry           = "late retry"
	MissingResult       = "missing result"
	RepeatedResult      = "result twice"
	WrongMatch          = "wrong match"
	MatchedNoneInForce  = "matched though none in force"
	UnmatchedInForce    = "unmatched though one in force"
	AlteredResult       = "altered result"
	TwoOwners           = "two owners"
	CommitAfterRevoke   = "commit after revoke"
	CommitOfLost        = "commit of a lost partition"
	CommitOfAnothers    = "commit of another's partition"
	RevokedUncommitted  = "revoked without commit"
	WrongStart          = "wrong start"
	RevokedUnmoved      = "revoked without moving"
	NeverProcessed      = "never processed"
	ProcessedTwice      = "processed twice"
	OutOfOrder          = "processed out of order"
	MissingRow          = "missing row"
	RepeatedRow         = "row more than once"
	PositionsDiffer     = "positions differ"
	AlertWithoutBreach  = "alert without breach"
	AlertRepeated       = "alert repeated"
	ClearedWithoutAlert = "cleared without alert"
	AlertMissing        = "alert missing"
	AlertNotCleared     = "alert not cleared"
	WindowMissing       = "window missing"
	WindowTwice         = "window twice"
	WindowWrong         = "wrong window"
	WindowEarly         = "window early"
	WindowUnexpected    = "unexpected window"
	NotSetAside         = "not set aside"
	SetAsideTwice       = "set aside twice"
	SetAsideInTime      = "set aside in time"
	HangingTransaction  = "hanging transaction"
	HeldByTwo           = "held by two"
	SettledTwice        = "settled twice"
	AcceptedEarly       = "accepted before its work"
	AcknowledgedUnheld  = "acknowledged unheld"
	DeliveredTooOften   = "delivered too often"
	GivenUp             = "given up"
	NotSettled          = "not settled"
	TornTransaction     = "torn transaction"
	AbortedRead         = "aborted read"
	OffsetsElsewhere    = "offsets outside the transaction"
	SentAsNew           = "sent again as new"
	MissingReply        = "missing reply"
	RepeatedReply       = "reply twice"
	LateReply           = "late reply"
	MissingRequest      = "missing request"
	RepeatedRequest     = "request more than once"
	differs             = "differs"
)

// Kind is what is known of a kind of findings.
type Kind struct {
	Name    string
	Heals   bool   // waiting can heal it: it may be of records or facts that were still on their way
	Meaning string // what was found, on one line
	Advice  string // where to look
}

// Kinds are all kinds of findings, in the order they are reported. An unexpected record heals, as what it copies may
// have come after the input was read.
func Kinds() []Kind { return slices.Clone(kinds) }

// AdviceOn says where to look after a finding of a kind; empty for one that is not known.
func AdviceOn(kind string) string {
	if at := kindAt(kind); at < len(kinds) {
		return kinds[at].Advice
	}
	return ""
}

// Whether waiting can heal a kind.
const heals, final = true, false

var kinds = []Kind{
	{InconsistentOffset, final, "one topic, partition and offset seen with two values",
		"look for an unclean leader election or a topic that was deleted and created again"},
	{LostWrite, heals, "acknowledged or in the log of one topic, missing where it must be",
		"look for send errors nobody handles, offsets committed before the work was done, and acks other than all"},
	{Duplicate, final, "one record more often than it should be",
		"look for retries without idempotence, and for records processed again after a restart"},
	{Unexpected, heals, "a record nobody sent, work on what is no record, or a record that cannot be judged",
		"look for another writer, for a payload, key or header that was changed on the way, for aborted records that " +
			"are read uncommitted, and for totals that count records again after a restart"},
	{Reordered, final, "behind a record that was sent after it",
		"look for retries without idempotence, and for records of one key worked on at the same time"},
	{TwoPartitions, final, "records of one key on more than one partition",
		"look for a partitioner that does not go by the key, and for a topic that gained partitions"},
	{WrongPartition, final, "not where Kafka's default partitioner puts the key",
		"use the partitioner of Kafka's Java client, murmur2 of the key"},
	{Uneven, heals, "a partition with too many or too few records",
		"look for a few keys with most of the records, a sticky partitioner, or a poor hash"},
	{NotSplit, heals, "an input not in exactly one of processed and dead letters",
		"look at the path of this record: its error handling, its retries, its restart"},
	{AlteredLetter, final, "a dead letter with another key or value than the record it names",
		"set records aside byte for byte, and what is to be said of them in headers"},
	{CommitAhead, heals, "committed past a record nobody had finished",
		"commit only after the record is processed or its dead letter acknowledged"},
	{CommitPastEnd, final, "a group committed an offset behind the log's end",
		"look for an offset counted up by hand, or kept from another topic: what comes next is skipped"},
	{PollSkip, final, "a consumer jumped over records that exist",
		"look for a seek, a reset of offsets, and partitions whose errors make the consumer go on behind"},
	{NonMonotonicPoll, final, "a consumer went back within one assignment",
		"look for a seek, and for positions that are set again after a rebalance that did not take the partition"},
	{NotAllAcks, final, "a producer that does not wait for all in-sync replicas",
		"set acks=all; idempotence needs it"},
	{NoProducerID, final, "a batch that a broker cannot know again", "set enable.idempotence"},
	{SequenceGap, heals, "a batch whose sequence does not follow the one before",
		"look for a producer with sequences of its own, or two with one producer id"},
	{SequenceReused, final, "one sequence for two batches",
		"look for a batch that was built anew before it was sent again"},
	{EarlyRetry, final, "sent again before the backoff was over",
		"look for retries with a fixed wait, or none, and for errors with a path of their own"},
	{LateRetry, final, "sent again long after the backoff was over", "look for a wait that grows without its limit"},
	{MissingResult, heals, "a record without the result it must have",
		"look for records that are dropped on arrival, and for what waits in memory only when the application ends"},
	{RepeatedResult, final, "a record with more than one result",
		"write results, offsets and what is remembered in one transaction, and forget what has its result in it"},
	{WrongMatch, heals, "joined with another version than the one in force",
		"keep the versions of each key by event time, and look up the newest that is not after the record's own time"},
	{MatchedNoneInForce, heals, "joined though nothing was in force at that time",
		"keep tombstones as versions, and the keys apart"},
	{UnmatchedInForce, heals, "not joined though something was",
		"wait for the other topic by event time, not by which record came first"},
	{AlteredResult, final, "a result that has other fields than its record",
		"look for fields that are renamed, converted or left out on the way"},
	{TwoOwners, final, "a partition given to a member while another one had it",
		"look at the assignor of the group's leader, and for members that share an id"},
	{CommitAfterRevoke, final, "of a partition that its sender had given up",
		"commit in the callback that revokes, and refuse marks and commits after it"},
	{CommitOfLost, final, "by one that knew that the group had gone on without it",
		"forget the positions of lost partitions: their new owner has gone on"},
	{CommitOfAnothers, final, "by a member that never owned it, while another one did",
		"commit the partitions of the assignment only"},
	{RevokedUncommitted, heals, "given up with finished records that are not committed",
		"commit what is processed in the callback that revokes, before it returns"},
	{WrongStart, heals, "a new owner began elsewhere than at the committed offset",
		"look for a seek at assignment, offsets kept outside of the group, and a reset of offsets"},
	{RevokedUnmoved, final, "given up in a rebalance and given back",
		"use a cooperative assignor, or the protocol of KIP-848, in all members"},
	{NeverProcessed, heals, "a record that nobody in the group finished",
		"look for offsets committed before the work was done, and records dropped at a rebalance"},
	{ProcessedTwice, final, "a record that was finished again, and need not have been",
		"commit when partitions are revoked, and stop working on them before"},
	{OutOfOrder, final, "a record that was finished after a later one of its key",
		"work on the records of one key one after the other, and end that work before the partition is given up"},
	{MissingRow, heals, "a record without a row in the database",
		"commit the offset only after its row is in the database, and treat an error of the database as one"},
	{RepeatedRow, final, "a record with more rows than one",
		"write the offset in the transaction of the rows, start from it, and fence owners that were replaced"},
	{PositionsDiffer, heals, "rows, stored offset and committed offset of a partition say different things",
		"commit what the database holds, no more and no less, and start from it"},
	{AlertWithoutBreach, final, "raised though the lag was not over the threshold",
		"alert only when a lag is larger than the threshold, on the partition it is measured on, and up to where " +
			"a consumer can read"},
	{AlertRepeated, final, "raised again before it was cleared",
		"remember for which partitions an alert is raised, and raise the next one only after it was cleared"},
	{ClearedWithoutAlert, final, "cleared twice, or while the lag was still over the threshold",
		"clear an alert once, at the first look that sees the lag at or below the threshold"},
	{AlertMissing, heals, "the lag is over the threshold and no alert is raised",
		"look for partitions that are left out: without a commit, new ones, those whose lag is small beside a sum"},
	{AlertNotCleared, heals, "the lag is no longer over the threshold",
		"look for what should notice that the lag went down"},
	{WindowMissing, heals, "closed, and not emitted",
		"look for state that is lost at a restart, for windows closed by a clock, and for a partition that is " +
			"idle or slow and holds others back"},
	{WindowTwice, final, "emitted again",
		"emit a window, remove its state and commit the offsets in one transaction; what was emitted stays as it is"},
	{WindowWrong, heals, "its count, sum, min or max is not that of its events",
		"look for state that is lost, for events counted twice after a restart, and for events at the end of a " +
			"window, which belong to the next"},
	{WindowEarly, heals, "emitted before it has closed",
		"close a window when the slowest active partition has passed its end plus grace"},
	{WindowUnexpected, heals, "emitted, and no event belongs into it",
		"take the record's timestamp for the event time, and windows aligned to 1970 that end before their end"},
	{NotSetAside, heals, "an event that is late or cannot be read, and is not where such events go",
		"look for late events that are dropped, or counted in a window that was emitted"},
	{SetAsideTwice, final, "an event more than once where late events go",
		"write late events in the transaction that commits their offsets"},
	{SetAsideInTime, heals, "an event where late events go, though its window had not closed",
		"an event is late when its window's end plus grace has passed, not when a later event came before it"},
	{HangingTransaction, final, "a transaction that is open though its timeout is over",
		"abort it with kafka-transactions.sh, and look for a producer or a coordinator that lost it"},
	{HeldByTwo, final, "a record of a share group worked on by two members at once",
		"renew the lock of a record whose work takes long, or set share.record.lock.duration.ms of the group above it"},
	{SettledTwice, final, "accepted or rejected again, or given to a member after that",
		"look for acknowledgements that are sent again, and for records that are kept after they were acknowledged"},
	{AcceptedEarly, final, "a record of a share group accepted while its work was not done",
		"accept a record after its work, and release or reject it when the work fails"},
	{AcknowledgedUnheld, final, "an acknowledgement by one that was never given the record",
		"acknowledge what a fetch has given to this member, and nothing else"},
	{DeliveredTooOften, final, "delivered more often than the group's limit allows",
		"look at group.share.delivery.count.limit of each broker"},
	{GivenUp, final, "delivered as often as the limit allows, and neither accepted nor rejected: the group drops it",
		"reject what can never be processed, and set it aside, before the group's delivery limit is reached"},
	{NotSettled, heals, "a record that no member of the share group has accepted or rejected",
		"look for records that are dropped after the fetch, and for share.auto.offset.reset, which is latest by default"},
	{TornTransaction, final, "a transaction of which only a part can be read",
		"look for a topic that was deleted and created again, and for an unclean leader election"},
	{AbortedRead, final, "a record of an aborted transaction that can be read",
		"look for batches that came late, behind the end of their transaction, and for brokers before KIP-890"},
	{OffsetsElsewhere, final, "records and the offsets they were made from, which are not committed by one transaction",
		"call sendOffsetsToTransaction before commitTransaction, in the transaction that wrote the records; commit no " +
			"offsets and write no records otherwise"},
	{SentAsNew, final, "records whose fate was not known, written again so that no broker can tell",
		"let the producer try again by itself, with the same producer id and sequence, for as long as it takes"},
	{MissingReply, heals, "a request without a reply that has its correlation id",
		"look for requests whose processing fails, and for a correlation id that is not copied, or copied as other bytes"},
	{RepeatedReply, final, "a request with more than one reply",
		"look for requests that are read again after a restart: write the reply and commit the request in one transaction"},
	{LateReply, final, "a reply that came later than it may",
		"look for linger and batching of the replies, and for requests that wait behind slow ones"},
	{MissingRequest, heals, "a record for which nothing was asked of a service, or only what the service refused",
		"look for errors of the request that nobody handles, and for records that are committed before it was answered"},
	{RepeatedRequest, final, "a record for which a service was asked, and has acted, more than once",
		"send an idempotency key that is the record's own, and look for retries after a timeout and for records read again"},
	{differs, heals, "differs, though no record could be named", "judge again: another seed tells the records apart"},
}

// kindAt is the place of a kind in the report; behind all others for one nobody knows.
func kindAt(name string) int {
	if at := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name }); at >= 0 {
		return at
	}
	return len(kinds)
}
