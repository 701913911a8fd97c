package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// protocolWithin is the time to find out which protocol an address speaks, after the connection check failed.
const protocolWithin = 500 * time.Millisecond

// answer is what one address said.
type answer struct {
	address  string
	within   time.Duration
	err      error
	listener string // what the address turned out to speak instead: "", "TLS" or "plaintext"
	brokers  []string
	versions *kversion.Versions
}

func (s *shared) probeAll(ctx context.Context, within time.Duration, addresses []string) []answer {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answers := make([]answer, len(addresses))
	var asking sync.WaitGroup
	for i, address := range addresses {
		asking.Go(func() {
			answers[i] = s.probe(ctx, address)
			answers[i].within = within
		})
	}
	asking.Wait()
	return answers
}

// probe asks one address once, with a client of its own: the errors of a common client name no address.
func (s *shared) probe(ctx context.Context, address string) answer {
	a := answer{address: address}
	options, err := s.access.Options()
	if err != nil {
		a.err = err
		return a
	}
	client, err := probing(ctx, address, options...)
	if err != nil {
		a.err = err
		return a
	}
	defer client.Close()
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = []kmsg.MetadataRequestTopic{} // none: brokers only
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		a.err = err
		a.listener = s.otherProtocol(ctx, address, err)
		return a
	}
	for _, broker := range response.Brokers {
		a.brokers = append(a.brokers, net.JoinHostPort(broker.Host, strconv.Itoa(int(broker.Port))))
	}
	slices.Sort(a.brokers)
	if versions, err := kmsg.NewPtrApiVersionsRequest().RequestWith(ctx, client); err == nil {
		a.versions = kversion.FromApiVersionsResponse(versions)
	}
	return a
}

// probing makes a client that gives up when ctx does, also while it greets a broker that does not answer. Without its
// own limits it would go on reading for 10 s.
func probing(ctx context.Context, address string, options ...kgo.Opt) (*kgo.Client, error) {
	remaining := connectWithin
	if deadline, ok := ctx.Deadline(); ok {
		remaining = max(time.Until(deadline), 100*time.Millisecond) // the least that kgo accepts
	}
	return kgo.NewClient(append(options, kgo.SeedBrokers(address), kgo.RequestRetries(0), kgo.DisableClientMetrics(),
		kgo.ClientID("kafkaspec"), kgo.WithContext(ctx),
		kgo.DialTimeout(remaining), kgo.RequestTimeoutOverhead(remaining))...)
}

// otherProtocol finds out, after a failure that leaves it open, whether the address speaks TLS to a plaintext client or
// the other way round.
func (s *shared) otherProtocol(ctx context.Context, address string, failure error) string {
	var spoken *kerr.Error
	if errors.As(failure, &spoken) || errors.Is(failure, syscall.ECONNREFUSED) || errors.Is(ctx.Err(), context.Canceled) {
		return ""
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), protocolWithin)
	defer cancel()
	switch {
	case s.access.TLS == nil && speaksTLS(limited, address):
		return "TLS"
	case s.access.TLS != nil && speaksPlaintext(limited, address):
		return "plaintext"
	}
	return ""
}

// speaksTLS tries a handshake, and is content with any certificate: it only wants to know the protocol.
func speaksTLS(ctx context.Context, address string) bool {
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // nothing is sent
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err == nil {
		_ = connection.Close()
	}
	return err == nil || refusedByTLS(err)
}

// speaksPlaintext asks for the API versions, which a broker tells before any login.
func speaksPlaintext(ctx context.Context, address string) bool {
	client, err := probing(ctx, address)
	if err != nil {
		return false
	}
	defer client.Close()
	_, err = kmsg.NewPtrApiVersionsRequest().RequestWith(ctx, client)
	return err == nil
}

// refusedByTLS tells a TLS alert from the other side. Its type is not exported by crypto/tls, only its place.
func refusedByTLS(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "remote error"
}

// said is the answer in a few words, with what is probably wrong.
func (a answer) said(used access.Access) string {
	text := a.err.Error()
	var unknownAuthority x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var notTLS tls.RecordHeaderError
	var lookup *net.DNSError
	switch {
	case a.listener == "TLS":
		return "the broker speaks TLS, this client does not; add tls: to the cluster in the profile"
	case a.listener == "plaintext", errors.As(a.err, &notTLS):
		return "the broker does not speak TLS at this address; remove tls: from the cluster in the profile, or use the " +
			"port of its TLS listener"
	case errors.As(a.err, &unknownAuthority):
		return text + "; name the CA file of the brokers under tls:"
	case errors.As(a.err, &wrongName):
		return text + "; use an address the certificate is for, or name the server under tls:"
	case strings.Contains(text, "protocol version"):
		return text + "; this client speaks TLS 1.2 and 1.3"
	case strings.Contains(text, " response size ") || strings.Contains(text, "enough data to be valid"):
		return text + "; what listens there does not speak as Kafka does: check host and port"
	case refusedByTLS(a.err):
		return text + "; the broker refused the TLS handshake: it probably wants a client certificate it trusts"
	case errors.As(a.err, &lookup):
		return text + "; check the host name"
	case errors.Is(a.err, syscall.ECONNREFUSED):
		return "connection refused; nothing listens there: check host and port, and that the broker runs"
	case errors.Is(a.err, context.DeadlineExceeded), errors.Is(a.err, context.Canceled), // as it dialled
		errors.Is(a.err, kgo.ErrClientClosed), isTimeout(a.err):
		return fmt.Sprintf("no answer within %v; check that the address can be reached from here and that the broker is "+
			"not stuck", a.within)
	case errors.Is(a.err, kerr.SaslAuthenticationFailed):
		return text + "; check user, password or token under sasl:"
	case errors.Is(a.err, kerr.UnsupportedSaslMechanism):
		return text + "; use a mechanism the broker offers"
	case errors.Is(a.err, io.EOF), errors.Is(a.err, syscall.ECONNRESET):
		return closedText(used)
	case used.SASL != nil:
		return text + "; check mechanism, user, password or token under sasl:"
	}
	return text
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// closedText is about a broker that hung up without an answer, which is how brokers refuse what they do not expect.
func closedText(used access.Access) string {
	switch {
	case used.SASL != nil:
		return "the broker closed the connection during the login; check mechanism, user, password or token under sasl:, " +
			"and that this listener wants a login"
	case used.TLS != nil:
		return "the broker closed the connection; if it wants a login, add sasl: to the cluster in the profile, or a " +
			"client certificate under tls:"
	default:
		return "the broker closed the connection; if it wants a login, add sasl: to the cluster in the profile"
	}
}

// explain is the error of a cluster none of whose addresses works.
func (s *shared) explain(answers []answer) error {
	var causes []error
	text := fmt.Sprintf("cannot reach the cluster %s (%s):", s.description.Name, s.access)
	for _, answer := range answers {
		text += fmt.Sprintf("\n  %s: %s", answer.address, answer.said(s.access))
		causes = append(causes, answer.err)
	}
	return outcome.Environmentf(errors.Join(causes...), "%s", s.redact(text))
}

func (s *shared) redact(text string) string {
	for _, secret := range s.access.Secrets() {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(some, one) })
}
