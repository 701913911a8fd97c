package dbwriter

import (
	"cmp"
	"fmt"
	"regexp"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// The modes.
const (
	atMostOnce  = "at-most-once"
	atLeastOnce = "at-least-once"
	exactlyOnce = "exactly-once"
)

// settings is what can be set.
type settings struct {
	Mode         string        `setting:"mode=exactly-once"`
	Table        string        `setting:"table=records"`
	Batch        int           `setting:"batch=1000"` // records per round at most
	RetryBackoff time.Duration `setting:"retry-backoff=100ms"`
	RetryMost    time.Duration `setting:"retry-backoff-max=5s"` // the backoff does not grow beyond it
	GiveUpAfter  time.Duration `setting:"give-up-after=1m"`     // how long a write is tried while the database is away
	group.Member
}

func readSettings(env app.Env) (set settings, err error) {
	env.Settings.Read(&set)
	set.Member = group.ReadMember(env)
	if err := cmp.Or(env.Settings.Err(), group.Check(env)); err != nil {
		return set, err
	}
	return set, set.check()
}

var tableName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func (set *settings) check() error {
	switch {
	case set.Mode != atMostOnce && set.Mode != atLeastOnce && set.Mode != exactlyOnce:
		return fmt.Errorf("setting mode: got %q, want %s, %s or %s", set.Mode, atMostOnce, atLeastOnce, exactlyOnce)
	case !tableName.MatchString(set.Table) || set.Table == offsetsTable:
		return fmt.Errorf("setting table: got %q, want a name of small letters, digits and _, other than %s", set.Table,
			offsetsTable)
	case set.Batch <= 0 || set.RetryBackoff <= 0:
		return fmt.Errorf("got batch %d, retry-backoff %v, want both above zero", set.Batch, set.RetryBackoff)
	}
	return nil
}
