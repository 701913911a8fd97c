// Package world is what one scenario has and can do: its view of the cluster, topics, applications, groups, the wire
// between them, the schema registry, the database, the facts so far, and waiting for more. It knows no phrase.
package world

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/holes"
	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// World is all that one scenario has. Handlers reach it by FromContext.
type World struct {
	Session  cluster.Session  // the scenario's view of the cluster
	Journal  *journal.Journal // facts so far
	Fixtures fs.FS            // where generators and schemas are looked for
	Seed     int64            // of generators and of everything else that is random

	options Options
	looks   looks             // what expectations were shown
	past    *past             // of a world that is told by a journal; nil for one in which things happen
	client  *cluster.Borrowed // for administration and for sending
	admin   *kadm.Client

	mu           sync.Mutex
	variables    record.Vars
	told         map[told]string    // what steps have said in the words of applications
	database     *database.Database // once it is needed
	topics       map[string]*Topic
	made         map[string]*Topic // by applications, as far as it was looked at
	spilt        spilt
	keys         keptKeys
	late         map[int64]bool         // facts of work on a topic that another one of its name had replaced by then
	coming       map[string]*Topic      // that applications are to make, and were not seen yet; nil: of none was spoken
	protocols    map[string]string      // of groups, by name: those that are no consumers'
	placed       map[[2]string]bool     // groups and topics whose first place in these is settled
	unnamed      map[[16]byte]time.Time // ids of topics that the cluster was asked about, and when
	applications map[string]*Application
	order        []string // applications in the order of declaration
	started      bool     // the declared applications were started
	notes        []string
	samplers     []func()           // stop functions of background samplers
	growths      map[string]*growth // of measured topics
	proxy        *wire.Proxy
	repeats      repeats         // of what the wire has told
	groups       membership.News // what the wire has told of members of groups
	faults       []*Fault
	broker       *int32         // the last one that a step did something to; nil for none
	transaction  *transaction   // that is open; nil for none
	gate         *registry.Gate // to the schema registry; nil until it is needed
	services     map[string]*Service
	badEnd       *journal.Command // of the last command, that no step has looked at; nil for none
	asked        int              // how often the scenario has asked anybody over HTTP
	polled       time.Time        // when an expectation did so last
}

// Options are what a world is made of.
type Options struct {
	Session    cluster.Session                           // ends with the world
	Fixtures   fs.FS                                     // where generators and schemas are looked for
	Seed       int64                                     // of everything random
	Needs      Needs                                     // what the scenario's steps need, known before it starts
	Codec      kgo.CompressionCodec                      // of what is sent; zero: none
	Await      time.Duration                             // how long an expectation without a guard may take
	Waiting    func(what string)                         // told what the scenario is waiting for; may be nil
	Done       func(progress.Done)                       // told how far a long step has come; may be nil
	References map[string]app.Func                       // reference and registered applications
	Instead    map[string]string                         // reference applications that others stand in for, by name
	Use        map[string]string                         // applications of the profile that stand in for reference ones
	Profiled   func(name string) (app.Definition, error) // applications of the profile; nil: none is asked for
	Addresses  Addresses                                 // handed to applications
	Place      listen.Place                              // where processes are that do not say it themselves
	// Registry opens the scenario's way to the schema registry; nil: no step asks for it.
	Registry func(context.Context) (*registry.Gate, error)
	// Databases makes the database of a scenario that speaks of one; nil: there is none to be had.
	Databases func(context.Context) (*database.Database, error)
}

// Addresses are those of what applications use beside the cluster; empty for what there is not.
type Addresses struct{ Registry, Database string }

// Scenario is a world in the hands of whoever runs the scenario: what steps have no business with stands here.
type Scenario struct{ *World }

