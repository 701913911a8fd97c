package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// connectWithin is the default of ExternalOptions.Within.
const connectWithin = 10 * time.Second

// ExternalOptions say where a cluster is and how to get in.
type ExternalOptions struct {
	Name      string        // in the profile; shown to people
	Bootstrap []string      // host:port of at least one broker
	Access    access.Access // zero: plaintext
	Within    time.Duration // bounds the connection check; 0 is 10 s
}

// ConnectExternal checks that the cluster and all its brokers can be reached. When they can not, the error is
// *outcome.Environment and says what each address answered and what is likely wrong; settings that cannot work,
// whatever the cluster does, such as a missing port or an unknown mechanism, are other errors. No error shows a secret.
func ConnectExternal(ctx context.Context, o ExternalOptions) (Backend, error) {
	if err := checkAddresses(o.Bootstrap); err != nil {
		return nil, err
	}
	if o.Within <= 0 {
		o.Within = connectWithin
	}
	description := Description{Kind: KindExternal, Name: o.Name}
	cluster, err := newShared(o.Bootstrap, o.Access, description)
	if err != nil {
		return nil, err
	}
	if err := cluster.connect(ctx, o.Within); err != nil {
		cluster.shut()
		return nil, err
	}
	return external{cluster}, nil
}

func checkAddresses(addresses []string) error {
	if len(addresses) == 0 {
		return errors.New("got no bootstrap address, want at least one host:port; add it to the cluster in the profile")
	}
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil || host == "" {
			return fmt.Errorf("got bootstrap address %q, want host:port, for example localhost:9092; correct it in the profile",
				address)
		}
	}
	return nil
}

type external struct{ *shared }

func (e external) Open(ctx context.Context, needs Needs) (Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opened, err := e.openFor(ctx, needs)
	if err != nil {
		return nil, err
	}
	return opened, nil
}

func (e external) Close(ctx context.Context) error { return e.close(ctx) }

// connect asks every bootstrap address by itself, then every broker the cluster names.
func (s *shared) connect(ctx context.Context, within time.Duration) error {
	answers := s.probeAll(ctx, within, s.bootstrap)
	if err := ctx.Err(); err != nil {
		return err
	}
	reached := false
	for _, answer := range answers {
		reached = reached || answer.err == nil
	}
	if !reached {
		return s.explain(answers)
	}

	var advertised []string
	for _, answer := range answers {
		if answer.err == nil {
			s.description.Brokers = len(answer.brokers)
			s.description.Version = versionName(answer.versions)
			advertised = without(answer.brokers, s.bootstrap)
			break
		}
	}
	for _, answer := range s.probeAll(ctx, within, advertised) {
		if answer.err != nil {
			return outcome.Environmentf(answer.err, "cannot use the cluster %s (%s): it names its brokers %s, but %s: %s; the "+
				"addresses the brokers advertise (advertised.listeners) must be reachable from here",
				s.description.Name, s.access, strings.Join(advertised, ", "), answer.address, s.redact(answer.said(s.access)))
		}
	}
	return nil
}

// versionName is what the known APIs of a broker look like, "4.1" for example.
func versionName(versions *kversion.Versions) string {
	if versions == nil {
		return ""
	}
	guess := versions.VersionGuess()
	if at, isRange := strings.CutPrefix(guess, "at least "); isRange {
		return strings.TrimPrefix(at, "v") + " or later"
	}
	if strings.HasPrefix(guess, "v") && !strings.Contains(guess, " ") {
		return strings.TrimPrefix(guess, "v")
	}
	return ""
}
