package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
)

// ownCode finds steps and applications in the Go code of repositories, for one look at features.
type ownCode struct {
	ofRoot map[string]*ownSteps
	found  map[source.Place]string // where steps are registered, by where they stand in features
}

var _ runner.Elsewhere = (*ownCode)(nil)

func newOwnCode() *ownCode {
	return &ownCode{ofRoot: map[string]*ownSteps{}, found: map[source.Place]string{}}
}

// of are the steps of the repository in which a feature stands. They are read only where something is unknown.
func (c *ownCode) of(feature string) *ownSteps {
	root := repositoryOf(feature)
	own := c.ofRoot[root]
	if own == nil || time.Since(own.looked) >= ownStepsFor {
		own = readOwnSteps(root)
		c.ofRoot[root] = own
	}
	return own
}

// Step implements runner.Elsewhere.
func (c *ownCode) Step(at source.Place, text string, misspelt func() bool) string {
	own := c.of(at.File)
	where := ""
	for _, s := range own.steps {
		if !s.form.MatchString(text) {
			continue
		}
		if where = s.place; !s.loose {
			c.found[at] = where
			return where
		}
	}
	if where = cmp.Or(where, own.computed); where == "" || misspelt() {
		return ""
	}
	c.found[at] = where
	return where
}

// Application implements runner.Elsewhere.
func (c *ownCode) Application(feature, name string) string { return c.of(feature).apps[name] }

// places are those in features of the steps that were found, in order.
func (c *ownCode) places() []source.Place {
	return slices.SortedFunc(maps.Keys(c.found), func(a, b source.Place) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
}

// told says why some steps are not checked.
func (c *ownCode) told() string {
	where := slices.Compact(slices.Sorted(maps.Values(c.found)))
	first := where[0]
	if more := len(where) - 1; more > 0 {
		first += " and " + words.Counted(more, "more place")
	}
	return words.Counted(len(c.found), "step") + " of this repository's own Go code (" + first + "): the code is " +
		"not run; go test checks them"
}
