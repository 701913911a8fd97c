package app

import (
	"context"
	"strings"
	"testing"
)

// What a process of this executable would not run is told, with what to do.
func TestCheckProcess(t *testing.T) {
	was := known.Load()
	t.Cleanup(func() { known.Store(was) })
	variant := func(reply error) Func { return func(context.Context, Env) error { return reply } }
	right, wrong := variant(nil), variant(context.Canceled)
	lookup := func(name string) (Func, bool) { return right, name == "inv" }
	for _, test := range []struct {
		lookup *func(string) (Func, bool)
		name   string
		run    Func
		want   string // "": no error
	}{
		{&lookup, "inv", right, ""},
		{&lookup, "inv", nil, ""},
		{&lookup, "inv", wrong, `run that with Params.Instead: {"inv": "inv-wrong"}`},
		{&lookup, "inw", right, `runner.Main was given no application "inw"; add it to Applications of its Params`},
		{nil, "inv", right, "write func TestMain(m *testing.M) { runner.Main(m, params) }"},
	} {
		known.Store(test.lookup)
		err := CheckProcess(test.name, test.run)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
