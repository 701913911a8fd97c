package wire

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// effect is what can be observed of a fault.
type effect struct {
	// by what they are about, in order, as the wire saw them: "orders/0: refused NOT_LEADER_OR_FOLLOWER, answered"
	Attempts string
	Answer   string // what the client got in the end
	Left     int64  // records in the topics, or the offset committed
	Fired    int    // of the rule; anyTimes where that is up to the client
}

const anyTimes = -1

// conformance is a fault, what an application does meanwhile, and the one effect that has on every cluster.
type conformance struct {
	rule        func(*stand) Rule
	do          func(*stand) string // returns the answer; nil: produce one record to orders/0
	left        func(*stand) int64  // nil: all records
	atLeast     time.Duration       // how long it takes from the rule on
	everyClient bool                // the same for librdkafka and the Java client
	want        effect
}

// on makes a rule for requests of the application "app".
func on(api string, action Action, times int, narrow ...func(*stand, *Rule)) func(*stand) Rule {
	return func(s *stand) Rule {
		rule := On(api, action)
		rule.App, rule.Times = "app", times
		for _, n := range narrow {
			n(s, &rule)
		}
		return rule
	}
}

func topic(name string) func(*stand, *Rule) {
	return func(s *stand, r *Rule) { r.Topic = s.topic(name) }
}

var (
	notLeader, timedOut, tooLarge = kerr.NotLeaderForPartition, kerr.RequestTimedOut, kerr.MessageTooLarge
	notIdempotent                 = []kgo.Opt{kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MaxProduceRequestsInflightPerBroker(1)}
)

