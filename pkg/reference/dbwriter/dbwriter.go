// Package dbwriter is a consumer that writes each record as a row of a database, with one of three promises.
//
// It shows where the offset of a consumer belongs, by doing the same work in three orders (setting mode):
//
//   - at-most-once commits the offset to the group, then writes the rows. A crash in between loses them.
//   - at-least-once writes the rows, then commits the offset. A crash in between writes them again.
//   - exactly-once keeps the offset in the database, in the transaction that writes the rows, and starts from it. A
//     crash can come between nothing. The group's offset is committed afterwards for people and monitors to see;
//     nothing is read from it.
//
// The offset in the database also says whose turn it is. Whoever is given a partition raises the partition's epoch
// there, and each transaction first moves the offset on under the epoch and from the position it expects. An owner that
// was frozen, has been replaced and wakes up finds another epoch: its rows are rolled back. No clock and no lease is
// involved.
//
// A row is never skipped. What may pass (no connection, a lock, a timeout) is tried again for as long as give-up-after
// says, and meanwhile nothing is committed. What will not pass (a violated constraint, a missing right) ends the
// application at once with an error that names the record. Either way the rows before it are safe, and the next start
// begins with the rows that are not.
//
// The whole of it is in one code path through database/sql for SQLite (sqlite:FILE), PostgreSQL (postgres://…)
// and MySQL (mysql://…); dialect.go has what differs.
package dbwriter

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Run is the application db-writer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	db, err := openStore(ctx, env, set)
	if err != nil && ctx.Err() != nil {
		return nil // told to stop before anything had begun
	}
	if err != nil {
		return fmt.Errorf("db-writer: %w", err)
	}
	defer db.close()
	w := &writer{settings: set, log: env.Log, store: db, owned: map[group.Place]*owned{}, owed: group.Offsets{}}
	w.policy = w.defaultPolicy()
	change(&w.policy)
	if err := w.run(ctx, append(base, w.clientOptions(env)...), env.Inputs); err != nil {
		return fmt.Errorf("db-writer: %w", err)
	}
	return nil
}

// owned is what the database says of a partition that this member was given (exactly-once only).
type owned struct {
	epoch int64 // ours while the database has the same
	next  int64 // offset of the next record to be written; -1: nobody has written any yet
	first int64 // offset of the first record that was read since then; -1: none was
	// behind says that the group may have another offset than the database: a crash came before the commit.
	behind bool
}

// writer is one running db-writer.
type writer struct {
	settings settings
	policy   Policy
	log      *slog.Logger
	client   *kgo.Client
	store    *store

	mu    sync.Mutex // the client tells of changes in its own time
	owned map[group.Place]*owned
	owed  group.Offsets // written, and refused while the group went on to another generation: committed again
}

func (w *writer) clientOptions(env app.Env) []kgo.Opt {
	options := append(w.settings.Options(env, w.changed),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.BlockRebalanceOnPoll(), // no partition changes hands in the middle of a round
		kgo.FetchMaxWait(500*time.Millisecond))
	if w.policy.Start != nil {
		options = append(options, kgo.AdjustFetchOffsetsFn(w.policy.Start))
	}
	return append(options, w.policy.AutoCommit...)
}

func (w *writer) run(ctx context.Context, options []kgo.Opt, inputs []string) error {
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.CloseAllowingRebalance()
	w.client = client
	if _, err := topics.Describe(ctx, client, inputs...); err != nil && ctx.Err() == nil {
		return err
	}
	for ctx.Err() == nil {
		fetches := w.poll(ctx)
		if err := w.fetchError(fetches); err != nil {
			return err
		}
		if batches := split(fetches.Records()); len(batches) > 0 {
			if err := w.round(ctx, batches); err != nil {
				return err
			}
		}
		if err := w.catchUp(ctx); err != nil {
			return err
		}
		client.AllowRebalance()
	}
	return nil
}

// idle is how long a fetch waits for records before other things are looked at.
const idle = 250 * time.Millisecond

func (w *writer) poll(ctx context.Context) kgo.Fetches {
	ctx, cancel := context.WithTimeout(ctx, idle)
	defer cancel()
	return w.client.PollRecords(ctx, w.settings.Batch)
}

// fetchError returns the errors of a fetch that end the application. What the database says of a partition that this
// member is given comes with its first fetch.
func (w *writer) fetchError(fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		if isPermanent(e.Err) {
			return fmt.Errorf("fetch topic %s partition %d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	return group.FetchError(w.log, fetches)
}

// startFromDatabase is called with the partitions this member was just given and the offsets the group has for them. It
// claims each in the database, which locks out whoever had it before, and starts where the rows end. A partition nobody
// has written from yet starts where the group says, so that an application that used to commit to the group can be
// switched over.
func (w *writer) startFromDatabase(ctx context.Context,
	offsets map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	for topic, partitions := range offsets {
		for partition := range partitions {
			mine, err := w.claim(ctx, group.Place{Topic: topic, Partition: partition})
			if err != nil {
				return nil, err
			}
			if mine.next >= 0 {
				partitions[partition] = kgo.NewOffset().At(mine.next)
			}
		}
	}
	return offsets, nil
}

func (w *writer) claim(ctx context.Context, at group.Place) (*owned, error) {
	mine, err := w.store.claim(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("claim topic %s partition %d in the database: %w", at.Topic, at.Partition, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.owned[at] = mine
	return mine, nil
}

// changed is told by the client what this member was given and what was taken from it. It never runs within a round.
func (w *writer) changed(how string, _ *kgo.Client, partitions map[string][]int32) {
	group.Tell(w.log, how, partitions)
	if how == "assigned" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := group.Places(partitions)
	for _, at := range gone {
		delete(w.owned, at)
	}
	w.owed.Keep(func(at group.Place) bool { return !slices.Contains(gone, at) })
}
