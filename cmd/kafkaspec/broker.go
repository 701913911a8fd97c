package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/steps"
)

// outsider is what fault steps call the clients of the broker, whichever they are.
const outsider = "client"

// tellEvery is how soon a fault that struck is shown.
const tellEvery = 100 * time.Millisecond

type brokerCommand struct {
	Listen    []string `default:"127.0.0.1:9092" sep:"none" placeholder:"[NAME=]HOST:PORT" help:"Where it listens: the first broker at PORT, the others at the ports after it; port 0 stands for free ports. May be repeated, to tell programs apart: after --listen shipping=127.0.0.1:9093, faults can name \"shipping\". Without NAME, clients are called \"client\". Default: 127.0.0.1:9092."`
	Advertise string   `placeholder:"HOST" help:"The host that clients are told to connect to, such as host.docker.internal, if they cannot use the one of --listen. Default: the host of --listen, or an address of this machine if that is 0.0.0.0. A loopback listener beside others keeps its own."`
	HTTP      string   `name:"http" placeholder:"HOST:PORT" help:"Where tests can control it over HTTP: topics, records, faults, what clients did, a new cluster. GET /openapi.json describes the interface. Default: no HTTP."`
	Brokers   int      `default:"1" placeholder:"N" help:"How many brokers the cluster has. Default: 1."`
	Given     []string `sep:"none" placeholder:"STEP" help:"A step in the words of features, such as: topic \"orders\" with 3 partitions, or: the next 3 Produce requests to \"orders\" fail with REQUEST_TIMED_OUT. May be repeated; the steps are carried out in order, before clients can connect. Clients are called \"client\", or as --listen says."`
	Seed      int64    `default:"1" placeholder:"S" help:"The seed of record generators and of faults with a rate, a whole number. Default: 1."`
}

// Run starts the embedded broker for clients of any kind, and shows the faults that strike them, until a signal ends
// it.
func (b *brokerCommand) Run(c *console) (err error) {
	s, err := b.stand(c)
	if err != nil {
		return err
	}
	if err := s.open(c.ctx); err != nil {
		if c.ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer func() { err = errors.Join(err, s.end(context.WithoutCancel(c.ctx))) }()
	for _, l := range s.listeners {
		if warning := l.place.Warning(); warning != "" {
			_, _ = fmt.Fprintf(c.stderr, "%s (--advertise)\n", warning)
		}
	}
	for _, l := range s.listeners {
		who := "any client"
		if l.name != outsider {
			who = strconv.Quote(l.name)
		}
		if _, err := fmt.Fprintf(c.stdout, "%s for %s: bootstrap.servers=%s; Ctrl-C ends it\n",
			s.world.Session.Describe(), who, strings.Join(l.addresses, ",")); err != nil {
			return err
		}
	}
	if b.HTTP == "" {
		return s.tell(c)
	}
	return b.steered(c, s)
}

// steered shows what happens while the HTTP interface is open.
func (b *brokerCommand) steered(c *console, s *stand) (err error) {
	address, warning, end, err := s.serveControl(b.HTTP)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if warning != "" {
		_, _ = fmt.Fprintln(c.stderr, warning)
	}
	if _, err := fmt.Fprintf(c.stdout, "HTTP interface: %s\n", address); err != nil {
		return err
	}
	return s.tell(c)
}

// stand is what the flags ask for, before it is opened.
func (b *brokerCommand) stand(c *console) (*stand, error) {
	if b.Brokers < 1 {
		return nil, usage("got --brokers %d, want at least 1", b.Brokers)
	}
	if b.Brokers > profile.MostBrokers {
		return nil, usage("got --brokers %d, want at most %d", b.Brokers, profile.MostBrokers)
	}
	if b.Seed == 0 {
		return nil, usage("got --seed 0, want another number; without --seed it is 1")
	}
	if !isAddress(b.HTTP) && b.HTTP != "" {
		return nil, usage("got --http %q, want host:port, such as 127.0.0.1:8080", b.HTTP)
	}
	listeners, err := b.listeners()
	if err != nil {
		return nil, err
	}
	matches, err := b.check(listeners)
	if err != nil {
		return nil, err
	}
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{Brokers: b.Brokers, CreateTopics: true,
		Refused: func(reason string) { _, _ = fmt.Fprintln(c.stderr, reason) }})
	return &stand{backend: backend, listeners: listeners, given: matches, texts: b.Given, seed: b.Seed}, nil
}

// isAddress says whether a text is host:port; the host may be left out.
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	_, bad := strconv.ParseUint(port, 10, 16)
	return err == nil && bad == nil
}

// listeners reads --listen and --advertise.
func (b *brokerCommand) listeners() (all []*listener, err error) {
	if b.Advertise != "" {
		if err := listen.CheckAdvertise(b.Advertise); err != nil {
			return nil, usage("--advertise: %v", err)
		}
	}
	names, beyond := map[string]bool{}, false
	for _, text := range b.Listen {
		name, address, named := strings.Cut(text, "=")
		if !named {
			name, address = outsider, text
		}
		host, port, _ := net.SplitHostPort(address)
		number, _ := strconv.ParseUint(port, 10, 16)
		if !isAddress(address) || name == "" {
			return nil, usage("got --listen %q, want host:port, such as 127.0.0.1:9092, or name=host:port", text)
		}
		if last := int(number) + b.Brokers - 1; number > 0 && last > 65535 {
			return nil, usage("got --listen %q with %d brokers, whose last port would be %d; choose a lower one", text,
				b.Brokers, last)
		}
		if names[name] {
			return nil, usage("got --listen %q, and the clients of another listener are called %q too; give it a name: "+
				"--listen NAME=%s", text, name, address)
		}
		names[name] = true
		l := &listener{name: name, place: listen.Place{Listen: cmp.Or(host, "0.0.0.0")}, ports: make([]int, b.Brokers)}
		for i := range l.ports {
			if number > 0 {
				l.ports[i] = int(number) + i
			}
		}
		beyond = beyond || l.place.Beyond()
		all = append(all, l)
	}
	for _, l := range all {
		if l.place.Beyond() || !beyond {
			l.place.Advertise = b.Advertise
		}
	}
	return all, nil
}

// check finds all that is wrong with the given steps.
func (b *brokerCommand) check(listeners []*listener) ([]steps.Match, error) {
	known, all := knownSteps(), make([]steps.Match, len(b.Given))
	var problems []string
	for i, text := range b.Given {
		var err error
		if all[i], err = givenStep(known, text, listeners); err != nil {
			problems = append(problems, fmt.Sprintf("--given %s: %v", strconv.Quote(text), err))
		}
	}
	if len(problems) > 0 {
		return nil, usage("%s", strings.Join(problems, "\n"))
	}
	return all, nil
}
