package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/steps"
)

// claim is an expectation that has held and must hold again: in the end of its block, or always.
type claim struct {
	step int // index
	kind steps.Kind
	look func(context.Context) error
}

// secondLook is how long a claim may take to hold again, where a look is disturbed by what passes.
const secondLook = time.Second

// claimed keeps a step that passed if it is to be looked at again. One that was asked to hold for a time has.
func (e *execution) claimed(ctx context.Context, i int) {
	m := e.scenario.steps[i].match
	if k := m.Definition.Kind; k != steps.InTheEnd && k != steps.Always || m.Guard.For > 0 {
		return
	}
	if look, err := m.Look(ctx, e.world.World); err == nil { // it was made once already
		e.claims = append(e.claims, claim{i, m.Definition.Kind, look})
	}
}

// settle looks again at the claims of the block that ends here. Those about all of the scenario stay.
func (e *execution) settle(ctx context.Context) error {
	ended := false
	for _, c := range e.claims {
		ended = ended || c.kind == steps.InTheEnd
	}
	if !ended {
		return nil
	}
	e.world.Quiet(ctx)
	var stay []claim
	for _, c := range e.claims {
		if c.kind == steps.Always {
			stay = append(stay, c)
			continue
		}
		if err := e.again(ctx, c, "before the next step"); err != nil {
			return err
		}
	}
	e.claims = stay
	return nil
}

// finish ends a scenario whose steps have all passed: the applications stop, and what was claimed must still hold.
func (e *execution) finish(ctx context.Context) error {
	if len(e.claims) > 0 {
		e.world.Quiet(ctx)
	}
	if err := e.world.StopApplications(ctx); err != nil {
		return err
	}
	for _, c := range e.claims {
		if err := e.again(ctx, c, "once the applications had stopped"); err != nil {
			return err
		}
	}
	return e.world.Unexpected(ctx)
}

// again looks at a claim for the second time.
func (e *execution) again(ctx context.Context, c claim, when string) error {
	st := e.scenario.steps[c.step]
	e.watch(st)
	err := noLonger(when, e.world.Until(ctx, secondLook, st.text, c.look))
	if err != nil {
		e.failed = c.step
		e.results[c.step].Status = statusOf(ctx, err)
		e.results[c.step].Error = e.world.Session.Names().Undo(err.Error())
	}
	e.tell(c.step, when)
	return err
}

// noLonger is the error of a claim that was looked at again; nil for nil.
func noLonger(when string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("held at first, and no longer %s: %w", when, err)
}
