package joiner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A payment is decided by what is known when its time comes: a user who comes later than wait allows does not change
// it, whether a transaction ends in between or not.
func TestLateUserDoesNotChangeWhatIsDue(t *testing.T) {
	for _, between := range []bool{false, true} {
		m := newMachine(5, 60, 10).take(paymentAt("u1", 10, "a"), paymentAt("u2", 15, "b"))
		if between {
			m.commit()
		}
		m.take(userAt("u1", 9, `"Ada"`), paymentAt("u1", 12, "c"), userAt("u3", 30, `"Cem"`))
		m.commit()
		want := []string{`enriched u1 12 {"id":"c","user":"Ada"}`, `unmatched u1 10 {"id":"a"} no-user`,
			`unmatched u2 15 {"id":"b"} no-user`}
		if diff := cmp.Diff(want, m.sorted()); diff != "" {
			t.Errorf("commit in between %t (-want +got):\n%s", between, diff)
		}
	}
}
