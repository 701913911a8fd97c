package profile

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// environment stands in for the variables of the process.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

var full = map[string]string{"BROKERS": "kafka-1.example.org:9093, kafka-2.example.org:9093",
	"KAFKA_USER": "kafkaesque", "KAFKA_PASSWORD": "s3cret",
	"KAFKA_TOKEN": "t0ken", "DATABASE_URL": "postgres://u:p4ss@db/x", "LEVEL": "debug", "API_TOKEN": "4p1t0ken"}

func open(t *testing.T, variables map[string]string) *Profile {
	t.Helper()
	p, err := Open("testdata/kafkaspec.yaml", environment(variables))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestClusters(t *testing.T) {
	scram := &access.SASL{Mechanism: "SCRAM-SHA-512", Username: "kafkaesque", Password: "s3cret"}
	p := open(t, full)
	for name, want := range map[string]Cluster{
		"staging": {Kind: cluster.KindExternal, External: cluster.ExternalOptions{Name: "staging",
			Bootstrap: []string{"kafka-1.example.org:9093", "kafka-2.example.org:9093", "kafka-3.example.org:9093"},
			Access: access.Access{SASL: scram, TLS: &access.TLS{CAFile: filepath.Join("testdata", "certificates", "ca.pem"),
				CertFile: filepath.Join("testdata", "certificates", "client.pem"), KeyFile: "/etc/kafkaspec/client.key",
				ServerName: "kafka.example.org"}}}},
		"token": {Kind: cluster.KindExternal, External: cluster.ExternalOptions{Name: "token",
			Bootstrap: []string{"kafka.example.org:9092"},
			Access:    access.Access{TLS: &access.TLS{}, SASL: &access.SASL{Mechanism: "OAUTHBEARER", Token: "t0ken"}}}},
		"second": {Kind: cluster.KindExternal, External: cluster.ExternalOptions{Name: "second",
			Bootstrap: []string{"kafka.example.org:9092"},
			Access:    access.Access{SASL: scram}}},
		"three": {Kind: cluster.KindLocal, Local: cluster.LocalOptions{Brokers: 3,
			KafkaHome: filepath.Join("testdata", "kafka"), CacheDir: filepath.Join("testdata", "cache")}},
		"quick": {Kind: cluster.KindEmbedded, Embedded: cluster.EmbeddedOptions{Brokers: 2,
			Configs: map[string]string{"group.min.session.timeout.ms": "100"}}},
		"embedded":      {Kind: cluster.KindEmbedded},
		"embedded:3":    {Kind: cluster.KindEmbedded, Embedded: cluster.EmbeddedOptions{Brokers: 3}},
		"local":         {Kind: cluster.KindLocal},
		"local:3":       {Kind: cluster.KindLocal, Local: cluster.LocalOptions{Brokers: 3}},
		"local:3@4.1.0": {Kind: cluster.KindLocal, Local: cluster.LocalOptions{Brokers: 3, Version: "4.1.0"}},
		"local@40.12.0": {Kind: cluster.KindLocal, Local: cluster.LocalOptions{Version: "40.12.0"}}, // to come
		"older":         {Kind: cluster.KindLocal, Local: cluster.LocalOptions{Version: "4.0.0"}},
	} {
		want.Name = name
		got, err := p.Cluster(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if c, err := p.Cluster(""); err != nil || c.Name != "quick" {
		t.Errorf("got %+v (%v), want the profile's default, quick", c, err)
	}
}

// versions is what is said of one that is none; near is what was meant, if anything.
func versions(got, near string) string {
	text := fmt.Sprintf("got version %q of Apache Kafka; ", got)
	if near != "" {
		text += fmt.Sprintf("did you mean %q? ", near)
	}
	return text + "want " + strings.Join(kafka.Tried(), ", ") + " or a newer one"
}

func TestClusterRefuses(t *testing.T) {
	empty := map[string]string{"KAFKA_USER": "kafkaesque"}
	for name, want := range map[string]string{
		"stagin":     `--cluster: got unknown cluster "stagin"; did you mean "staging"? want one of embedded, local, local:3, older, quick, second, staging, three, token`,
		"locl:3":     `--cluster: got unknown cluster "locl:3"; did you mean "local:3"? want one of embedded, local, local:3, older, quick, second, staging, three, token`,
		"embeddd:12": `--cluster: got unknown cluster "embeddd:12"; did you mean "embedded:12"? want one of embedded, local, local:3, older, quick, second, staging, three, token`,
		"lcal@4.1.0": `--cluster: got unknown cluster "lcal@4.1.0"; did you mean "local@4.1.0"? want one of embedded, local, local:3, older, quick, second, staging, three, token`,
		"local:2": `--cluster: got cluster "local:2", want local, local:1 or local:3, or one of them with a ` +
			`version, such as local:3@4.4.0`,
		"local:": `--cluster: got cluster "local:", want local, local:1 or local:3, or one of them with a ` +
			`version, such as local:3@4.4.0`,
		"local@4.0.0-rc1": `--cluster: cluster "local@4.0.0-rc1": ` + versions("4.0.0-rc1", "4.0.0"),
		"local@":          `--cluster: cluster "local@": ` + versions("", ""),
		"embedded@4.1.0": `--cluster: got cluster "embedded@4.1.0"; only local clusters have a version, such ` +
			`as local@4.1.0`,
		"embedded:x": `--cluster: got cluster "embedded:x", want embedded or embedded:N with N brokers`,
		"second":     `testdata/kafkaspec.yaml:14: environment variable KAFKA_PASSWORD is not set, and cluster "second" needs it; set it and run again`,
		"staging": `testdata/kafkaspec.yaml:5: environment variable BROKERS is not set, and cluster "staging" needs it; set it and run again
testdata/kafkaspec.yaml:14: environment variable KAFKA_PASSWORD is not set, and cluster "staging" needs it; set it and run again`,
	} {
		_, err := open(t, empty).Cluster(name)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v\nwant %s", name, err, want)
		}
	}
}

func TestApplications(t *testing.T) {
	p := open(t, full)
	regexps := cmp.Comparer(func(a, b *regexp.Regexp) bool {
		return a == b || a != nil && b != nil &&
			a.String() == b.String()
	})
	for name, want := range map[string]app.Definition{
		"shipping": {Command: []string{"python3", "shipping.py", "--level", "debug"},
			Dir:     filepath.Join("testdata", "apps", "shipping"),
			Environ: []string{"API_TOKEN=4p1t0ken", "LITERAL=${not a variable}", "PYTHONUNBUFFERED=1"}, Grace: 3 * time.Second,
			Ready: app.Ready{Log: regexp.MustCompile("listening on [0-9]+"), Timeout: 20 * time.Second},
			Patterns: append(app.Patterns{{Kind: "processed",
				Regexp: regexp.MustCompile(`handled (?P<topic>\S+)-(?P<partition>\d+)@(?P<offset>\d+)`)}}, app.DefaultPatterns...)},
		"billing": {Command: []string{"./billing", "--fast"}, Dir: "testdata",
			Ready: app.Ready{TCP: "localhost:8080", Group: true}, Direct: true},
	} {
		want.Name = name
		got, err := p.Application(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got, regexps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if p.Fixed("shipping") || !p.Fixed("billing") || p.Fixed("biling") {
		t.Error("got the wrong applications with fixed names, want billing")
	}
	if _, err := p.Application("biling"); err == nil || !strings.HasSuffix(err.Error(),
		`got unknown application "biling"; did you mean "billing"? want one of billing, shipping`) {
		t.Errorf("got %v", err)
	}
	if _, err := open(t, nil).Application("shipping"); err == nil ||
		!strings.Contains(err.Error(), "kafkaspec.yaml:41: environment variable LEVEL is not set") {
		t.Errorf("got %v, want the missing variable named", err)
	}
}

func TestOtherValues(t *testing.T) {
	p := open(t, full)
	if want := (Defaults{Cluster: "quick", Await: 12 * time.Second, Step: 90 * time.Second,
		Parallel: 3, Compression: "zstd"}); p.Defaults != want {
		t.Errorf("got %+v, want %+v", p.Defaults, want)
	}
	if got, at, err := p.Database(); at.Line != 38 || got != "postgres://u:p4ss@db/x" || err != nil {
		t.Errorf("got %q (%v)", got, err)
	}
	if _, _, err := open(t, nil).Database(); err == nil || !strings.Contains(err.Error(),
		"DATABASE_URL is not set, and database needs it") {
		t.Errorf("got %v, want the missing variable named", err)
	}
	got, at, err := p.Registry()
	if at.Line != 37 || got != "http://reader:hunter2@registry.example.org:8081" || err != nil {
		t.Errorf("got %q (%v)", got, err)
	}
	secrets, values := p.Secrets()
	want := []string{"4p1t0ken", access.Basic("kafkaesque", "s3cret"), access.Basic("reader", "hunter2"),
		access.Basic("u", "p4ss"), "hunter2", "p4ss", "s3cret", "t0ken"}
	if diff := cmp.Diff(want, secrets, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"4p1t0ken", "kafkaesque", "postgres://u:p4ss@db/x"}, values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

// A private key is a secret by what it is, whatever the name of its variable, and what stands around it is none.
func TestPrivateKeysAreSecrets(t *testing.T) {
	for _, key := range []string{"-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END",
		`-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END`} {
		t.Setenv("STORE", "note: certificate of orders\n"+key+" PRIVATE KEY-----\n")
		const profile = "applications: {a: {command: [a], env: {STORE: \"${STORE}\"}}}\n"
		p, err := Parse("kafkaspec.yaml", []byte(profile), os.LookupEnv)
		if err != nil {
			t.Fatal(err)
		}
		if secrets, _ := p.Secrets(); !slices.Contains(secrets, key) || len(secrets) != 1 {
			t.Errorf("got secrets %q, want %q only", secrets, key)
		}
	}
}

func TestNoProfile(t *testing.T) {
	t.Chdir(t.TempDir())
	p, err := Open("", os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := p.Cluster(""); err != nil || c.Kind != cluster.KindEmbedded {
		t.Errorf("got %+v (%v), want embedded without a profile", c, err)
	}
	if _, err := p.Cluster("staging"); err == nil ||
		err.Error() != `--cluster: got unknown cluster "staging"; want one of embedded, local, local:3` {
		t.Errorf("got %v", err)
	}
	if _, err := p.Application("x"); err == nil ||
		err.Error() != `got unknown application "x"; the profile has no applications` {
		t.Errorf("got %v", err)
	}
	if _, err := Open("missing.yaml", os.LookupEnv); err == nil ||
		!strings.HasPrefix(err.Error(), "missing.yaml: cannot read the profile: no such file") {
		t.Errorf("got %v, want the missing file named", err)
	}
	if err := os.WriteFile(DefaultFile, []byte("# nothing yet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("", os.LookupEnv); err != nil {
		t.Errorf("got %v, want a profile of comments to be empty", err)
	}
}

// TestBadProfiles holds what is said about each wrong profile against testdata/bad.golden.
func TestBadProfiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("got %d files (%v), want at least 20", len(files), err)
	}
	said := map[string]string{}
	for _, file := range files {
		_, err := Open(file, environment(nil))
		if err == nil {
			t.Errorf("%s: got no error", file)
			continue
		}
		said[file] = err.Error()
	}
	var got strings.Builder
	for _, file := range slices.Sorted(maps.Keys(said)) {
		got.WriteString(filepath.ToSlash(said[file]) + "\n\n")
	}
	if *update {
		if err := os.WriteFile("testdata/bad.golden", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/bad.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got); if the new text is right, run make golden\n%s", diff)
	}
}

// A kind that nothing starts is not taken for an embedded cluster.
func TestOpenRefusesAnUnknownKind(t *testing.T) {
	_, err := Cluster{Kind: "remote"}.Open(t.Context(), io.Discard, "")
	if err == nil || !strings.Contains(err.Error(), `got a cluster of kind "remote"`) {
		t.Errorf("got %v, want the kind refused", err)
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.yaml")
	for _, file := range append(files, "testdata/kafkaspec.yaml") {
		if content, err := os.ReadFile(file); err == nil {
			f.Add(content)
		}
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		p, err := Parse("x.yaml", content, environment(nil))
		if err != nil {
			return
		}
		for _, name := range p.clusterNames() {
			_, _ = p.Cluster(name)
		}
		for _, name := range p.Applications() {
			_, _ = p.Application(name)
		}
		_, _ = p.Secrets()
	})
}
