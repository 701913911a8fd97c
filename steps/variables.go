package steps

// Variables: ${name} in tables and doc strings.

import (
	"context"
	"fmt"
	"strings"
)

func variableSteps(s *Registry) {
	s.Step("variable {string} is {string}", variableIs, Defines("variable"))
}

// variableIs gives ${name} a value for the tables and doc strings of the steps that follow.
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
	FromContext(ctx).SetVariable(name, value)
	return nil
}
