package phrase

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// Param is a parameter type: what may stand for {name} in a step, and the Go value it becomes.
//
// The patterns are wider than the values they accept ("5x" looks like a duration), so that a slip is reported as a bad
// value with the place and the accepted forms, and not as an unknown step.
type Param struct {
	Name    string
	Doc     string // accepted forms, for the catalogue
	Type    reflect.Type
	pattern string // without capturing groups
	parse   func(text string) (any, error)
}

// Pattern is the regular expression a value is recognised by; editors are given it.
func (p Param) Pattern() string { return p.pattern }

const (
	quoted = `"(?:[^"\\]|\\.)*"`
	number = `-?\d[\w.]*`
)

// params is the fixed table of parameter types. Roles such as {topic} are quoted names; what they mean is checked when
// a scenario is planned.
var params = map[string]Param{
	"string": {Doc: `text in double quotes: "not json"; \" for a quote`, Type: reflect.TypeFor[string](),
		pattern: quoted, parse: parseString},
	"api": {Doc: "a request of the Kafka protocol: Produce, Fetch, OffsetCommit, JoinGroup",
		Type: reflect.TypeFor[string](), pattern: `[A-Za-z]\w*`, parse: parsed(parseAPI)},
	"change": {Doc: "what is done to a broker: stopped, started, killed, paused, resumed, restarted",
		Type: reflect.TypeFor[cluster.BrokerChange](), pattern: `[a-z]+`, parse: parsed(cluster.ParseBrokerChange)},
	"error": {Doc: "a Kafka error by its name: NOT_LEADER_OR_FOLLOWER", Type: reflect.TypeFor[*kerr.Error](),
		pattern: `[A-Za-z]\w*`, parse: parsed(wire.ErrorNamed)},
	"requests": {Doc: requestsDoc, Type: reflect.TypeFor[wire.Selection](), pattern: requestsPattern,
		parse: parsed(ParseRequests)},
	"topic": topicName(),
	"app":   name("application"),
	"group": name("group"),
	"level": {Doc: "a level of compatibility: BACKWARD, FORWARD, FULL, each also with _TRANSITIVE, or NONE",
		Type: reflect.TypeFor[sr.CompatibilityLevel](), pattern: `[A-Za-z]\w*`, parse: parsed(parseLevel)},
	"int": {Doc: "a whole number: 3, 1_000_000", Type: reflect.TypeFor[int64](), pattern: number,
		parse: parsed(units.Int.Parse)},
	"count": {Doc: "a number of things: 500, 1_000_000, 10k, 1M", Type: reflect.TypeFor[int64](), pattern: number,
		parse: parsed(units.Count.Parse)},
	"quantile": {Doc: "a percentile of latencies, or the highest: p50, p90, p99, p99.9, max",
		Type: reflect.TypeFor[string](), pattern: `p\d[\d.]*|max`, parse: parsed(ParseQuantile)},
	"float": {Doc: "a number: 0.05, 12", Type: reflect.TypeFor[float64](), pattern: number, parse: parsed(units.Float.Parse)},
	"duration": {Doc: "a time span: 250ms, 5s, 1m30s, 2h", Type: reflect.TypeFor[time.Duration](), pattern: `-?\d\S*`,
		parse: parsed(units.Period.Parse)},
	"day": {Doc: "a calendar day: 2026-01-05", Type: reflect.TypeFor[string](), pattern: `-?\d\S*`,
		parse: parsed(ParseDay)},
	"rate": {Doc: "records in a second: 200k records/s", Type: reflect.TypeFor[float64](),
		pattern: `-?\d\S*(?: [^\s/]+/\S+)?`, parse: parsed(units.Rate.Parse)},
	"size": {Doc: "bytes: 100B, 64KiB, 1MiB, 10MB", Type: reflect.TypeFor[int64](), pattern: number,
		parse: parsed(units.Size.Parse)},
	"percent": {Doc: "a share: 2%, 0.5%", Type: reflect.TypeFor[float64](), pattern: `-?\d[\w.]*%?`,
		parse: parsed(units.Percent.Parse)},
}

// legalTopic is what Kafka's brokers take for a topic's name. The embedded broker takes any.
var legalTopic = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,230}$`)

func topicName() Param {
	p := name("topic")
	p.parse = func(text string) (any, error) {
		value := unquote(text)
		switch {
		case strings.TrimSpace(value) == "":
			return nil, errors.New(`got an empty topic name, want one such as "orders"`)
		case !legalTopic.MatchString(value) || value == "." || value == "..":
			return nil, fmt.Errorf("got topic name %q, want letters a to z, digits, dots, _ and -, at most 230", value)
		}
		return value, nil
	}
	return p
}

func name(role string) Param {
	return Param{Doc: "the name of the " + role + ` in double quotes: "orders"`, Type: reflect.TypeFor[string](),
		pattern: quoted, parse: func(text string) (any, error) {
			value := unquote(text)
			if strings.TrimSpace(value) == "" {
				return nil, fmt.Errorf(`got an empty %s name, want one such as "shipping"`, role)
			}
			return value, nil
		}}
}

// Lookup finds a parameter type by its name, without braces.
func Lookup(name string) (Param, bool) {
	p, ok := params[name]
	p.Name = name
	return p, ok
}

// Names lists the parameter types in braces, sorted.
func Names() []string {
	var names []string
	for n := range params {
		names = append(names, "{"+n+"}")
	}
	sort.Strings(names)
	return names
}

func parsed[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(text string) (any, error) { return parse(text) }
}

// parseAPI returns the API's name as the protocol writes it.
func parseAPI(text string) (string, error) {
	key, err := wire.APINamed(text)
	return wire.APIName(key), err
}

func parseLevel(text string) (sr.CompatibilityLevel, error) {
	var level sr.CompatibilityLevel
	if err := level.UnmarshalText([]byte(text)); err != nil || text != level.String() {
		return 0, fmt.Errorf("got the compatibility %q, want BACKWARD, FORWARD, FULL, one of these with _TRANSITIVE, or NONE",
			text)
	}
	return level, nil
}

func parseString(text string) (any, error) { return unquote(text), nil }

// unquote takes the quotes off; \" and \\ stand for themselves, \n and \t for a line break and a tab.
func unquote(text string) string {
	if len(text) < 2 || text[0] != '"' {
		return text
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(text[1 : len(text)-1])
}
