package builtin_test

import (
	"context"
	"testing"

	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// TestMayMake holds behind which steps a program that is not there is left to the run.
func TestMayMake(t *testing.T) {
	registry := fresh()
	registry.Given("the shop is built", func(context.Context) error { return nil })
	registry.Then("the shop stands", func(context.Context) error { return nil })
	for text, want := range map[string]bool{
		`the command "make shop" is run`:  true,
		"the shop is built":               true,
		"the shop stands":                 false,
		`topic "orders" with 1 partition`: false,
		`application "shop" is the command "sh -c exit" reading "orders"`: false,
		`"shop" has said "ready"`:                                           false,
		`the HTTP service "payments" answers with status 503`:               false,
		`these records are in "orders":`:                                    false,
		`the database has run "CREATE TABLE prices (item TEXT)"`:            false,
		`application "shop" is the reference "db-writer" reading "orders"`:  false,
		`application "shop" is the profile's in group "g" reading "orders"`: false,
	} {
		matches, err := registry.Find(text, steps.Argument{})
		if err != nil || len(matches) > 1 {
			t.Fatalf("%s: got %d steps and %v", text, len(matches), err)
		}
		if len(matches) == 0 {
			t.Errorf("%s: got no step", text)
		} else if got := builtin.MayMake(matches[0]); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
