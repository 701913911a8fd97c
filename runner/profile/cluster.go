package profile

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// MostBrokers is how many brokers an embedded cluster may have.
const MostBrokers = 100

// Cluster says how to get a cluster. Kind names the one of the options that counts.
type Cluster struct {
	Name     string // as asked for
	Kind     string // cluster.KindEmbedded, KindLocal or KindExternal
	Embedded cluster.EmbeddedOptions
	Local    cluster.LocalOptions
	External cluster.ExternalOptions
}

// Open starts or reaches the cluster. Starting a local one tells progress what it does, and copies the logs of its
// brokers into the folder keepLogs, where one is named, when something failed.
func (c Cluster) Open(ctx context.Context, progress io.Writer, keepLogs string) (cluster.Backend, error) {
	switch c.Kind {
	case cluster.KindLocal:
		c.Local.Progress, c.Local.KeepLogs = progress, keepLogs
		return cluster.StartLocal(ctx, c.Local)
	case cluster.KindExternal:
		return cluster.ConnectExternal(ctx, c.External)
	case cluster.KindEmbedded:
		return cluster.NewEmbedded(c.Embedded), nil
	default:
		return nil, fmt.Errorf("got a cluster of kind %q, which Cluster.Open does not start; give the kind a case there",
			c.Kind)
	}
}

// atOnce is how many scenarios run at a time for each core: they wait more than they compute. Local brokers compute on
// the same cores.
var atOnce = map[string]int{cluster.KindEmbedded: 6, cluster.KindLocal: 3, cluster.KindExternal: 6}

// AtOnce is how many scenarios run at a time on the cluster for each core of this machine.
func (c Cluster) AtOnce() int { return max(atOnce[c.Kind], 1) }

// clusterEntry is a cluster as it stands in the profile.
type clusterEntry struct {
	Kind      text            `yaml:"kind"`
	Brokers   int             `yaml:"brokers"`
	Addresses []text          `yaml:"addresses"`
	Configs   map[string]text `yaml:"configs"`
	KafkaHome text            `yaml:"kafka-home"`
	Version   text            `yaml:"version"`
	Cache     text            `yaml:"cache"`
	TLS       tlsEntry        `yaml:"tls"`
	SASL      saslEntry       `yaml:"sasl"`

	line  int
	given map[string]int // lines of the keys that are there
}

// keysOf are the keys each kind of cluster has, besides kind.
var keysOf = map[string][]string{
	cluster.KindEmbedded: {"brokers", "configs"},
	cluster.KindLocal:    {"brokers", "cache", "kafka-home", "version"},
	cluster.KindExternal: {"addresses", "sasl", "tls"},
}

func (p *Profile) readCluster(d *reader, name string, line int, node *yaml.Node) {
	e := clusterEntry{line: line}
	what := fmt.Sprintf("cluster %q", name)
	e.given = d.fields(node, what, &e)
	if built, _, _ := strings.Cut(name, "@"); keysOf[built] != nil && built != cluster.KindExternal ||
		strings.Contains(name, ":") {
		d.problem(line, "got cluster %q, which is a name for --cluster to understand by itself; choose another name", name)
	}
	e.check(d, what)
	if e.SASL.Password.value != "" {
		d.secrets = append(d.secrets, access.Basic(e.SASL.Username.value, e.SASL.Password.value))
	}
	p.clusters[name] = e
}

// check reports keys that do not go with the kind, and what the kind lacks.
func (e *clusterEntry) check(d *reader, what string) {
	keys, known := keysOf[e.Kind.value]
	if !known {
		kinds := strings.Join(slices.Sorted(maps.Keys(keysOf)), ", ")
		if e.Kind.line == 0 {
			d.problem(e.line, "%s has no kind; add one of %s", what, kinds)
		} else if len(e.Kind.missing) == 0 {
			d.problem(e.Kind.line, "got kind %q of %s, want one of %s", e.Kind.value, what, kinds)
		}
		return
	}
	for _, key := range slices.Sorted(maps.Keys(e.given)) {
		for kind, others := range keysOf {
			if slices.Contains(others, key) && !slices.Contains(keys, key) && kind != e.Kind.value {
				d.problem(e.given[key], "got %s in %s, which is %s and has none; remove it", key, what, e.Kind.value)
				break
			}
		}
	}
	switch {
	case e.Kind.value == cluster.KindExternal && len(e.Addresses) == 0:
		d.problem(e.line, "%s has no addresses; add addresses: [host:port]", what)
	case e.Kind.value == cluster.KindEmbedded && e.Brokers > MostBrokers:
		d.problem(e.given["brokers"], "got %d brokers in %s, want at most %d", e.Brokers, what, MostBrokers)
	case e.Kind.value == cluster.KindLocal && e.Brokers != 0 && e.Brokers != 1 && e.Brokers != 3:
		d.problem(e.given["brokers"], "got %d brokers in %s, want 1 or 3", e.Brokers, what)
	}
	if e.Kind.value == cluster.KindLocal && e.Version.line != 0 && len(e.Version.missing) == 0 {
		if err := cluster.CheckVersion(e.Version.value); err != nil {
			d.problem(e.Version.line, "%s: %v", what, err)
		}
	}
	if line, there := e.given["sasl"]; there {
		e.SASL.check(d, what, line)
	}
}

// values are what came from the environment, besides passwords.
func (e clusterEntry) values() []string {
	return slices.Concat(notShort(e.SASL.Username.used), e.TLS.Key.used)
}

// clusterNames are the names under clusters, sorted.
func (p *Profile) clusterNames() []string { return slices.Sorted(maps.Keys(p.clusters)) }