// New makes the world of a scenario. It is an *outcome.NotApplicable where the cluster cannot do what the scenario
// needs, as far as that is known before any step runs: so nothing is started for it.
func New(ctx context.Context, o Options) (Scenario, error) {
	w := &World{Session: o.Session, Journal: journal.New(), Fixtures: o.Fixtures, Seed: o.Seed, options: o}
	w.Journal.Keep(func(line string) bool {
		for text := range o.Needs.Said {
			if mayHold(line, text) {
				return true
			}
		}
		return false
	})
	err := w.applicable()
	if err == nil {
		// It sends at once (no linger), to the partition each record names.
		w.client, err = w.Session.Borrow(ctx, "world",
			kgo.ClientID("kafkaspec"),
			kgo.RecordPartitioner(kgo.ManualPartitioner()),
			kgo.ProducerLinger(0),
			kgo.ProducerBatchMaxBytes(MaxBatchBytes),
			kgo.MetadataMinAge(20*time.Millisecond),
			kgo.ProducerBatchCompression(o.Codec),
		)
	}
	if err != nil {
		return Scenario{}, errors.Join(err, w.Session.Close(ctx))
	}
	w.admin = kadm.NewClient(w.client.Client)
	return Scenario{w}, nil
}

// mayHold tells whether a line holds a text, whatever the variables in it are: what stands between them. A text of
// variables alone may be in every line, and is not looked for.
func mayHold(line, text string) bool {
	some := false
	holds := func(part string) bool { some = some || part != ""; return strings.Contains(line, part) }
	for {
		begin := strings.Index(text, holes.Begins)
		if begin < 0 {
			return holds(text) && some
		}
		_, rest, _ := holes.Cut(text[begin:])
		if !holds(text[:begin]) {
			return false
		}
		text = rest
	}
}

// Shown is a text as logs and outputs of commands are kept: without what makes names of the cluster the scenario's own.
func (w *World) Shown(text string) string { return w.Session.Names().Undo(text) }

type worldKey struct{}

// Context returns a context that carries the world to handlers.
func (s Scenario) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, worldKey{}, s.World)
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

// Variables returns a copy of the scenario's variables, and beside them the names that the cluster has for its topics
// and groups: topic.orders, group.shipping.
func (w *World) Variables() record.Vars {
	w.mu.Lock()
	defer w.mu.Unlock()
	vars := make(record.Vars, len(w.variables)+len(w.topics)+len(w.coming))
	for _, topics := range []map[string]*Topic{w.topics, w.coming} {
		for name, t := range topics {
			vars["topic."+name] = t.Physical
		}
	}
	for _, a := range w.applications {
		for _, group := range []string{a.Group, a.Watches} {
			if group != "" {
				vars["group."+group] = w.Session.Names().Group(group)
			}
		}
	}
	maps.Copy(vars, w.variables)
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
	if w.past == nil { // it stands for this from now on, whatever applications are told
		maps.DeleteFunc(w.told, func(what told, _ string) bool { return what.name == name })
	}
	w.tell(journal.Fact{Kind: journal.Variable, Key: name, Text: value})
}

// tell adds to the journal what the scenario itself has made.
func (w *World) tell(f journal.Fact) {
	if w.past == nil {
		f.Source, f.Partition, f.Offset = journal.SourceKafkaspec, -1, -1
		w.Journal.Add(f)
	}
}

// Happens tells the journal what a step does, in its words.
func (w Scenario) Happens(text string) { w.tell(journal.Fact{Kind: journal.Note, Text: text}) }

// Note adds a line that is shown under the step in reports, such as a measured rate.
func (w *World) Note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

// TakeNotes returns the notes since the last call.
func (w Scenario) TakeNotes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	notes := w.notes
	w.notes = nil
	return notes
}

// Admin is the scenario's own client, for administration.
func (w *World) Admin() *kadm.Client { return w.admin }

// Close ends the applications, then the clients and the cluster session. It returns what could not be ended.
func (w Scenario) Close(ctx context.Context) error {
	w.mu.Lock()
	samplers := w.samplers
	w.samplers = nil
	w.mu.Unlock()
	for _, stop := range samplers {
		stop()
	}
	err := errors.Join(w.endApplications(ctx), w.closeWire(), w.closeGate(ctx), w.closeServices())
	if w.transaction != nil {
		err = errors.Join(err, w.EndTransaction(ctx, false))
	}
	w.tellStrays()
	w.client.Return(w.physicalTopics()...)
	return errors.Join(err, w.closeDatabase(ctx), w.Session.Close(ctx))
}
