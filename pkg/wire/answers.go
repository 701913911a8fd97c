package wire

import (
	"errors"
	"fmt"
	"io"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// passAnswers carries answers back until the broker closes.
func (c *connection) passAnswers() error {
	for {
		size, correlation, err := peekAnswer(c.fromBroker)
		if err != nil && !errors.Is(err, errNotKafka) {
			return err
		}
		x := c.awaited()
		if err != nil || x == nil || x.correlation != correlation {
			// The request goroutine has met something it could not read, or the broker answers what nobody asked.
			_, err := io.Copy(c.client, c.fromBroker)
			return err
		}
		if err := c.passAnswer(x, size); err != nil {
			return err
		}
		if err := c.answered(); err != nil {
			return err
		}
	}
}

func (c *connection) passAnswer(x *exchange, size int) error {
	if x.inner != nil {
		frame, err := readFrame(c.fromBroker, size, nil)
		x.inner <- frame
		return noFrameEnd(err)
	}
	if !x.read || size > decodeSize {
		c.tell(x, journal.Unreadable, nil)
		return copyFrame(c.client, c.fromBroker, size)
	}
	frame, err := readFrame(c.fromBroker, size, c.answers)
	if err != nil {
		return noFrameEnd(err)
	}
	c.answers = frame
	seen := c.seenByApplication(x, frame)
	if x.cut != nil {
		return errCut
	}
	return c.writePaced(c.client, seen, x.paces)
}

// seenByApplication is the answer as the application gets it: with its own addresses, and with errors that rules put
// in. It is frame itself when nothing changes, or when it cannot be read.
func (c *connection) seenByApplication(x *exchange, frame []byte) []byte {
	at, err := answerBody(x.key, x.version, frame)
	if err != nil {
		c.note(x.requestHead, fmt.Sprintf("answer to %s version %d: %v", APIName(x.key), x.version, err))
		return frame
	}
	body := frame[at:]
	if x.key == kmsg.SASLHandshake && len(body) > 1 && (body[0] != 0 || body[1] != 0) { // refused
		c.noteOnce(&c.listener.link.spokeSASL, journal.SpokeSASL)
	}
	if len(x.ids) > 0 {
		body = withIDsAsSent(x, body)
		frame = sized(append(frame[:at:at], body...))
	}
	if f, ok := x.watch.(*fetched); ok {
		c.order.Lock()
		c.session.answered(f, body)
		c.order.Unlock()
	}
	if len(x.refusals) > 0 {
		body = c.withRefusals(x, body)
		frame = sized(append(frame[:at:at], body...))
	}
	if rewrites(x.key, x.version) {
		rewritten, differs, err := rewriteBody(x.key, x.version, body, c.listener.link)
		if err != nil {
			c.note(x.requestHead, fmt.Sprintf("answer to %s version %d: %v", APIName(x.key), x.version, err))
		}
		if differs {
			frame = sized(append(frame[:at:at], rewritten...))
		}
	}
	outcome := journal.Answered
	if x.cut != nil {
		outcome = journal.Cut
		c.fired(x, x.cut)
	}
	c.tell(x, outcome, frame[at:])
	x.watch = nil // told: the connection may end before the answer is written
	return frame
}

// expect queues a request about to be passed on.
func (c *connection) expect(x *exchange) {
	c.order.Lock()
	defer c.order.Unlock()
	c.waiting = append(c.waiting, x)
}

// awaited is the request the next answer belongs to. It stays in the queue until its answer is written.
func (c *connection) awaited() *exchange {
	c.order.Lock()
	defer c.order.Unlock()
	if len(c.waiting) == 0 {
		return nil
	}
	return c.waiting[0]
}

// answered takes the first request off the queue, and writes the answers the wire has made itself for those behind it.
func (c *connection) answered() error {
	c.order.Lock()
	defer c.order.Unlock()
	for c.waiting = c.waiting[1:]; len(c.waiting) > 0 && c.waiting[0].own != nil; c.waiting = c.waiting[1:] {
		if _, err := c.client.Write(c.waiting[0].own); err != nil {
			return err
		}
	}
	return nil
}

// answer gives the application an answer the broker had no part in, once all requests before it are answered.
func (c *connection) answer(x *exchange, own []byte) error {
	c.order.Lock()
	defer c.order.Unlock()
	if len(c.waiting) == 0 {
		_, err := c.client.Write(own)
		return err
	}
	x.own = own
	c.waiting = append(c.waiting, x)
	return nil
}
