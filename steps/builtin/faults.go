package builtin

// Faults: disturbing what applications say to the cluster, on any cluster, through the wire between them. What is
// disturbed is said by one grammar, {requests}; docs/faults.md tells it whole. A fault counts requests from the step
// on. One that fired less often than it says, or never, makes the scenario inconclusive.

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/wire"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func faultSteps(s *steps.Registry) {
	s.Step("a request is held", requestIsHeld, steps.Awaited)
	s.Step("all faults are lifted", faultsAreLifted)
	s.Step("the connections of {app} are reset", connectionsAreReset, steps.With(world.NeedsWire),
		steps.Marked(steps.Disturbs))
	s.Step("the held requests are released", heldAreReleased)
	s.Step("{requests} {fate}", areDisturbed, steps.With(world.NeedsWire), steps.Checked(fateCanBe))
}

// faultParts are what becomes of requests.
func faultParts(s *steps.Registry) {
	steps.AddPart[wire.Action](s, "fate", "what becomes of requests",
		steps.Form("fail(s) with {error}", failing),
		steps.Form("are/is answered with {error} after the broker acted", answered),
		steps.Form("are/is cut off before the broker acts", cutBefore),
		steps.Form("are/is cut off after the broker acted", cutAfter),
		steps.Form("are/is delayed by {duration}", delayed),
		steps.Form("are/is throttled to {size} a second", throttled),
		steps.Form("are/is held", held))
}

// fateCanBe refuses errors in answers that have no place for one.
func fateCanBe(_ world.Surroundings, m steps.Match) error {
	return wire.On(m.Values[0].Value.(wire.Selection).API, m.Values[1].Value.(wire.Action)).Err()
}

// areDisturbed has something become of requests, which are counted from the step on.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next Produce request from "loader" fails with NOT_ENOUGH_REPLICAS
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func areDisturbed(ctx context.Context, requests wire.Selection, fate wire.Action) error {
	return world.FromContext(ctx).Disturb(ctx, requests, fate)
}

// failing lets requests fail without the cluster having seen them. Of a request about several topics, only what it
// says of the one that is named fails, and the rest is passed on.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the next Produce request from "shipping" to "orders_dlq" fails with NOT_ENOUGH_REPLICAS
//	When the record "not json" is sent to "orders"
//	Then within 30s "orders_dlq" contains exactly 1 record
func failing(failure *kerr.Error) wire.Action { return wire.Reject(failure) }

// answered lets the cluster act, and then puts an error in place of its answer.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next Produce request from "loader" is answered with REQUEST_TIMED_OUT after the broker acted
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func answered(failure *kerr.Error) wire.Action { return wire.ActThenReject(failure) }

// cutBefore closes the connection in place of passing the request on.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next Produce request from "loader" is cut off before the broker acts
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func cutBefore() wire.Action { return wire.CutBefore() }

// cutAfter closes the connection in place of passing on the cluster's answer: the lost acknowledgement.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next Produce request from "loader" is cut off after the broker acted
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func cutAfter() wire.Action { return wire.CutAfter() }

// delayed passes requests on later; what follows on the same connection waits behind them.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is delayed by 20ms
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func delayed(by time.Duration) wire.Action { return wire.Delay(by) }

// throttled passes requests and their answers on at so many bytes a second, together for all that are selected.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is throttled to 100kB a second
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func throttled(bytes int64) wire.Action { return wire.Throttle(bytes) }

// held keeps requests from the cluster until they are released; what follows on the same connection waits behind
// them.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is held
//	When application "loader" is started
//	And a request is held
//	Then "events" is empty
//	When the held requests are released
//	And within 30s application "loader" has finished
//	Then "events" contains exactly 100 records
func held() wire.Action { return wire.Hold() }

// requestIsHeld waits until a request has met a fault that holds it, so that what follows happens while it is on its
// way. Not looked at: which request, where several are to be held.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is held
//	When application "loader" is started
//	Then a request is held
//	And "events" is empty
func requestIsHeld(ctx context.Context) error {
	holds := world.FromContext(ctx).Standing(world.Holding)
	if len(holds) == 0 {
		return world.Final(errors.New("nothing is held here; add before: Given every Produce request is held"))
	}
	for _, f := range holds {
		if f.Handle.Fired() > 0 {
			return nil
		}
	}
	return errors.New("no request has come yet that is to be held")
}

// heldAreReleased lets go of all requests that are held, and holds no more.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is held
//	When application "loader" is started
//	And a request is held
//	And the held requests are released
//	Then "events" contains exactly 100 records
func heldAreReleased(ctx context.Context) error {
	return world.FromContext(ctx).Lift("released what was held", world.Holding, "")
}

// faultsAreLifted ends every fault of the scenario that still stands, holds and isolation too.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is held
//	When application "loader" is started
//	And a request is held
//	And all faults are lifted
//	Then within 30s "events" contains exactly 100 records
func faultsAreLifted(ctx context.Context) error {
	return world.FromContext(ctx).Lift("lifted all faults", world.AnyFault, "")
}

// connectionsAreReset ends every connection of the application by a TCP reset, idle ones too; it may connect again at
// once.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	And the connections of "shipping" are reset
//	And the record "{}" is sent to "orders"
//	Then within 30s "shipping" has caught up with "orders"
func connectionsAreReset(ctx context.Context, a *world.Application) error {
	return a.ResetConnections(ctx)
}
