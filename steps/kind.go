package steps

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// Kind says what an expectation claims, and so how it is looked at.
type Kind string

// The kinds. An expectation is of the first unless it was registered with Claims.
const (
	// Eventually: it comes true, and may change later. It is looked at until it holds.
	Eventually Kind = "eventually"
	// InTheEnd: it is true once all is quiet. It is looked at until it holds, again before the next step that is no
	// expectation, and in the last block again after the applications have been stopped.
	InTheEnd Kind = "in the end"
	// Always: it is true all the time. It is judged where it stands, and again at the end of the scenario.
	Always Kind = "always"
)

// Claims says of which kind an expectation is.
func Claims(k Kind) Option { return func(d *Definition) { d.Kind = k } }

// Look returns a function that looks at an expectation once, with the values that variables have now.
func (m Match) Look(ctx context.Context, w *world.World) (func(context.Context) error, error) {
	var names []string
	for _, hole := range m.Holes() {
		names = append(names, hole.Name)
	}
	vars, err := w.VariablesFor(ctx, m.About(), names)
	if err != nil {
		return nil, err
	}
	argument, err := m.decode(vars)
	if err != nil {
		return nil, err
	}
	if m, err = m.expanded(vars); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { return m.call(ctx, argument) }, nil
}
