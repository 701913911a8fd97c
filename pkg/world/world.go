// Package world is what one scenario has and can do: its view of the cluster, topics, applications, groups, the wire
// between them, the schema registry, the database, the facts so far, and waiting for more. It knows no phrase.
package world

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// World is all that one scenario has. The runner makes it before the first step and closes it after the last; handlers
// reach it by FromContext.
type World struct {
	Scenario   string                                        // name, for messages
	Seed       int64                                         // of generators and of everything else that is random
	Session    cluster.Session                               // the scenario's view of the cluster
	Journal    *journal.Journal                              // facts so far
	Fixtures   fs.FS                                         // where generators and schemas are looked for
	Await      time.Duration                                 // how long an expectation without a guard may take
	Waiting    func(what string)                             // told what the scenario is waiting for; may be nil
	References map[string]app.Func                           // reference and registered applications
	Instead    map[string]string                             // reference applications that others stand in for, by name
	Profiled   func(name string) (app.Definition, error)     // applications of the profile
	Needs      Needs                                         // what the scenario's steps need, known before it starts
	Addresses  Addresses                                     // handed to applications
	Registry   func(context.Context) (*registry.Gate, error) // opens the scenario's way to the schema registry
	// Databases makes the database of a scenario that speaks of one; nil: there is none to be had.
	Databases func(context.Context) (*database.Database, error)

	mu           sync.Mutex
	variables    record.Vars
	database     *database.Database // once it is needed
	topics       map[string]*Topic
	applications map[string]*Application
	order        []string // applications in the order of declaration
	started      bool     // the declared applications were started
	client       *kgo.Client
	notes        []string
	samplers     []func() // stop functions of background samplers
	proxy        *wire.Proxy
	clients      clients         // what the wire has told of client software
	groups       membership.News // what the wire has told of members of groups
	faults       []*Fault
	broker       *int32         // the last one that a step did something to; nil for none
	transaction  *transaction   // that is open; nil for none
	gate         *registry.Gate // to the schema registry; nil until it is needed
}

// Addresses are those of what applications use beside the cluster; empty for what there is not.
type Addresses struct{ Registry, Database string }

type worldKey struct{}

// NewContext returns a context that carries the world.
func NewContext(ctx context.Context, w *World) context.Context {
	return context.WithValue(ctx, worldKey{}, w)
}

// FromContext returns the world of the scenario a handler runs in. It panics outside of one, as that is a mistake in
// the program.
func FromContext(ctx context.Context) *World {
	w, ok := ctx.Value(worldKey{}).(*World)
	if !ok {
		panic("world.FromContext: the context carries no world; call it in a step handler with the handler's context")
	}
	return w
}

// Variables returns a copy of the scenario's variables.
func (w *World) Variables() record.Vars {
	w.mu.Lock()
	defer w.mu.Unlock()
	vars := make(record.Vars, len(w.variables))
	for k, v := range w.variables {
		vars[k] = v
	}
	return vars
}

// SetVariable gives ${name} a value for the steps that follow.
func (w *World) SetVariable(name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.variables == nil {
		w.variables = record.Vars{}
	}
	w.variables[name] = value
}

// Note adds a line that is shown under the step in reports, such as a measured rate.
func (w *World) Note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

// TakeNotes returns the notes since the last call.
func (w *World) TakeNotes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	notes := w.notes
	w.notes = nil
	return notes
}

// kafka returns the scenario's own client, made when it is first needed. It sends at once (no linger), to the partition
// each record names.
func (w *World) kafka() (*kgo.Client, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		return w.client, nil
	}
	client, err := w.Session.Client(
		kgo.ClientID("kafkaspec"),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		kgo.ProducerBatchMaxBytes(MaxBatchBytes),
		kgo.MetadataMinAge(20*time.Millisecond),
	)
	if err != nil {
		return nil, fmt.Errorf("make a client for the scenario: %w", err)
	}
	w.client = client
	return client, nil
}

// Admin returns a client for administration, made of the scenario's own.
func (w *World) Admin() (*kadm.Client, error) {
	client, err := w.kafka()
	if err != nil {
		return nil, err
	}
	return kadm.NewClient(client), nil
}

// Close ends the applications, then the clients and the cluster session. It returns what could not be ended.
func (w *World) Close(ctx context.Context) error {
	w.mu.Lock()
	samplers := w.samplers
	w.samplers = nil
	w.mu.Unlock()
	for _, stop := range samplers {
		stop()
	}
	err := errors.Join(w.endApplications(ctx), w.closeWire(), w.closeGate(ctx))
	if w.transaction != nil {
		err = errors.Join(err, w.EndTransaction(ctx, false))
	}
	if w.client != nil {
		w.client.Close()
	}
	return errors.Join(err, w.closeDatabase(ctx), w.Session.Close(ctx))
}
