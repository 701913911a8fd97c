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

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

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
	default:
		return cluster.NewEmbedded(c.Embedded), nil
	}
}

// clusterEntry is a cluster as it stands in the profile.
type clusterEntry struct {
	line      int
	kind      text
	brokers   int
	addresses []text
	configs   map[string]text
	kafkaHome text
	cache     text
	tls       *tlsEntry
	sasl      *saslEntry
}

type tlsEntry struct {
	ca, certificate, key, serverName text
	insecure                         bool
}

type saslEntry struct{ mechanism, username, password, token text }

// keysOf are the keys each kind of cluster has, besides kind.
var keysOf = map[string][]string{
	cluster.KindEmbedded: {"brokers", "configs"},
	cluster.KindLocal:    {"brokers", "cache", "kafka-home"},
	cluster.KindExternal: {"addresses", "sasl", "tls"},
}

func (p *Profile) readCluster(d *reader) func(string, int, *yaml.Node) {
	return func(name string, line int, node *yaml.Node) {
		e := clusterEntry{line: line}
		what := fmt.Sprintf("cluster %q", name)
		given := d.fields(node, what, e.readers(d, what))
		if built, _, _ := strings.Cut(name, ":"); keysOf[built] != nil && built != cluster.KindExternal ||
			strings.Contains(name, ":") {
			d.problem(line, "got cluster %q, which is a name for --cluster to understand by itself; choose another name", name)
		}
		e.check(d, what, given)
		if e.sasl != nil {
			for _, secret := range []text{e.sasl.password, e.sasl.token} {
				if secret.value != "" {
					p.literals = append(p.literals, secret.value)
				}
			}
		}
		p.clusters[name] = e
	}
}

func (e *clusterEntry) readers(d *reader, what string) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"kind":       func(n *yaml.Node) { e.kind = d.text(n, "kind") },
		"brokers":    func(n *yaml.Node) { e.brokers = d.number(n, "brokers", 1) },
		"addresses":  func(n *yaml.Node) { e.addresses = d.texts(n, "addresses") },
		"kafka-home": func(n *yaml.Node) { e.kafkaHome = d.text(n, "kafka-home") },
		"cache":      func(n *yaml.Node) { e.cache = d.text(n, "cache") },
		"configs": func(n *yaml.Node) {
			e.configs = map[string]text{}
			d.entries(n, "configs", func(key string, _ int, value *yaml.Node) { e.configs[key] = d.text(value, key) })
		},
		"tls": func(n *yaml.Node) {
			t := &tlsEntry{}
			if n = resolve(n); n != nil && n.Kind == yaml.ScalarNode {
				if d.flag(n, "tls") {
					e.tls = t
				}
				return
			}
			e.tls = t
			d.fields(n, "tls of "+what, map[string]func(*yaml.Node){
				"ca":                   func(n *yaml.Node) { t.ca = d.text(n, "ca") },
				"certificate":          func(n *yaml.Node) { t.certificate = d.text(n, "certificate") },
				"key":                  func(n *yaml.Node) { t.key = d.text(n, "key") },
				"server-name":          func(n *yaml.Node) { t.serverName = d.text(n, "server-name") },
				"insecure-skip-verify": func(n *yaml.Node) { t.insecure = d.flag(n, "insecure-skip-verify") },
			})
		},
		"sasl": func(n *yaml.Node) {
			s := &saslEntry{}
			e.sasl = s
			d.fields(n, "sasl of "+what, map[string]func(*yaml.Node){
				"mechanism": func(n *yaml.Node) { s.mechanism = d.text(n, "mechanism") },
				"username":  func(n *yaml.Node) { s.username = d.text(n, "username") },
				"password":  func(n *yaml.Node) { s.password = d.text(n, "password") },
				"token":     func(n *yaml.Node) { s.token = d.text(n, "token") },
			})
		},
	}
}

// check reports keys that do not go with the kind, and what the kind lacks.
func (e *clusterEntry) check(d *reader, what string, given map[string]int) {
	keys, known := keysOf[e.kind.value]
	if !known {
		kinds := strings.Join(slices.Sorted(maps.Keys(keysOf)), ", ")
		if e.kind.line == 0 {
			d.problem(e.line, "%s has no kind; add one of %s", what, kinds)
		} else if len(e.kind.missing) == 0 {
			d.problem(e.kind.line, "got kind %q of %s, want one of %s", e.kind.value, what, kinds)
		}
		return
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		for kind, others := range keysOf {
			if slices.Contains(others, key) && !slices.Contains(keys, key) && kind != e.kind.value {
				d.problem(given[key], "got %s in %s, which is %s and has none; remove it", key, what, e.kind.value)
				break
			}
		}
	}
	switch {
	case e.kind.value == cluster.KindExternal && len(e.addresses) == 0:
		d.problem(e.line, "%s has no addresses; add addresses: [host:port]", what)
	case e.kind.value == cluster.KindLocal && e.brokers != 0 && e.brokers != 1 && e.brokers != 3:
		d.problem(given["brokers"], "got %d brokers in %s, want 1 or 3", e.brokers, what)
	}
	e.sasl.check(d, what, given["sasl"])
}

