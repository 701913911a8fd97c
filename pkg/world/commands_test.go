package world

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// A name is a variable of the scenario, or what an application is told; $${ is a plain one.
func TestCommandsAreFilledIn(t *testing.T) {
	vars := record.Vars{"number": "7"}
	env := app.Env{Topics: map[string]string{"orders": "orders-1"}}
	words := []string{"tool", "${number}/${topic.orders}", "$${number}", "${returns}"}
	for i, want := range []string{"tool", "7/orders-1", "${number}"} {
		if got, err := Filled(words[i], vars, env.Value); got != want || err != nil {
			t.Errorf("%s: got %q (%v), want %q", words[i], got, err, want)
		}
	}
	if got, err := Filled(words[3], vars, env.Value); err == nil {
		t.Errorf("got %q, want an error for a name that nobody has", got)
	}
}
