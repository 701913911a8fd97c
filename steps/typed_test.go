package steps_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/steps"
)

func TestUnguarded(t *testing.T) {
	for text, want := range map[string]string{
		`"a" is empty`:                                      `"a" is empty`,
		`within 5s "a" is empty`:                            `"a" is empty`,
		`within 5 "a" is empty`:                             `"a" is empty`, // a bad one
		`once "x" has caught up, for 5s "a" is empty`:       `"a" is empty`,
		`once "x, y" has caught up, "a" is empty`:           `"a" is empty`,
		`within 5s`:                                         `within 5s`,
		`once "x" has caught up, once "y" has caught up, z`: `once "y" has caught up, z`,
	} {
		if got := steps.Unguarded(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestTyped(t *testing.T) {
	words, values := steps.Typed(`3 records "a \" b" of 1MiB fail with NOT_LEADER and {int} "open`)
	if want := `# records # of # fail with # and # "open`; words != want {
		t.Errorf("got %q, want %q", words, want)
	}
	if diff := cmp.Diff([]string{"3", `"a \" b"`, "1MiB", "NOT_LEADER", "{int}"}, values); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
