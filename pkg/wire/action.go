package wire

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Action is what a rule does to what it selects. The constructors below make one.
type Action struct {
	kind  actionKind
	err   *kerr.Error   // of reject and actThenReject
	delay time.Duration // of delay
	rate  int64         // of throttle: bytes per second
}

type actionKind int

const (
	reject actionKind = iota + 1
	actThenReject
	cutBefore
	cutAfter
	delay
	throttle
	hold
	isolate
)

// Reject answers with the error; the broker never gets the request. Of a request about several partitions only those
// the rule selects are rejected, the rest is passed on. Fetch and Metadata are passed on all the same, as reading
// changes nothing, and the error is put into their answers.
func Reject(err *kerr.Error) Action { return Action{kind: reject, err: err} }

// ActThenReject lets the broker act, and answers with the error in place of what the broker said.
func ActThenReject(err *kerr.Error) Action { return Action{kind: actThenReject, err: err} }

// CutBefore closes the connection; the broker never gets the request.
func CutBefore() Action { return Action{kind: cutBefore} }

// CutAfter closes the connection once the broker has answered, in place of passing the answer on.
func CutAfter() Action { return Action{kind: cutAfter} }

// Delay passes the request on later; what follows on the same connection waits behind it.
func Delay(d time.Duration) Action { return Action{kind: delay, delay: d} }

// Throttle passes requests and their answers on at so many bytes per second, together for all the rule selects.
func Throttle(bytesPerSecond int64) Action { return Action{kind: throttle, rate: bytesPerSecond} }

// Hold keeps requests until Handle.Remove, or until the rule ends; what follows on the connection waits too.
func Hold() Action { return Action{kind: hold} }

// Isolate cuts the application off: its connections are closed, and new ones as soon as they are made. Such a rule may
// select by application and broker only.
func Isolate() Action { return Action{kind: isolate} }

// String tells the action in words.
func (a Action) String() string {
	switch a.kind {
	case reject:
		return "reject with " + errorName(a.err.Code)
	case actThenReject:
		return "act, then reject with " + errorName(a.err.Code)
	case cutBefore:
		return "cut before acting"
	case cutAfter:
		return "cut after acting"
	case delay:
		return fmt.Sprintf("delay by %v", a.delay)
	case throttle:
		return fmt.Sprintf("throttle to %d bytes/s", a.rate)
	case hold:
		return "hold"
	case isolate:
		return "isolate"
	}
	return "no action"
}

func (a Action) valid() error {
	switch {
	case a.kind == 0:
		return fmt.Errorf("got no action, want one; set Rule.Action to Reject, CutBefore, Delay…")
	case a.kind < reject || a.kind > isolate:
		return fmt.Errorf("got unknown action %d, want one made by Reject, CutBefore, Delay…", a.kind)
	case (a.kind == reject || a.kind == actThenReject) && a.err == nil:
		return fmt.Errorf("got no error to answer with, want one of Kafka's; use ErrorNamed")
	case a.kind == delay && a.delay <= 0:
		return fmt.Errorf("got a delay of %v, want more than 0", a.delay)
	case a.kind == throttle && a.rate <= 0:
		return fmt.Errorf("got a rate of %d bytes/s, want more than 0; use Hold to stop traffic", a.rate)
	}
	return nil
}

// rejects tells whether the action answers with an error.
func (a Action) rejects() bool { return a.kind == reject || a.kind == actThenReject }

// cuts tells whether the action ends the connection.
func (a Action) cuts() bool { return a.kind == cutBefore || a.kind == cutAfter }