// check reports a mechanism that does not exist, or that lacks what it proves itself with.
func (s *saslEntry) check(d *reader, what string, line int) {
	if s == nil {
		return
	}
	switch s.mechanism.value {
	case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512":
		if s.username.line == 0 || s.password.line == 0 {
			d.problem(line, "sasl of %s needs username and password for %s; add them, as ${NAME} where they are secret", what,
				s.mechanism.value)
		}
	case "OAUTHBEARER":
		if s.token.line == 0 {
			d.problem(line, "sasl of %s needs token for OAUTHBEARER; add token: ${NAME}", what)
		}
	default:
		if len(s.mechanism.missing) == 0 {
			d.problem(max(s.mechanism.line, line), "got mechanism %q in sasl of %s, want one of PLAIN, SCRAM-SHA-256, "+
				"SCRAM-SHA-512, OAUTHBEARER", s.mechanism.value, what)
		}
	}
}

func (e clusterEntry) secrets() []string {
	var secrets []string
	if e.sasl != nil {
		secrets = append(secrets, slices.Concat(notShort(e.sasl.username.used), e.sasl.password.used, e.sasl.token.used)...)
	}
	if e.tls != nil {
		secrets = append(secrets, e.tls.key.used...)
	}
	return secrets
}

// ClusterNames are the names under clusters, sorted.
func (p *Profile) ClusterNames() []string { return slices.Sorted(maps.Keys(p.clusters)) }

// Cluster is the cluster of this name: embedded, embedded:N, local, local:1, local:3 or one of the profile. The empty
// name is the profile's default, else embedded.
func (p *Profile) Cluster(name string) (Cluster, error) {
	if name == "" {
		name = p.Defaults.Cluster
	}
	if name == "" {
		name = cluster.KindEmbedded
	}
	if entry, ok := p.clusters[name]; ok {
		return entry.options(p, name)
	}
	kind, number, numbered := strings.Cut(name, ":")
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
	case kind == cluster.KindEmbedded && brokers >= 0:
		c.Embedded.Brokers = brokers
	case kind == cluster.KindLocal && (brokers == 0 || brokers == 1 || brokers == 3):
		c.Local.Brokers = brokers
	case kind == cluster.KindEmbedded:
		return Cluster{}, p.errorf("got cluster %q, want embedded or embedded:N with N brokers", name)
	case kind == cluster.KindLocal:
		return Cluster{}, p.errorf("got cluster %q, want local, local:1 or local:3", name)
	default:
		return Cluster{}, p.unknown("cluster", name, append([]string{"embedded", "local", "local:3"}, p.ClusterNames()...))
	}
	return c, nil
}

// unknown is the error for a name nobody gave to anything.
func (p *Profile) unknown(what, name string, known []string) error {
	advice := "want one of " + strings.Join(known, ", ")
	if len(known) == 0 {
		advice = fmt.Sprintf("the profile has no %ss", what)
	}
	if near := nearest.Word(name, known); near != "" {
		advice = fmt.Sprintf("did you mean %q? %s", near, advice)
	}
	return p.errorf("got unknown %s %q; %s", what, name, advice)
}

// options asks for every value the cluster needs.
func (e clusterEntry) options(p *Profile, name string) (Cluster, error) {
	needs := p.needs(fmt.Sprintf("cluster %q", name))
	c := Cluster{Name: name, Kind: needs.text(e.kind)}
	switch c.Kind {
	case cluster.KindEmbedded:
		c.Embedded = cluster.EmbeddedOptions{Brokers: e.brokers, Configs: map[string]string{}}
		for _, key := range slices.Sorted(maps.Keys(e.configs)) {
			c.Embedded.Configs[key] = needs.text(e.configs[key])
		}
	case cluster.KindLocal:
		c.Local = cluster.LocalOptions{Brokers: e.brokers, CacheDir: p.relative(needs.text(e.cache)),
			KafkaHome: p.relative(needs.text(e.kafkaHome))}
	case cluster.KindExternal:
		c.External.Name = name
		for _, address := range e.addresses {
			// One variable may hold several, as KAFKA_BOOTSTRAP_SERVERS does.
			for one := range strings.SplitSeq(needs.text(address), ",") {
				one = strings.TrimSpace(one)
				if len(address.missing) == 0 && !isAddress(one) {
					needs.problem(address.line, "got address %q in cluster %q, want host:port, such as localhost:9092", one, name)
				}
				c.External.Bootstrap = append(c.External.Bootstrap, one)
			}
		}
		if e.tls != nil {
			c.External.Access.TLS = &access.TLS{CAFile: p.relative(needs.text(e.tls.ca)),
				CertFile: p.relative(needs.text(e.tls.certificate)),
				KeyFile:  p.relative(needs.text(e.tls.key)), ServerName: needs.text(e.tls.serverName),
				InsecureSkipVerify: e.tls.insecure}
		}
		if e.sasl != nil {
			c.External.Access.SASL = &access.SASL{Mechanism: needs.text(e.sasl.mechanism), Username: needs.text(e.sasl.username),
				Password: needs.text(e.sasl.password), Token: needs.text(e.sasl.token)}
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
