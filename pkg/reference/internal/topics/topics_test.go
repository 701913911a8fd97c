package topics

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func TestOutputIsTheFirstOrTheOneChosen(t *testing.T) {
	for _, c := range []struct {
		outputs      []string
		chosen, want string
	}{
		{[]string{"orders"}, "", "orders"}, {[]string{"orders", "copies"}, "", "orders"},
		{[]string{"orders"}, "copies", "ks-1-copies"}, {nil, "copies", "ks-1-copies"}, {nil, "", ""},
	} {
		env := app.Env{Outputs: c.outputs, Topics: map[string]string{"copies": "ks-1-copies"}}
		got, err := Output(env, c.chosen)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("got %q and error %v of the outputs %v and %q, want %q", got, err, c.outputs, c.chosen, c.want)
		}
	}
}
