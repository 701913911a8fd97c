package dbwriter

import (
	"cmp"
	"fmt"
	"os"
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

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	mode         string
	table        string
	batch        int // records per round at most
	retryBackoff time.Duration
	retryMost    time.Duration // the backoff does not grow beyond it
	giveUpAfter  time.Duration // how long a write is tried while the database is away

	group.Member

	// For tests only: where the application kills itself, and in which round, counted from 1. It does so once for each
	// database.
	crashAt    string
	crashBatch int
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	set := settings{
		mode:         s.String("mode", exactlyOnce),
		table:        s.String("table", "records"),
		batch:        int(s.Int("batch", 1000)),
		retryBackoff: s.Duration("retry-backoff", 100*time.Millisecond),
		retryMost:    s.Duration("retry-backoff-max", 5*time.Second),
		giveUpAfter:  s.Duration("give-up-after", time.Minute),
		Member:       group.ReadMember(env),
		crashAt:      s.String("crash-at", ""),
		crashBatch:   int(s.Int("crash-batch", 1)),
	}
	if err := cmp.Or(s.Err(), group.Check(env)); err != nil {
		return set, err
	}
	return set, set.check()
}

var tableName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func (set *settings) check() error {
	switch {
	case set.mode != atMostOnce && set.mode != atLeastOnce && set.mode != exactlyOnce:
		return fmt.Errorf("setting mode: got %q, want %s, %s or %s", set.mode, atMostOnce, atLeastOnce, exactlyOnce)
	case !tableName.MatchString(set.table) || set.table == offsetsTable:
		return fmt.Errorf("setting table: got %q, want a name of small letters, digits and _, other than %s", set.table,
			offsetsTable)
	case set.batch <= 0 || set.retryBackoff <= 0 || set.crashBatch <= 0:
		return fmt.Errorf("got batch %d, retry-backoff %v, crash-batch %d, want all above zero", set.batch, set.retryBackoff,
			set.crashBatch)
	case set.crashAt != "" && set.crashAt != beforeWrite && set.crashAt != afterWrite && set.crashAt != afterCommit:
		return fmt.Errorf("setting crash-at: got %q, want %s, %s or %s", set.crashAt, beforeWrite, afterWrite, afterCommit)
	case set.crashAt != "" && os.Getenv("KAFKA_BOOTSTRAP_SERVERS") == "":
		return fmt.Errorf("setting crash-at: it kills the process, and this application runs within another program's; run " +
			"it as a process")
	}
	return nil
}
