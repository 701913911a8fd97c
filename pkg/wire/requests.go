package wire

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// errSpliced: from here on the request goroutine passes bytes on without looking.
var errSpliced = errors.New("the connection is passed on unread")

// passRequests carries requests to the broker until the application closes. io.EOF is a close between two requests.
func (c *connection) passRequests() error {
	for {
		head, err := peekRequest(c.fromClient)
		if err == nil {
			err = c.stayAuthenticated()
		}
		if err == nil {
			err = c.passRequest(head)
		}
		switch {
		// of a last frame a part may be there
		case errors.Is(err, errNotKafka), errors.Is(err, errSpliced), errors.Is(err, io.EOF):
			if errors.Is(err, errNotKafka) {
				c.note(requestHead{}, err.Error())
			}
			if _, err := io.Copy(c.upstream, c.fromClient); err != nil {
				return err
			}
			return io.EOF
		case errors.Is(err, errTLS):
			c.noteOnce(&c.listener.link.spokeTLS, journal.SpokeTLS)
			return err
		case err != nil:
			return err
		}
	}
}

func (c *connection) passRequest(head requestHead) error {
	link, now := c.listener.link, time.Now().UnixNano()
	link.lastKey.Store(int32(head.key))
	switch head.key {
	case kmsg.Fetch, kmsg.ShareFetch, kmsg.Heartbeat, kmsg.ConsumerGroupHeartbeat, kmsg.ShareGroupHeartbeat,
		kmsg.StreamsGroupHeartbeat:
		link.polls.Add(1)
	default:
		link.others.Add(1)
	}
	link.lastAt.Store(now)
	switch head.key {
	case kmsg.LeaveGroup:
		link.leftAt.Store(now)
	case kmsg.JoinGroup:
		link.leftAt.Store(0)
	}
	if head.key == kmsg.SASLHandshake || head.key == kmsg.SASLAuthenticate {
		return c.passSASL(head)
	}
	candidates := c.listener.link.proxy.rules.candidates(c, head.key)
	if c.interesting(head, len(candidates) > 0) {
		return c.passRead(head, candidates)
	}
	silent, err := false, error(nil)
	if head.key == kmsg.Produce {
		if silent, err = c.unanswered(head); err != nil {
			return err
		}
	}
	if !silent {
		c.expect(&exchange{requestHead: head, read: rewrites(head.key, head.version)})
	}
	return copyFrame(c.upstream, c.fromClient, head.size)
}

// interesting tells whether the request has to be read whole.
func (c *connection) interesting(head requestHead, ruled bool) bool {
	if !ruled && (!c.observing() || !observed(head.key)) && !c.renames(head) {
		return false
	}
	if head.size > decodeSize || !ruled && !knows(head.key, head.version) {
		c.note(head, fmt.Sprintf("%s version %d of %d bytes is passed on unread", APIName(head.key), head.version, head.size))
		return false
	}
	return true
}

// passRead reads a request whole, and passes it on as the rules want it.
func (c *connection) passRead(head requestHead, candidates []*Handle) error {
	frame, err := readFrame(c.fromClient, head.size, c.questions)
	if err != nil {
		return noFrameEnd(err)
	}
	c.questions = frame
	if call := c.listener.link.proxy.options.Committing; call != nil && commits(head.key) {
		call(c.listener.link.name)
	}
	x := &exchange{requestHead: head, read: true, sent: time.Now()}
	frame = c.withOwnIDs(x, frame)
	r, about, err := c.readRequest(x, frame, len(candidates) > 0)
	if err != nil {
		x.watch = nil
		c.note(head, fmt.Sprintf("%s version %d: %v", APIName(head.key), head.version, err))
	}
	x.about = about
	return c.disturb(x, &r, c.plan(candidates, head.key, about))
}

// commits tells whether a request commits offsets, ends a transaction that may, or may acknowledge records.
func commits(key kmsg.Key) bool {
	switch key {
	case kmsg.OffsetCommit, kmsg.TxnOffsetCommit, kmsg.EndTxn, kmsg.ShareFetch, kmsg.ShareAcknowledge:
		return true
	}
	return false
}

// readRequest decodes as much as is needed: what events tell, and, for rules, what the request is about.
func (c *connection) readRequest(x *exchange, frame []byte, ruled bool) (r request, about scope, err error) {
	if r, err = parseRequest(x.requestHead, frame); err != nil {
		return r, about, err
	}
	x.clientID = r.clientID
	if observed(x.key) {
		if x.watch, err = observe(&r, c.listener.link.proxy.wanted()); err != nil {
			return r, about, err
		}
	}
	directory := c.listener.link.proxy.directory
	switch watch := x.watch.(type) {
	case *produced:
		if ruled {
			about = directory.named(watch.scope())
		}
	case *fetched:
		c.order.Lock()
		c.session.askAfter(c.listener.link.assignments.Load(), watch)
		c.order.Unlock()
		if ruled {
			about = directory.named(scope{partitions: watch.asked()})
		}
	case *control:
		if ruled {
			about = directory.scopeOf(watch.request)
		}
	default:
		if ruled && knows(x.key, x.version) {
			var decoded kmsg.Request
			if decoded, err = decodeRequest(x.key, x.version, r.frame[r.body:]); err == nil {
				about = directory.scopeOf(decoded)
			}
		}
	}
	return r, about, err
}

// unanswered tells whether a Produce request wants no acknowledgement: then no answer ever comes.
func (c *connection) unanswered(head requestHead) (bool, error) {
	b, err := c.fromClient.Peek(min(head.size, readSize))
	if err != nil {
		return false, noFrameEnd(err)
	}
	r, err := parseRequest(head, b)
	if err != nil || !knows(head.key, head.version) {
		return false, nil // the names in it fill the buffer, or nobody knows how to read it: an answer is the rule
	}
	body := newCursor(b[r.body:])
	if head.version >= 3 {
		body.text(flexible(head.key, head.version)) // transactional id
	}
	return body.Int16() == 0 && body.Ok(), nil
}

// passSASL passes an application's own authentication on, unless the wire has already authenticated the connection.
func (c *connection) passSASL(head requestHead) error {
	x := &exchange{requestHead: head, read: head.key == kmsg.SASLHandshake}
	if c.listener.link.proxy.upstream.sasl == nil {
		c.expect(x)
		if err := copyFrame(c.upstream, c.fromClient, head.size); err != nil {
			return err
		}
		if head.key == kmsg.SASLHandshake && head.version == 0 {
			c.note(head, "SaslHandshake version 0: the connection is passed on unread")
			return errSpliced // what follows are tokens of the mechanism without a header
		}
		return nil
	}
	if _, err := c.fromClient.Discard(head.size); err != nil {
		return noFrameEnd(err)
	}
	c.noteOnce(&c.listener.link.spokeSASL, journal.SpokeSASL)
	authenticated := refuse(requestOf(head.key, head.version), kerr.IllegalSaslState.Code) // already
	return c.answer(x, answerFrame(head.key, head.version, head.correlation, authenticated.AppendTo(nil)))
}