// Clusters are the clusters of the profile that exist by themselves, by name: external ones.
func (p *Profile) Clusters() []string {
	return slices.DeleteFunc(p.clusterNames(), func(name string) bool {
		return p.clusters[name].Kind.value != cluster.KindExternal
	})
}

// Cluster is the cluster of this name: embedded, embedded:N, local, local:1, local:3, one of the last three with a
// version of Apache Kafka, such as local:3@4.1.0, or one of the profile. The empty name is the profile's default, else
// embedded.
func (p *Profile) Cluster(name string) (Cluster, error) {
	at, flag := source.Place{}, "--cluster: "
	if name == "" {
		name, at, flag = p.Defaults.Cluster, p.at(p.lines["cluster"]), ""
	}
	if name == "" {
		name = cluster.KindEmbedded
	}
	wrong := func(format string, arguments ...any) error {
		return source.Errors{at.Errorf("%s%w", flag, fmt.Errorf(format, arguments...))}
	}
	if entry, ok := p.clusters[name]; ok {
		return entry.options(p, name)
	}
	plain, version, versioned := strings.Cut(name, "@")
	kind, number, numbered := strings.Cut(plain, ":")
	c := Cluster{Name: name, Kind: kind}
	brokers := 0 // as many as the kind has by itself
	if numbered {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			n = -1
		}
		brokers = n
	}
	switch {
	case kind == cluster.KindEmbedded && versioned:
		return Cluster{}, wrong("got cluster %q; only local clusters have a version, such as local@%s", name, version)
	case kind == cluster.KindEmbedded && brokers >= 0 && brokers <= MostBrokers:
		c.Embedded.Brokers = brokers
	case kind == cluster.KindLocal && (brokers == 0 || brokers == 1 || brokers == 3):
		c.Local.Brokers, c.Local.Version = brokers, version
		if versioned {
			if err := cluster.CheckVersion(version); err != nil {
				return Cluster{}, wrong("cluster %q: %w", name, err)
			}
		}
	case kind == cluster.KindEmbedded && brokers > MostBrokers:
		return Cluster{}, wrong("got cluster %q, want at most %d brokers", name, MostBrokers)
	case kind == cluster.KindEmbedded:
		return Cluster{}, wrong("got cluster %q, want embedded or embedded:N with N brokers", name)
	case kind == cluster.KindLocal:
		return Cluster{}, wrong("got cluster %q, want local, local:1 or local:3, or one of them with a version, "+
			"such as local:3@%s", name, kafka.Version())
	default:
		return Cluster{}, wrong("%w", p.unknownCluster(name, kind))
	}
	return c, nil
}

// unknownCluster is the error for a cluster that nobody described. A slip in the kind keeps the number and the version.
func (p *Profile) unknownCluster(name, kind string) error {
	known := append([]string{"embedded", "local", "local:3"}, p.clusterNames()...)
	near := nearest.Word(kind, []string{cluster.KindEmbedded, cluster.KindLocal})
	if rest := strings.TrimPrefix(name, kind); near != "" && rest != "" {
		near += rest
	} else {
		near = nearest.Word(name, known)
	}
	return unknown("cluster", name, near, known)
}

// unknown is the error for a name nobody gave to anything.
func unknown(what, name, near string, known []string) error {
	advice := nearOf(near, known)
	if len(known) == 0 {
		advice = fmt.Sprintf("the profile has no %ss", what)
	}
	return fmt.Errorf("got unknown %s %q; %s", what, name, advice)
}

// options asks for every value the cluster needs.
func (e clusterEntry) options(p *Profile, name string) (Cluster, error) {
	needs := p.needs(fmt.Sprintf("cluster %q", name))
	c := Cluster{Name: name, Kind: needs.text(e.Kind)}
	switch c.Kind {
	case cluster.KindEmbedded:
		c.Embedded = cluster.EmbeddedOptions{Brokers: e.Brokers, Configs: map[string]string{}}
		for _, key := range slices.Sorted(maps.Keys(e.Configs)) {
			value := e.Configs[key]
			c.Embedded.Configs[key] = needs.text(value)
			if len(value.missing) > 0 {
				continue
			}
			if err := topicconfig.CheckBroker(key, value.value); err != nil {
				needs.problem(value.line, "configs of %s: %w", needs.what, err)
			}
		}
	case cluster.KindLocal:
		c.Local = cluster.LocalOptions{Brokers: e.Brokers, CacheDir: p.relative(needs.text(e.Cache)),
			KafkaHome: p.relative(needs.text(e.KafkaHome)), Version: needs.text(e.Version)}
	case cluster.KindExternal:
		c.External.Name = name
		for _, address := range e.Addresses {
			// One variable may hold several, as KAFKA_BOOTSTRAP_SERVERS does.
			for one := range strings.SplitSeq(needs.text(address), ",") {
				one = strings.TrimSpace(one)
				if len(address.missing) == 0 && !isAddress(one) {
					needs.problem(address.line, "got address %q in cluster %q, want host:port, such as localhost:9092", one, name)
				}
				c.External.Bootstrap = append(c.External.Bootstrap, one)
			}
		}
		if e.TLS.on {
			c.External.Access.TLS = e.TLS.options(p, needs)
		}
		if _, there := e.given["sasl"]; there {
			c.External.Access.SASL = &access.SASL{Mechanism: needs.text(e.SASL.Mechanism),
				Username: needs.text(e.SASL.Username), Password: needs.text(e.SASL.Password), Token: needs.text(e.SASL.Token)}
		}
	}
	if err := needs.problems.Err(); err != nil {
		return Cluster{}, err
	}
	return c, nil
}

func isAddress(text string) bool {
	host, port, err := net.SplitHostPort(text)
	number, portErr := strconv.Atoi(port)
	return err == nil && portErr == nil && host != "" && !strings.ContainsAny(host, "/ ") && number > 0 && number < 1<<16
}
