package builtin

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// registerParams adds the parameter types of Kafka. Roles such as {topic} are quoted names; that they are known is
// checked when a scenario is planned, and handlers are given what they name.
func registerParams(s *steps.Registry) {
	s.Param(phrase.Finding(topicName(), func(ctx context.Context, name string) (*world.Topic, error) {
		return world.FromContext(ctx).Present(ctx, name)
	}))
	s.Param(phrase.Finding(phrase.Named("app", "application"), func(ctx context.Context,
		name string) (*world.Application, error) {
		return world.FromContext(ctx).Application(name)
	}))
	s.Param(phrase.Finding(phrase.Named("group", "group"), func(ctx context.Context, name string) (*world.Group, error) {
		return world.FromContext(ctx).Group(name), nil
	}))
	s.Param(phrase.Of("api", "a request of the Kafka protocol: Produce, Fetch, OffsetCommit, JoinGroup", `[A-Za-z]\w*`,
		parseAPI))
	s.Param(phrase.Of("change", "what is done to a broker: stopped, started, killed, paused, resumed, restarted",
		`[a-z]+`, cluster.ParseBrokerChange))
	s.Param(phrase.Of("error", "a Kafka error by its name: NOT_LEADER_OR_FOLLOWER", `[A-Za-z]\w*`, wire.ErrorNamed))
	s.Param(phrase.Of("level", "a level of compatibility: BACKWARD, FORWARD, FULL, each also with _TRANSITIVE, or NONE",
		`[A-Za-z]\w*`, parseLevel))
	s.Param(phrase.Of("quantile", "a percentile of latencies, or the highest: p50, p90, p99, p99.9, max", `p\d[\d.]*|max`,
		parseQuantile))
	roles := phrase.Of("role", roleDoc, rolePattern, parseRole)
	roles.Inner = func(value any) []phrase.Value { return value.(role).names() }
	s.Param(roles)
	requests := phrase.Of("requests", requestsDoc, requestsPattern, parseRequests)
	requests.Inner = func(value any) []phrase.Value { return namesIn(value.(wire.Selection)) }
	s.Param(requests)
	httpParams(s)
	applicationParts(s)
	askParts(s)
	benchmarkParts(s)
	brokerParts(s)
	databaseParts(s)
	eventParts(s)
	cloudEventParts(s)
	expectationParts(s)
	faultParts(s)
	groupParts(s)
	lifecycleParts(s)
	offsetParts(s)
	recordParts(s)
	serviceParts(s)
	subjectParts(s)
	topicParts(s)
	makerParts(s)
}

// legalTopic is what Kafka's brokers take for a topic's name, with room for a prefix on shared clusters.
var legalTopic = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,230}$`)

func isLegalTopic(name string) bool {
	return legalTopic.MatchString(name) && name != "." && name != ".."
}

func topicName() phrase.Param {
	return phrase.Of("topic", `the name of the topic in double quotes: "orders"`, phrase.Quoted,
		func(text string) (string, error) {
			value := phrase.Unquote(text)
			switch {
			case strings.TrimSpace(value) == "":
				return "", errors.New(`got an empty topic name, want one such as "orders"`)
			case !isLegalTopic(value):
				return "", fmt.Errorf("got topic name %q, want letters a to z, digits, dots, _ and -, at most 230", value)
			}
			return value, nil
		})
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

// quantiles are those that benchmarks report.
var quantiles = []string{"p50", "p90", "p99", "p99.9", "max"}

func parseQuantile(text string) (string, error) {
	if !slices.Contains(quantiles, text) {
		return "", fmt.Errorf("got percentile %q, want one of %s", text, strings.Join(quantiles, ", "))
	}
	return text, nil
}