// conformances: every fault, and every way to select what it is about.
var conformances = map[string]conformance{
	"reject": {
		rule: on("Produce", Reject(notLeader), 3, topic("orders")), everyClient: true,
		want: effect{"orders/0: refused NOT_LEADER_OR_FOLLOWER ×3, answered", "NONE", 1, 3},
	},
	"reject for good": {
		rule: on("Produce", Reject(tooLarge), 1), everyClient: true,
		want: effect{"orders/0: refused MESSAGE_TOO_LARGE", "MESSAGE_TOO_LARGE", 0, 1},
	},
	"answer after acting, idempotent": {
		rule: on("Produce", ActThenReject(timedOut), 1), everyClient: true,
		want: effect{"orders/0: answered REQUEST_TIMED_OUT, answered", "NONE", 1, 1},
	},
	"answer after acting, not idempotent": {
		rule: on("Produce", ActThenReject(timedOut), 1), do: produceOne(notIdempotent...),
		want: effect{"orders/0: answered REQUEST_TIMED_OUT, answered", "NONE", 2, 1},
	},
	"cut before": {
		rule: on("Produce", CutBefore(), 2), everyClient: true,
		want: effect{"orders/0: refused ×2, answered", "NONE", 1, 2},
	},
	"cut after, idempotent": {
		rule: on("Produce", CutAfter(), 1), everyClient: true,
		want: effect{"orders/0: cut, answered", "NONE", 1, 1},
	},
	"cut after, not idempotent": {
		rule: on("Produce", CutAfter(), 1), do: produceOne(notIdempotent...),
		want: effect{"orders/0: cut, answered", "NONE", 2, 1},
	},
	"delay": {
		rule: on("Produce", Delay(200*time.Millisecond), 1), atLeast: 200 * time.Millisecond, everyClient: true,
		want: effect{"orders/0: answered", "NONE", 1, 1},
	},
	"hold and release": {
		rule: on("Produce", Hold(), 0), do: releasing,
		want: effect{"orders/0: answered", "NONE", 1, 1},
	},
	"hold for a time": {
		rule:    on("Produce", Hold(), 1, func(_ *stand, r *Rule) { r.For = 300 * time.Millisecond }),
		atLeast: 300 * time.Millisecond,
		want:    effect{"orders/0: answered", "NONE", 1, 1},
	},
	"throttle": { // 20,000 bytes of a record at 100,000 a second; half of the time for what the first step lets through
		rule: on("Produce", Throttle(100_000), 0), do: produceSize(20_000), atLeast: 100 * time.Millisecond,
		want: effect{"orders/0: answered", "NONE", 1, 1},
	},
	"isolate": {
		rule: func(*stand) Rule {
			return Rule{Selection: Selection{App: "app", Partition: -1, Broker: -1}, Action: Isolate()}
		}, do: isolated,
		want: effect{"orders/0: answered", "NONE", 2, anyTimes},
	},
	"reset of all connections": { // no rule: it is done once, to what there is
		rule: on("Heartbeat", Delay(time.Millisecond), 0), do: betweenResets,
		want: effect{"orders/0: answered ×2", "NONE", 2, 0},
	},
	"by application": {
		rule: on("Produce", Reject(tooLarge), 0, func(_ *stand, r *Rule) { r.App = "other" }), do: besides("other"),
		want: effect{"orders/0: answered", "NONE, other: MESSAGE_TOO_LARGE", 1, 1},
	},
	"by API": {
		rule: on("Heartbeat", Reject(kerr.IllegalGeneration), 0),
		want: effect{"orders/0: answered", "NONE", 1, 0},
	},
	"any API": {
		rule: on("", Delay(time.Millisecond), 0),
		want: effect{"orders/0: answered", "NONE", 1, anyTimes},
	},
	"by topic": {
		rule: on("Produce", Reject(timedOut), 1, topic("payments")), do: produceEverywhere,
		want: effect{"orders/0: answered; orders/1: answered; payments/0: refused REQUEST_TIMED_OUT, answered", "NONE", 3, 1},
	},
	"by topic, after acting": {
		rule: on("Produce", ActThenReject(timedOut), 1, topic("payments")), do: produceEverywhere,
		want: effect{"orders/0: answered; orders/1: answered; payments/0: answered REQUEST_TIMED_OUT, answered", "NONE", 3,
			1},
	},
	"by partition": {
		rule: on("Produce", Reject(timedOut), 1, func(_ *stand, r *Rule) { r.Partition = 1 }), do: produceEverywhere,
		want: effect{"orders/0: answered; orders/1: refused REQUEST_TIMED_OUT, answered; payments/0: answered", "NONE", 3, 1},
	},
	"by broker": {
		rule: on("Produce", Reject(notLeader), 2, func(s *stand, r *Rule) { r.Broker = s.node }),
		want: effect{"orders/0: refused NOT_LEADER_OR_FOLLOWER ×2, answered", "NONE", 1, 2},
	},
	"by another broker": {
		rule: on("Produce", Reject(notLeader), 2, func(s *stand, r *Rule) { r.Broker = s.node + 1 }),
		want: effect{"orders/0: answered", "NONE", 1, 0},
	},
	"by rate": { // drawn with the seed of the stand: which ones is the same everywhere
		rule: on("Produce", Reject(tooLarge), 0, func(_ *stand, r *Rule) { r.Rate = 0.3 }), do: produceMany(12),
		want: effect{"orders/0: answered, refused MESSAGE_TOO_LARGE, answered ×2, refused MESSAGE_TOO_LARGE, answered ×7",
			"10 of 12", 10, 2},
	},
	"by rate, all": {
		rule: on("Produce", Reject(tooLarge), 0, func(_ *stand, r *Rule) { r.Rate = 1 }), do: produceMany(3),
		want: effect{"orders/0: refused MESSAGE_TOO_LARGE ×3", "0 of 3", 0, 3},
	},
	"after some": {
		rule: on("Produce", Reject(tooLarge), 2, func(_ *stand, r *Rule) { r.After = 3 }), do: produceMany(6),
		want: effect{"orders/0: answered ×3, refused MESSAGE_TOO_LARGE ×2, answered", "4 of 6", 4, 2},
	},
	"by group": {
		rule: on("OffsetCommit", Reject(kerr.NotCoordinator), 2, func(s *stand, r *Rule) { r.Group = s.group("shipping") }),
		do:   commit, left: committed,
		want: effect{"billing orders/0: answered; shipping orders/0: refused NOT_COORDINATOR ×2, answered", "NONE", 7, 2},
	},
	"commit cut after": {
		rule: on("OffsetCommit", CutAfter(), 1, func(s *stand, r *Rule) { r.Group = s.group("shipping") }), do: commit,
		left: committed,
		want: effect{"billing orders/0: answered; shipping orders/0: cut, answered", "NONE", 7, 1},
	},
	"commit rejected for good": {
		rule: on("OffsetCommit", Reject(kerr.GroupAuthorizationFailed), 1,
			func(s *stand, r *Rule) { r.Group = s.group("shipping") }), do: commit, left: committed,
		want: effect{"billing orders/0: answered; shipping orders/0: refused GROUP_AUTHORIZATION_FAILED",
			"GROUP_AUTHORIZATION_FAILED", -1, 1},
	},
	"commit answered after acting": {
		rule: on("OffsetCommit", ActThenReject(kerr.GroupAuthorizationFailed), 1,
			func(s *stand, r *Rule) { r.Group = s.group("shipping") }), do: commit, left: committed,
		want: effect{"billing orders/0: answered; shipping orders/0: answered GROUP_AUTHORIZATION_FAILED",
			"GROUP_AUTHORIZATION_FAILED", 7, 1},
	},
	"by transactional id": {
		rule: on("EndTxn", Reject(kerr.CoordinatorLoadInProgress), 1,
			func(s *stand, r *Rule) { r.TransactionalID = s.id("a") }), do: transact, left: writtenInTransactions,
		want: effect{"a: refused COORDINATOR_LOAD_IN_PROGRESS, answered; b: answered; orders/0: answered ×2", "NONE", 4, 1},
	},
	"end of a transaction cut after": {
		rule: on("EndTxn", CutAfter(), 1, func(s *stand, r *Rule) { r.TransactionalID = s.id("a") }), do: transact,
		left: writtenInTransactions,
		want: effect{"a: cut, answered; b: answered; orders/0: answered ×2", "NONE", 4, 1},
	},
}

