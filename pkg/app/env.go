package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Names of the environment variables a process is given, beside those of access.Access.
const (
	envBootstrap   = "KAFKA_BOOTSTRAP_SERVERS"
	envClientID    = "KAFKA_CLIENT_ID"
	envGroup       = "KAFKA_GROUP_ID"
	envWatched     = "KAFKA_WATCHED_GROUP_ID"
	envInputs      = "KAFKA_INPUT_TOPICS"
	envOutputs     = "KAFKA_OUTPUT_TOPICS"
	envTopicPrefix = "KAFKA_TOPIC_"
	envService     = "HTTP_SERVICE_"
	envRegistry    = "SCHEMA_REGISTRY_URL"
	envDatabase    = "DATABASE_URL"
	envSettings    = "APP_SETTINGS"
	// envSettingsPlaces is how errors name the settings: the file of envSettings is temporary, and its name says nothing.
	envSettingsPlaces = "KAFKASPEC_SETTINGS_PLACES"
)

// Env is all an application under test gets. In process it is passed; a process gets it as environment variables, of
// which those without a value are not set.
type Env struct {
	Name      string        // KAFKA_CLIENT_ID: the application's name
	Bootstrap []string      // KAFKA_BOOTSTRAP_SERVERS: host:port, separated by commas
	Access    access.Access // KAFKA_SECURITY_PROTOCOL and others, see access.Access
	Group     string        // KAFKA_GROUP_ID: physical name
	// WatchedGroup is KAFKA_WATCHED_GROUP_ID: physical name of a group that the application looks at and is no member of.
	WatchedGroup string
	Inputs       []string // KAFKA_INPUT_TOPICS: physical names, separated by commas
	Outputs      []string // KAFKA_OUTPUT_TOPICS: physical names, separated by commas
	// logical name to physical; KAFKA_TOPIC_<NAME>: upper case, every byte outside A-Z0-9 becomes _
	Topics   map[string]string
	Groups   map[string]string // logical name to physical, of all applications of the scenario; in no variable
	Ports    map[string]int    // free ports, by the names the profile gives them; in no variable
	Folder   string            // for files of its own; in no variable
	Registry string            // SCHEMA_REGISTRY_URL
	Database string            // DATABASE_URL
	// name to URL without a path, of the HTTP services that the scenario stands in for; HTTP_SERVICE_<NAME>
	Services map[string]string
	Settings Settings // APP_SETTINGS names a YAML file
	// lines written with it are the application's log; a process writes to stdout and stderr
	Log *slog.Logger
}

// Func is an application in Go. It returns nil when it ends because ctx ended, which is what SIGTERM is for a process,
// and an error when it cannot go on. A plain ctx.Err() counts as nil.
type Func func(ctx context.Context, env Env) error

// Topic gives the physical name of a logical topic, or the logical name itself when it is unknown.
func (e Env) Topic(logical string) string {
	if physical, ok := e.Topics[logical]; ok {
		return physical
	}
	if physical, ok := e.Topics[variable(logical)]; ok { // from the environment, where the exact name is lost
		return physical
	}
	return logical
}

// Service gives the address of an HTTP service that the scenario stands in for, as a URL without a path; "" for one
// that it does not have.
func (e Env) Service(name string) string { return cmp.Or(e.Services[name], e.Services[variable(name)]) }

// ClientOptions are what a franz-go client needs to reach the cluster: addresses, client id and access. A connection
// that ends before its first answer is tried again like any other: the addresses and credentials here have been used to
// make the topics, so it is not they that are wrong.
func (e Env) ClientOptions() ([]kgo.Opt, error) {
	if len(e.Bootstrap) == 0 {
		return nil, fmt.Errorf("application %q %w, want one or more; set %s to host:port", e.Name, errNoAddress,
			envBootstrap)
	}
	options, err := e.Access.Options()
	if err != nil {
		return nil, fmt.Errorf("application %q: %w", e.Name, err)
	}
	options = append(options, kgo.SeedBrokers(e.Bootstrap...), kgo.AlwaysRetryEOF())
	if e.Name != "" {
		options = append(options, kgo.ClientID(e.Name))
	}
	return options, nil
}

var errNoAddress = errors.New("got no bootstrap address")

