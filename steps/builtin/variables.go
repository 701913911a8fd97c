package builtin

// Variables: ${name} in tables and doc strings.

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func variableSteps(s *steps.Registry) {
	s.Step("variable {string} is {string}", variableIs, steps.Defines("variable"))
}

// variableIs gives ${name} a value for the tables, doc strings, paths and quoted texts of the steps that follow.
// ${topic.orders}, ${group.shipping}, ${registry}, ${http.payments}, ${database.url} and all else that applications can
// be told need no step (docs/applications.md has all names).
//
//	Given variable "user" is "u1"
//	And topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key     | value |
//	  | ${user} | a     |
//	Then "orders" contains exactly:
//	  | key | value |
//	  | u1  | a     |
func variableIs(ctx context.Context, name, value string) error {
	if name == "" || strings.ContainsAny(name, "${} ") {
		return fmt.Errorf("got the variable name %q, want one without spaces, braces and dollar signs", name)
	}
	world.FromContext(ctx).SetVariable(name, value)
	return nil
}
