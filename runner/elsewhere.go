package runner

import (
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Elsewhere finds steps and applications that are registered by code which is not compiled into this program, as the
// command does in the Go code of a repository. Lint takes them for known; a run refuses them and says where they are.
type Elsewhere interface {
	// Step returns where a step with this text is registered, such as "steps_test.go:12"; "" for nowhere. Misspelt tells
	// whether the text is nearly that of a step that is known here: it then counts as that one, unless a word of it is
	// certainly registered elsewhere.
	Step(at source.Place, text string, misspelt func() bool) string
	// Application returns where an application is registered that a feature uses; "" for nowhere.
	Application(feature, name string) string
}

// elsewhereOr is the problem of a step, or what is to be said of one that is registered elsewhere.
func (p planner) elsewhereOr(st step, problem *source.Error) *source.Error {
	if p.elsewhere == nil || problem == nil || !errors.Is(problem, ErrUndefined) {
		return problem
	}
	found, err := p.registered("the step", p.elsewhere.Step(st.place, st.text,
		func() bool { return p.registry.Nearest(st.text) != "" }))
	switch {
	case !found:
		return problem
	case err == nil:
		return nil
	}
	return st.place.Errorf("%s %s: %w", st.keyword, shortened(st.text), err)
}

// registered says whether something is registered elsewhere, which is an error unless features are only looked at.
func (p planner) registered(what, where string) (found bool, err error) {
	if where == "" || p.linting {
		return where != "", nil
	}
	return true, fmt.Errorf("%s is registered by Go code that is not part of this program (%s); run the feature with "+
		"go test", what, where)
}
