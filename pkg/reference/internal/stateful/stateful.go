// Package stateful is the loop of applications that keep state between records, and answer for each record exactly once
// for all that: consume, process, produce, in transactions, with the state in a changelog.
//
// The work is cut into tasks, one for each partition number: task 3 gets the records of partition 3 of every input
// topic, which must have the same number of partitions, and so has its state for itself. What a task emits, the entries
// it writes into its partition of the changelog (a compacted topic), and the offsets of the records it has processed
// are one Kafka transaction: either all of it happened or none of it did. Whoever gets the partition next, after a
// restart, a crash or a rebalance, first reads the changelog back and then goes on at those offsets.
//
// What is promised. Read at read_committed, the output, the state and the offsets always agree: nothing is lost or
// repeated, whatever is killed, paused or started, with an eager and with a cooperative assignor. A member that was
// paused and wakes up after its partitions have another owner cannot commit: its transaction names the generation of
// the group it belonged to (KIP-447). session.go, commit.go and restore.go say how.
//
// Order. The records of a task come in the order of their timestamps, over all its topics; those of one partition stay
// in their own order. A partition that has nothing at hand is waited for, until it is known to be read to its end: so
// what is recorded is processed in the same order at any speed. With AcrossTasks this holds over all tasks of an
// instance. Without it they do not know of each other, and are worked on side by side, on as many cores as there are.
//
// A task that has to know how far other partitions are, those of other instances included, is an Observer.
package stateful

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// Task is the work on one partition number. Its methods are called one at a time; those of other tasks may be under
// way, unless AcrossTasks keeps an order over all.
type Task interface {
	// Restore is given the entries of the changelog, the oldest first, before anything else is called. A later entry of a
	// key replaces the earlier ones; a nil value removes it.
	Restore(key, value []byte) error
	// Process takes the next record. An error ends the application.
	Process(r *kgo.Record, out Emitter) error
	// Commit is called at the end of each transaction: what has changed since the last one belongs into the changelog.
	Commit(out Emitter)
}

// Observer is a Task that looks at how far all partitions are.
type Observer interface {
	Task
	// Note is what the others should know of this task. It is committed with its offsets, so it should be short.
	Note() string
	// Observe is told how far the tasks are, all of them, in the order of their partitions: those of this instance as
	// they are now, those of other instances as they have last committed. It comes before each Commit, and again and
	// again while there is nothing to process.
	Observe(all []Progress, out Emitter)
}

// Progress is how far a task is.
type Progress struct {
	Note  string // "" when it has not committed yet
	AtEnd bool   // every partition of it has been read to its end
}

// Options say what to run.
type Options struct {
	Inputs    []string // topics with the same number of partitions
	Outputs   []string // topics the tasks emit to; they must exist
	Changelog string   // topic with cleanup.policy=compact and as many partitions as the inputs
	NewTask   func(partition int32) Task

	AcrossTasks bool // keep the order of timestamps over all tasks of this instance
	Cooperative bool // cooperative-sticky, which is for one input topic only: it does not keep topics together

	TransactionalID    string        // must differ between the members of the group
	TransactionTimeout time.Duration // a member that crashed holds its successors back for so long at most
	CommitEvery        time.Duration // a transaction's longest time; what is emitted is seen when it ends
	group.Member
}

// Defaults reads the settings that all applications of this kind have: commit-interval, transactional-id,
// transaction-timeout, session-timeout, heartbeat-interval, rebalance-timeout and assignor (cooperative-sticky or
// range).
func Defaults(env app.Env) (Options, error) {
	s := env.Settings
	o := Options{
		Inputs:             env.Inputs,
		TransactionalID:    s.String("transactional-id", env.Group+"-"+env.Name),
		TransactionTimeout: s.Duration("transaction-timeout", 10*time.Second),
		CommitEvery:        s.Duration("commit-interval", 100*time.Millisecond),
		Member:             group.ReadMember(env),
	}
	assignor := "range"
	if len(env.Inputs) == 1 {
		assignor = "cooperative-sticky"
	}
	assignor = s.String("assignor", assignor)
	o.Cooperative = assignor == "cooperative-sticky"
	switch {
	case !o.Cooperative && assignor != "range":
		return o, fmt.Errorf("setting assignor: got %q, want range or cooperative-sticky", assignor)
	case o.Cooperative && len(env.Inputs) > 1:
		return o, errors.New("setting assignor: got cooperative-sticky with several input topics, want range: only that " +
			"gives one member the same partitions of all of them")
	case o.CommitEvery <= 0 || o.CommitEvery >= o.TransactionTimeout:
		return o, fmt.Errorf("setting commit-interval: got %v, want more than 0 and less than transaction-timeout, %v",
			o.CommitEvery, o.TransactionTimeout)
	}
	return o, nil
}

// attempts is how often a session is begun anew without having committed anything in between.
const attempts = 10

// errAgain is what a session ends with when everything may go on after a new start from what is committed.
var errAgain = errors.New("the transaction was not committed")

// Run runs the tasks of the partitions that the group gives to this member, until ctx ends.
//
// Whatever spoils a transaction ends the session it is part of: the client and all state in memory are given up, and a
// new session begins with what is committed. That is one way out for a rebalance that came too late, a transaction that
// timed out, a producer that was fenced and a coordinator that moved. Errors that no new start heals are returned.
func Run(ctx context.Context, env app.Env, o Options) error {
	if err := group.Check(env); err != nil {
		return err
	}
	for failed := 0; ctx.Err() == nil; failed++ {
		s := &session{options: o, env: env, log: env.Log, tasks: map[int32]*task{}}
		err := s.run(ctx)
		switch {
		case err == nil || ctx.Err() != nil:
			return nil
		case !errors.Is(err, errAgain):
			return err
		case s.commits > 0:
			failed = 0
		case failed >= attempts:
			return fmt.Errorf("%w, %d times in a row; is another member using the transactional id %s?", err, failed,
				o.TransactionalID)
		}
		env.Log.Warn("warning", "text", "beginning again from what is committed", "error", err)
		grace.Pause(ctx, time.Duration(failed)*200*time.Millisecond)
	}
	return nil
}
