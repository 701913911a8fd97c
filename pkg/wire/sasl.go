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

// asker asks a broker one question after another.
type asker interface {
	ask(request kmsg.Request, response kmsg.Response) error
}

// authenticate goes through SaslHandshake and SaslAuthenticate (KIP-43, KIP-152) as a client. The versions are ones
// every broker since 2.2 speaks, so it need not ask. It returns how long that holds, 0 for as long as the connection
// does (KIP-368).
func authenticate(ctx context.Context, conversation asker, address string,
	mechanism sasl.Mechanism) (lifetime time.Duration, err error) {
	handshake := kmsg.NewPtrSASLHandshakeRequest()
	handshake.Version, handshake.Mechanism = 1, mechanism.Name()
	welcome := kmsg.NewPtrSASLHandshakeResponse()
	if err := conversation.ask(handshake, welcome); err != nil {
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
		step, answer := kmsg.NewPtrSASLAuthenticateRequest(), kmsg.NewPtrSASLAuthenticateResponse()
		step.Version, step.SASLAuthBytes = 1, next
		if err := conversation.ask(step, answer); err != nil {
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

// dialogue is one request at a time on a fresh connection.
type dialogue struct {
	broker      net.Conn
	reader      *bufio.Reader
	correlation int32
}

func (d *dialogue) ask(request kmsg.Request, response kmsg.Response) error {
	d.correlation++
	formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID("kafkaspec"))
	if _, err := d.broker.Write(formatter.AppendRequest(nil, request, d.correlation)); err != nil {
		return err
	}
	size, correlation, err := peekAnswer(d.reader)
	switch {
	case err != nil:
		return noFrameEnd(err)
	case size > readSize || correlation != d.correlation:
		return errors.New("got no answer to the question asked, want a Kafka broker; check the address")
	}
	frame, err := readFrame(d.reader, size, nil)
	if err != nil {
		return noFrameEnd(err)
	}
	at, err := answerBody(request.Key(), request.GetVersion(), frame)
	if err != nil {
		return err
	}
	response.SetVersion(request.GetVersion())
	return response.ReadFrom(frame[at:])
}

func newDialogue(broker net.Conn) *dialogue {
	return &dialogue{broker: broker, reader: bufio.NewReader(broker)}
}
