package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// plainlyOff are flags that do nothing where they are left out, as anybody expects of them.
var plainlyOff = []string{"tags", "name", "shard", "rerun", "use", "baseline", "given"}

// TestHelpTellsDefaults has the help of each flag and argument that takes a value say what it is without one, and has
// it agree with the value that the parser sets.
func TestHelpTellsDefaults(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Bind(&console{ctx: context.Background()}))
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, v *kong.Value) {
		t.Helper()
		_, told, tells := strings.Cut(v.Help, "Default: ")
		switch {
		case !strings.HasSuffix(v.Help, "."):
			t.Errorf("%s: got %q, want sentences", name, v.Help)
		case v.IsBool() || v.Required || slices.Contains(plainlyOff, v.Name):
		case !tells && name != "bench results": // they belong to --merge
			t.Errorf("%s: got %q, want its default as well", name, v.Help)
		case v.HasDefault && v.Default != "" && v.Default != "." && strings.TrimSuffix(told, ".") != v.Default:
			t.Errorf("%s: got %q, want the default %q, which the parser sets", name, v.Help, v.Default)
		}
	}
	seen := 0
	for _, command := range parser.Model.Leaves(true) {
		for _, argument := range command.Positional {
			check(command.Name+" "+argument.Name, argument)
		}
		for _, flag := range command.Flags {
			seen++
			check(command.Name+" --"+flag.Name, flag.Value)
		}
	}
	if seen < 50 {
		t.Errorf("got %d flags, want those of all commands", seen)
	}
}
