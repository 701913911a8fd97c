package membership

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestAnApplicationThatClosed tells an end in good order, which had time to commit, from every other.
func TestAnApplicationThatClosed(t *testing.T) {
	fact := func(at time.Duration, app string, kind journal.Kind, code string) journal.Fact {
		f := journal.Event(app, string(kind), map[string]string{"code": code})
		f.At = at
		return f
	}
	const later = 9 * time.Second
	for name, c := range map[string]struct {
		end   End
		facts []journal.Fact
		want  time.Duration
	}{
		"with 0":                   {Owning, []journal.Fact{fact(later, "a", journal.Exited, "0")}, later},
		"with 0, and replaced":     {Replaced, []journal.Fact{fact(later, "a", journal.Exited, "0")}, later},
		"with 3":                   {Owning, []journal.Fact{fact(later, "a", journal.Exited, "3")}, 0},
		"another":                  {Owning, []journal.Fact{fact(later, "b", journal.Exited, "0")}, 0},
		"before it owned anything": {Owning, []journal.Fact{fact(time.Second, "a", journal.Exited, "0")}, 0},
		"after it was killed": {Owning, []journal.Fact{fact(3*time.Second, "a", journal.Killed, ""),
			fact(later, "a", journal.Exited, "0")}, 0},
		"after it gave all up": {Released, []journal.Fact{fact(later, "a", journal.Exited, "0")}, 0},
		"not at all":           {Owning, nil, 0},
	} {
		if got := closed(c.facts, &Ownership{App: "a", From: 2 * time.Second, End: c.end}); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
