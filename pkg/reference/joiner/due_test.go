package joiner

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/app"
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

// The log says at each commit what came since the last one.
func TestLogSaysWhatIsNew(t *testing.T) {
	m := newMachine(5, 60, 10).take(userAt("u1", 10, `"Ada"`), paymentAt("u1", 10, "a"), paymentAt("u2", 20, "b"),
		userAt("u3", 10, `"Bob"`))
	var log strings.Builder
	one := &task{partition: m.partition, log: slog.New(app.NewLogHandler(&log))}
	one.Commit(m)
	one.Commit(m)
	want := `level=WARN msg=warning text="users came later than wait allows: payments of their time may have gone without ` +
		`them" partition=0 count=1
level=INFO msg=progress partition=0 joined=1 unmatched=0 waiting=1 users=2
level=INFO msg=progress partition=0 joined=0 unmatched=0 waiting=1 users=2
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
}
