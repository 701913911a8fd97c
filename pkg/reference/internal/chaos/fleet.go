package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

const (
	shownLines = 40 // the last of each instance, after a failure
	// stopPatience is how long an instance may take to stop. It is long, because a member cannot leave while its group
	// waits for frozen ones.
	stopPatience  = 30 * time.Second
	mostRestarts  = 20 // of a supervised instance that ends by itself
	settlePatient = 10 * time.Second
)

// fleet is the instances of a run.
type fleet struct {
	run       *Run
	instances []*instance
	began     time.Time
	happened  []string
	dead      map[string]time.Time // members whose process has ended, by id: since when that is known
}

// instance is one process after another under one name.
type instance struct {
	name     string
	app      *app.App // nil until it was started
	up       bool     // it should run
	frozen   bool
	restarts int        // after ends nobody asked for
	stopping chan error // gives how it ended, once; nil: nobody told it to stop
}

func (i *instance) alive() bool { return i.app != nil && i.app.State().Phase.Alive() }

// live goes through the schedule while records come in, and then to the quiet end.
func (f *fleet) live(ctx context.Context, t testing.TB, seed uint64) error {
	if err := f.run.open(ctx, t); err != nil {
		return err
	}
	for i := range instances {
		f.instances = append(f.instances, &instance{name: fmt.Sprintf("c%d", i+1)})
	}
	f.began = time.Now()
	produced := make(chan error, 1)
	go func() { produced <- f.run.produce(ctx, rand.New(rand.NewPCG(seed, 0))) }()
	err := f.disturb(ctx, newSchedule(rand.New(rand.NewPCG(seed, 1))))
	if err = errors.Join(<-produced, err); err != nil {
		return err
	}
	if err := f.settle(ctx); err != nil {
		return err
	}
	if err := f.run.plan.Check(ctx, f.run); err != nil {
		return fmt.Errorf("after all had been stopped: %w", err)
	}
	return nil
}

