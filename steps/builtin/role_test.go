package builtin

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoles(t *testing.T) {
	for text, want := range map[string]role{
		`in group "g" reading "a"`:                       {group: "g", reads: []string{"a"}},
		`reading "a" in group "g"`:                       {group: "g", reads: []string{"a"}},
		`in group "g" reading "a" and "b" writing "c"`:   {group: "g", reads: []string{"a", "b"}, writes: []string{"c"}},
		`in group "g" reading "a", "b", "c" and "d"`:     {group: "g", reads: []string{"a", "b", "c", "d"}},
		`writing "a", "b"`:                               {writes: []string{"a", "b"}},
		`reading "a" writing "a"`:                        {reads: []string{"a"}, writes: []string{"a"}},
		`writing "b" and "c" reading "a"`:                {reads: []string{"a"}, writes: []string{"b", "c"}},
		`watching group "g" on "a"`:                      {watches: "g", reads: []string{"a"}},
		`watching group "g" on "a" and "b" writing "c"`:  {watches: "g", reads: []string{"a", "b"}, writes: []string{"c"}},
		`watching group "g" reading "a"`:                 {watches: "g", reads: []string{"a"}},
		`in group "g" and reading "a" and writing "b"`:   {group: "g", reads: []string{"a"}, writes: []string{"b"}},
		`reading "a" and "b" and writing "c"`:            {reads: []string{"a", "b"}, writes: []string{"c"}},
		`in group "a group, and \"more\"" reading "a.b"`: {group: `a group, and "more"`, reads: []string{"a.b"}},
	} {
		got, err := parseRole(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(role{})); err != nil || diff != "" {
			t.Errorf("%s: got error %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestBadRoles(t *testing.T) {
	for text, want := range map[string]string{
		`in grup "g" reading "a"`:                     `got "in grup" in what the application does, want one of`,
		`in group "g" readin "a"`:                     `did you mean "reading"?`,
		`in group "g"`:                                `add: reading "orders"`,
		`watching group "g"`:                          `add: reading "orders"`,
		`in group "g" writing "a"`:                    `add: reading "orders"`,
		`in group "g" and "h" reading "a"`:            `got two groups behind "in group"`,
		`in group "g" reading "a" reading "b"`:        `got "reading" twice`,
		`in group "g" in group "h" reading "a"`:       `got "in group" twice`,
		`reading "a" and "a"`:                         `got topic "a" twice behind "reading"`,
		`reading "a" on "b"`:                          `got "on" without a watched group`,
		`watching group "g" on "a" reading "b"`:       `which say the same`,
		`in group "g" watching group "h" reading "a"`: `declare two applications`,
		`in group "" reading "a"`:                     `got an empty group name`,
		`reading "a b"`:                               `got topic name "a b"`,
		`and reading "a"`:                             `got "and reading" in what the application does`,
		`reading "a" and reading "b"`:                 `got "reading" twice`,
		`and "a"`:                                     `got "and" in what the application does`,
		`reading "a" and for "b"`:                     `got "and for" in what the application does`,
	} {
		if got, err := parseRole(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v and error %v, want %q in it", text, got, err, want)
		}
	}
}
