package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
)

// asker asks a broker one question after another. exchange passes a question on and returns the frame of its answer.
type asker struct {
	exchange    func(head requestHead, frame []byte) ([]byte, error)
	correlation int32
}

// Request implements kmsg.Requestor. Its time is that of the exchange.
func (a *asker) Request(_ context.Context, request kmsg.Request) (kmsg.Response, error) {
	a.correlation++
	head := requestHead{key: kmsg.Key(request.Key()), version: request.GetVersion(), correlation: a.correlation}
	formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID("kafkaspec"))
	frame, err := a.exchange(head, formatter.AppendRequest(nil, request, a.correlation))
	if err != nil {
		return nil, err
	}
	at, err := answerBody(head.key, head.version, frame)
	if err != nil {
		return nil, err
	}
	response := request.ResponseKind()
	return response, response.ReadFrom(frame[at:])
}

// authenticate goes through SaslHandshake and SaslAuthenticate (KIP-43, KIP-152) as a client. The versions are ones
// every broker since 2.2 speaks, so it need not ask. It returns how long that holds, 0 for as long as the connection
// does (KIP-368).
func (a *asker) authenticate(ctx context.Context, address string, mechanism sasl.Mechanism) (lifetime time.Duration,
	err error) {
	handshake := kmsg.NewPtrSASLHandshakeRequest()
	handshake.Version, handshake.Mechanism = 1, mechanism.Name()
	welcome, err := handshake.RequestWith(ctx, a)
	if err != nil {
		return 0, err
	}
	if err := kerr.ErrorForCode(welcome.ErrorCode); err != nil {
		return 0, fmt.Errorf("got %w for mechanism %s, want one of %v", err, mechanism.Name(), welcome.SupportedMechanisms)
	}
	session, next, err := mechanism.Authenticate(ctx, address)
	if err != nil {
		return 0, err
	}
	for done := false; !done; {
		step := kmsg.NewPtrSASLAuthenticateRequest()
		step.Version, step.SASLAuthBytes = 1, next
		answer, err := step.RequestWith(ctx, a)
		if err != nil {
			return 0, err
		}
		if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
			if answer.ErrorMessage != nil {
				return 0, fmt.Errorf("%w: %s", err, *answer.ErrorMessage)
			}
			return 0, err
		}
		lifetime = time.Duration(answer.SessionLifetimeMillis) * time.Millisecond
		if done, next, err = session.Challenge(answer.SASLAuthBytes); err != nil {
			return 0, err
		}
	}
	return lifetime, nil
}

// newDialogue asks on a fresh connection.
func newDialogue(broker net.Conn) *asker {
	reader := bufio.NewReader(broker)
	return &asker{exchange: func(head requestHead, frame []byte) ([]byte, error) {
		if _, err := broker.Write(frame); err != nil {
			return nil, err
		}
		size, correlation, err := peekAnswer(reader)
		switch {
		case err != nil:
			return nil, noFrameEnd(err)
		case size > readSize || correlation != head.correlation:
			return nil, errors.New("got no answer to the question asked, want a Kafka broker; check the address")
		}
		answer, err := readFrame(reader, size, nil)
		return answer, noFrameEnd(err)
	}}
}