// CheckSettings finds out what an application says of its settings before it needs a cluster: it is run without one.
// That is for applications that read their settings first, and then make a client with Env.ClientOptions.
func CheckSettings(run Func, env Env) error {
	env.Bootstrap, env.Log = nil, slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := run(ctx, env); !errors.Is(err, errNoAddress) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Environ is the Env as environment variables, NAME=value. settingsFile holds the settings; "" when there are none.
func (e Env) Environ(settingsFile string) []string {
	environ := e.Access.Environ()
	add := func(name, value string) {
		if value != "" {
			environ = append(environ, name+"="+value)
		}
	}
	add(envClientID, e.Name)
	add(envBootstrap, strings.Join(e.Bootstrap, ","))
	add(envGroup, e.Group)
	add(envWatched, e.WatchedGroup)
	add(envInputs, strings.Join(e.Inputs, ","))
	add(envOutputs, strings.Join(e.Outputs, ","))
	for _, logical := range slices.Sorted(maps.Keys(e.Topics)) {
		add(envTopicPrefix+variable(logical), e.Topics[logical])
	}
	for _, name := range slices.Sorted(maps.Keys(e.Services)) {
		add(envService+variable(name), e.Services[name])
	}
	add(envRegistry, e.Registry)
	add(envDatabase, e.Database)
	add(envSettings, settingsFile)
	return environ
}

// checkTopics refuses logical names that become one environment variable.
func (e Env) checkTopics() error {
	names := make(map[string]string, len(e.Topics))
	for _, logical := range slices.Sorted(maps.Keys(e.Topics)) {
		name := envTopicPrefix + variable(logical)
		if other, taken := names[name]; taken && e.Topics[other] != e.Topics[logical] {
			return fmt.Errorf("topics %q and %q both become %s in the environment of %q; rename one of them", other, logical,
				name, e.Name)
		}
		names[name] = logical
	}
	return nil
}

// variable turns a topic's name into the part of an environment variable's name.
func variable(topic string) string {
	name := []byte(strings.ToUpper(topic))
	for i, b := range name {
		if (b < 'A' || b > 'Z') && (b < '0' || b > '9') {
			name[i] = '_'
		}
	}
	return string(name)
}

// EnvFromOS reads the Env from this process's environment variables. Log writes text lines without time to standard
// output. Topics has the upper-case names of the variables, which Topic finds by the logical name.
func EnvFromOS() (Env, error) { return envFrom(os.Environ(), os.Stdout) }

func envFrom(environ []string, log io.Writer) (Env, error) {
	values := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			values[name] = value
		}
	}
	login, err := access.FromEnviron(func(name string) (string, bool) { v, ok := values[name]; return v, ok })
	if err != nil {
		return Env{}, err
	}
	env := Env{
		Name:         values[envClientID],
		Bootstrap:    list(values[envBootstrap]),
		Access:       login,
		Group:        values[envGroup],
		WatchedGroup: values[envWatched],
		Inputs:       list(values[envInputs]),
		Outputs:      list(values[envOutputs]),
		Registry:     values[envRegistry],
		Database:     values[envDatabase],
		Log:          slog.New(NewLogHandler(log)),
	}
	if len(env.Bootstrap) == 0 {
		return Env{}, fmt.Errorf("got no %s in the environment, want host:port, several separated by commas; set it",
			envBootstrap)
	}
	for name, value := range values {
		for prefix, into := range map[string]*map[string]string{envTopicPrefix: &env.Topics, envService: &env.Services} {
			if rest, ok := strings.CutPrefix(name, prefix); ok && value != "" {
				if *into == nil {
					*into = map[string]string{}
				}
				(*into)[rest] = value
			}
		}
	}
	if file := values[envSettings]; file != "" {
		text, err := source.ReadFile(file)
		if err != nil {
			return Env{}, fmt.Errorf("%s: %w; name a readable YAML file", envSettings, err)
		}
		if env.Settings, err = parsePlaced(text, file, values[envSettingsPlaces]); err != nil {
			return Env{}, err
		}
	}
	return env, nil
}

// list splits at commas and drops what is empty.
func list(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// NewLogHandler writes slog text lines without time, the form DefaultPatterns read.
func NewLogHandler(w io.Writer) slog.Handler {
	return slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime {
			return slog.Attr{}
		}
		return a
	}})
}

// InContract tells whether an environment variable of this name is kafkaspec's to set: with another value the
// application would go past the cluster, group or topics of its scenario.
func InContract(name string) bool {
	name = strings.ToUpper(name)
	exact := []string{envClientID, envGroup, envWatched, envInputs, envOutputs, envRegistry, envDatabase, envSettings,
		envSettingsPlaces, appVariable}
	prefixes := []string{"KAFKA_BOOTSTRAP", "KAFKA_SASL_", "KAFKA_SECURITY_", "KAFKA_SSL_", envTopicPrefix,
		envService}
	return slices.Contains(exact, name) ||
		slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// inherited keeps of an environment what concerns the machine (PATH, HOME, TMPDIR, LANG, …) and drops what would tell
// an application of another cluster than the one it is given.
func inherited(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "KAFKA_") || strings.HasPrefix(name, envService) ||
			slices.Contains([]string{envRegistry, envDatabase, envSettings, envSettingsPlaces, appVariable}, name)
	})
}