// TestFaultsActTheSameEverywhere holds that a fault has one effect, on kfake and on Apache Kafka, and the most
// important faults also on applications that use librdkafka or Kafka's Java client. What this machine cannot show is
// skipped, with the reason.
func TestFaultsActTheSameEverywhere(t *testing.T) {
	t.Parallel()
	eachStand(t, func(t *testing.T, open func(*testing.T) *stand) {
		for name, c := range conformances {
			t.Run(name, func(t *testing.T) { c.check(open(t)) })
		}
		for name, produce := range otherClients {
			t.Run(name, func(t *testing.T) {
				produce := produce(t)
				for name, c := range conformances {
					if c.everyClient {
						c.do = produce
						t.Run(name, func(t *testing.T) { c.check(open(t)) })
					}
				}
			})
		}
	})
}

func (c conformance) check(s *stand) {
	s.t.Helper()
	if c.do == nil {
		c.do = produceOne()
	}
	if c.left == nil {
		c.left = written
	}
	start := time.Now()
	s.handle = add(s.t, s.proxy, c.rule(s))
	answer := c.do(s)
	took := time.Since(start)
	s.handle.Remove()
	got := effect{s.attempts(), answer, c.left(s), s.handle.Fired()}
	if c.want.Fired == anyTimes && got.Fired > 0 {
		got.Fired = anyTimes
	}
	if diff := cmp.Diff(c.want, got); diff != "" {
		s.t.Errorf("%s: got +, want -:\n%s", s.handle.Rule(), diff)
	}
	if took < c.atLeast {
		s.t.Errorf("%s: took %v, want at least %v", s.handle.Rule(), took, c.atLeast)
	}
	if unread := notes(s.recorder.all()); len(unread) > 0 {
		s.t.Errorf("got note %q, want everything read", unread[0].Text)
	}
}