// disturb carries out the schedule.
func (f *fleet) disturb(ctx context.Context, schedule []event) error {
	for _, e := range schedule {
		select {
		case <-time.After(time.Until(f.began.Add(e.at))):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := errors.Join(f.supervise(ctx), f.bury(ctx), f.act(ctx, f.instances[e.instance], e.do)); err != nil {
			return err
		}
	}
	return nil
}

// act does one thing to an instance, and notes it.
func (f *fleet) act(ctx context.Context, i *instance, do action) error {
	if err := i.stopped(); err != nil {
		return err
	}
	f.note("%-6s %s", do, i.name)
	var err error
	switch do {
	case start:
		err = f.start(ctx, i)
	case stop:
		stopping := make(chan error, 1)
		i.stopping = stopping
		go func() { stopping <- i.app.Stop(ctx) }() // others go on meanwhile: it may have to wait for them
	case kill:
		err = i.app.Kill()
	case freeze:
		err = i.app.Pause()
	case wake:
		err = i.app.Resume()
	}
	i.up, i.frozen = do != stop && do != kill, do == freeze
	if err != nil && !i.alive() && f.run.plan.Supervised {
		return nil // it ended by itself just before; what is due to it is a new life
	}
	return err
}

// stopped waits for an instance that was told to stop.
func (i *instance) stopped() error {
	if i.stopping == nil {
		return nil
	}
	err := <-i.stopping
	i.stopping = nil
	return err
}

func (f *fleet) start(ctx context.Context, i *instance) error {
	if i.app != nil {
		if err := f.bury(ctx); err != nil { // its members are known as long as it has no process
			return err
		}
		return i.app.Restart(ctx)
	}
	settings, err := app.ParseSettings([]byte(f.run.plan.Settings), "settings.yaml")
	if err != nil {
		return err
	}
	env := app.Env{
		Name: i.name, Bootstrap: f.run.Session.Bootstrap(), Access: f.run.Session.Access(), Group: f.run.group(),
		Topics: map[string]string{}, Settings: settings,
	}
	if f.run.Database != nil {
		env.Database = f.run.Database.URL
	}
	for _, topic := range f.run.plan.Topics {
		env.Topics[topic.Name] = f.run.topic(topic.Name)
	}
	for _, input := range f.run.plan.Inputs {
		env.Inputs = append(env.Inputs, f.run.topic(input))
	}
	i.app, err = app.Start(ctx, app.Definition{Name: i.name, AsProcess: true, Reference: f.run.plan.Reference,
		Grace: stopPatience}, env, nil)
	return err
}

// bury takes members out of the group whose process has long been dead. Kafka does so by itself after the session
// timeout. kfake does not expire a member that was killed while its request to join was waiting for others, because it
// starts a member's session timer only when it could deliver the answer: the partitions of such a member would never be
// read again. A member of a living process is never touched.
func (f *fleet) bury(ctx context.Context) error {
	if f.run.Session.Describe().Kind != cluster.KindEmbedded {
		return nil
	}
	members, err := f.run.members(ctx)
	if err != nil {
		return err
	}
	for _, member := range members {
		since, known := f.dead[member.MemberID]
		if !known {
			for _, i := range f.instances {
				if i.name == member.ClientID && !i.alive() {
					f.dead[member.MemberID] = time.Now()
				}
			}
			continue
		}
		if time.Since(since) < 3*sessionTimeout/2 {
			continue
		}
		request := kmsg.NewPtrLeaveGroupRequest()
		leaving := kmsg.NewLeaveGroupRequestMember()
		request.Group, leaving.MemberID = f.run.group(), member.MemberID
		request.Members = append(request.Members, leaving)
		if _, err := request.RequestWith(ctx, f.run.client); err != nil {
			return fmt.Errorf("take member %s out of the group: %w", member.MemberID, err)
		}
		f.note("member %s, whose process is dead, was taken out of the group", member.MemberID)
	}
	return nil
}

// supervise looks for instances that ended by themselves.
func (f *fleet) supervise(ctx context.Context) error {
	for _, i := range f.instances {
		if !i.up || i.alive() {
			continue
		}
		f.note("%s ended by itself: %v", i.name, i.app.State())
		if i.restarts++; !f.run.plan.Supervised || i.restarts > mostRestarts {
			return fmt.Errorf("instance %s ended by itself: it %v", i.name, i.app.State())
		}
		if err := f.act(ctx, i, start); err != nil {
			return err
		}
	}
	return nil
}

// settle is the quiet end.
func (f *fleet) settle(ctx context.Context) error {
	running := false
	for _, i := range f.instances {
		if i.frozen {
			if err := f.act(ctx, i, wake); err != nil {
				return err
			}
		}
		running = running || i.up
	}
	if !running {
		if err := f.act(ctx, f.instances[0], start); err != nil {
			return err
		}
	}
	f.note("quiet")
	var state string
	err := await.Until(ctx, await.Options{Within: patience, What: "the inputs to be worked off",
		State: func() string { return state }},
		func(ctx context.Context) (done bool, err error) {
			if err := f.supervise(ctx); err != nil {
				return false, await.Permanent(err)
			}
			if err := f.bury(ctx); err != nil {
				return false, err
			}
			done, state, err = f.run.drained(ctx)
			return done, err
		})
	if err != nil {
		return err
	}
	f.note("drained")
	if settled := f.run.plan.Settled; settled != nil { // what is missing for long is for the check to say
		_ = await.Until(ctx, await.Options{Within: settlePatient, What: "what is still to come"},
			func(ctx context.Context) (bool, error) { return settled(ctx, f.run) })
	}
	for _, i := range f.instances {
		if i.up {
			err = errors.Join(err, f.act(ctx, i, stop))
		}
	}
	for _, i := range f.instances {
		err = errors.Join(err, i.stopped())
	}
	return err
}

func (f *fleet) note(format string, args ...any) {
	f.happened = append(f.happened, fmt.Sprintf("%6dms ", time.Since(f.began).Milliseconds())+fmt.Sprintf(format, args...))
}

// story is what the reader of a failure needs.
func (f *fleet) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "what happened:\n  %s\n", strings.Join(f.happened, "\n  "))
	for _, i := range f.instances {
		if i.app != nil {
			fmt.Fprintf(&b, "last lines of %s:\n  %s\n", i.name, strings.Join(i.app.LastLines(shownLines), "\n  "))
		}
	}
	return f.run.Session.Names().Undo(b.String())
}

// end leaves nothing running, however the run went.
func (f *fleet) end(ctx context.Context) {
	for _, i := range f.instances {
		if i.alive() { // only after a failure
			_ = i.app.Kill()
			_ = i.app.Close(ctx)
		}
	}
}
