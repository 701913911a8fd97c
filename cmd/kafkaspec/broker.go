package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps/builtin"

	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/steps"
)

// outsider is what fault steps call the clients of the broker, whichever they are.
const outsider = "client"

// tellEvery is how soon a fault that struck is shown.
const tellEvery = 100 * time.Millisecond

type brokerCommand struct {
	Listen    string   `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Where the first broker listens; port 0 is a free one. Default: 127.0.0.1:9092."`
	Advertise string   `placeholder:"HOST" help:"The host that clients are told, where it is another than they could reach by --listen: host.docker.internal, say. Default: the host of --listen, or an address of this machine where that is all of them."`
	Brokers   int      `default:"1" placeholder:"N" help:"How many brokers. Default: 1."`
	Given     []string `sep:"none" placeholder:"STEP" help:"A step in the words of features, such as: topic \"orders\" with 3 partitions, or: the next 3 Produce requests to \"orders\" fail with REQUEST_TIMED_OUT. May be repeated; carried out in order before anybody is let in. Clients are called \"client\"."`
	Seed      int64    `default:"1" placeholder:"S" help:"Seed of generators and of faults with a rate. Default: 1."`
}

// Run starts the embedded broker for clients of any kind, and shows the faults that strike them, until a signal ends
// it.
func (b *brokerCommand) Run(c *console) (err error) {
	matches, err := b.check()
	if err != nil {
		return err
	}
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{Brokers: b.Brokers, CreateTopics: true,
		Refused: func(reason string) { _, _ = fmt.Fprintln(c.stderr, reason) }})
	plan := steps.NeedsOf(matches)
	session, err := backend.Open(c.ctx, cluster.Needs{Brokers: plan.Brokers})
	if err != nil {
		return err
	}
	listen, advertise, warning := b.reach()
	if warning != "" {
		_, _ = fmt.Fprintln(c.stderr, warning)
	}
	w, err := world.New(c.ctx, world.Options{Listen: listen, Advertise: advertise, Seed: b.Seed, Session: session,
		Fixtures: fixtures.Files, Await: 10 * time.Second, References: reference.Applications(), Needs: plan})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close(context.WithoutCancel(c.ctx))) }()
	ctx := w.Context(c.ctx)
	for i, m := range matches {
		if err := m.Run(ctx); err != nil {
			if c.ctx.Err() != nil {
				return nil
			}
			return usage("--given %s: %v", strconv.Quote(b.Given[i]), err)
		}
	}
	addresses, err := w.Outside(ctx, outsider, b.Listen)
	if err != nil {
		return fmt.Errorf("%w; choose another --listen", err)
	}
	if _, err := fmt.Fprintf(c.stdout, "%s for any client: bootstrap.servers=%s; Ctrl-C ends it\n", session.Describe(),
		strings.Join(addresses, ",")); err != nil {
		return err
	}
	return b.tell(c, w.Journal)
}

// reach is where the broker listens, what clients are told, and what to say of it.
func (b *brokerCommand) reach() (listen, advertise, warning string) {
	host, _, _ := net.SplitHostPort(b.Listen) // checked before
	listen = cmp.Or(host, "0.0.0.0")
	address, err := netip.ParseAddr(listen)
	if listen == "localhost" || err == nil && address.IsLoopback() {
		return listen, b.Advertise, ""
	}
	advertise = cmp.Or(b.Advertise, listen)
	if b.Advertise == "" && address.IsUnspecified() {
		advertise = ownAddress()
	}
	return listen, advertise, fmt.Sprintf("warning: listens beyond this machine at %s, without a password: whoever "+
		"reaches it can read and write; clients are told %s (--advertise)", b.Listen, advertise)
}

// ownAddress is one by which other machines may reach this one: of a network, or else its name.
func ownAddress() string {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	name, err := os.Hostname()
	if err != nil {
		return "127.0.0.1"
	}
	return name
}

// check finds all that is wrong with the flags.
func (b *brokerCommand) check() ([]steps.Match, error) {
	if b.Brokers < 1 {
		return nil, usage("got --brokers %d, want at least 1", b.Brokers)
	}
	if b.Brokers > profile.MostBrokers {
		return nil, usage("got --brokers %d, want at most %d", b.Brokers, profile.MostBrokers)
	}
	_, port, err := net.SplitHostPort(b.Listen)
	if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number > 65535 {
		return nil, usage("got --listen %q, want host:port, such as 127.0.0.1:9092", b.Listen)
	}
	known, all := steps.NewRegistry(), make([]steps.Match, len(b.Given))
	builtin.Register(known)
	var problems []string
	for i, text := range b.Given {
		if all[i], err = givenStep(known, text); err != nil {
			problems = append(problems, fmt.Sprintf("--given %s: %v", strconv.Quote(text), err))
		}
	}
	if len(problems) > 0 {
		return nil, usage("%s", strings.Join(problems, "\n"))
	}
	return all, nil
}

// givenStep ties a text to a step that can be carried out where there is no application under test.
func givenStep(known *steps.Registry, text string) (steps.Match, error) {
	found, err := known.Find(text, steps.Argument{})
	switch {
	case err != nil:
		return steps.Match{}, err
	case len(found) == 0:
		return steps.Match{}, errors.New("unknown step; kafkaspec steps finds them by their words")
	case len(found) > 1:
		return steps.Match{}, errors.New("several steps are meant; write it as one of those that kafkaspec steps lists")
	}
	m := found[0]
	if m.Definition.Defines == "app" {
		return m, fmt.Errorf("the broker runs no applications; start yours with the address it shows, and call it %q in "+
			"faults", outsider)
	}
	if m.Definition.Keyword == steps.Then {
		return m, errors.New("the broker expects nothing; put expectations into a feature, for kafkaspec run")
	}
	return m, m.Check(world.Surroundings{References: reference.Applications(), Fixtures: fixtures.Files}, nil)
}

// tell shows each fault that strikes, with its time and what it struck, until a signal comes.
func (b *brokerCommand) tell(c *console, facts *journal.Journal) error {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	shown := int64(0)
	for {
		select {
		case <-c.ctx.Done():
			return nil
		case <-tick.C:
		}
		last := shown
		text := facts.Timeline(func(f *journal.Fact) bool {
			last = max(last, f.Seq)
			return f.Seq > shown && f.Kind == journal.FaultFired
		}, 0)
		shown = last
		if _, err := fmt.Fprint(c.stdout, report.Harmless(text)); err != nil {
			return err
		}
	}
}
