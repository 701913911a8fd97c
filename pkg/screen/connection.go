package screen

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	sizeBytes = 4
	headBytes = 8        // API key, version and correlation id
	firstRead = 4 << 10  // bytes; more is made room for as it comes, not as it is claimed
	keptRoom  = 1 << 20  // bytes; a larger frame's room is not kept for the next
	leastBulk = 64 << 10 // bytes; a Produce request from this size on is read straight into the broker's memory
	maxBulk   = 64 << 20 // bytes; what the broker holds at most for such requests before they have come
)

// connection hands the broker whole requests that were looked at, and nothing else.
type connection struct {
	net.Conn
	listener *listener
	once     sync.Once

	// Of the reading side.
	frame   []byte // room for a frame, its length included
	pending []byte // what of it the broker has not read yet
	bulk    int    // bytes of a large Produce request that the broker is to read next; its head is in frame
	failed  error  // why nothing more comes

	mu    sync.Mutex
	asked map[int32]asked // whose answers are to be put right, by correlation id
	vigil *vigil          // of a member that waits on this connection; nil is none
}

// Read gives the broker the next bytes of requests that it may have.
func (c *connection) Read(b []byte) (int, error) {
	if len(c.pending) == 0 && c.failed == nil {
		if c.bulk > 0 && len(b) >= c.bulk {
			n := c.bulk
			if c.failed = c.reported(c.readBulk(b[:n])); c.failed == nil {
				return n, nil
			}
		} else {
			var err error
			c.pending, err = c.next()
			c.failed = c.reported(err)
		}
	}
	if c.failed != nil {
		return 0, c.failed
	}
	n := copy(b, c.pending)
	if c.pending = c.pending[n:]; len(c.pending) == 0 && cap(c.frame) > keptRoom {
		c.frame = nil
	}
	return n, nil
}

// reported tells of an error that is the client's fault.
func (c *connection) reported(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
		c.listener.refused("closed the connection from %s: %v", c.RemoteAddr(), err)
	}
	return err
}

// next reads a whole request and looks at it; of a large Produce request it reads the head and returns the length.
func (c *connection) next() ([]byte, error) {
	have := sizeBytes + headBytes
	if c.bulk == 0 {
		if c.frame == nil {
			c.frame = make([]byte, firstRead)
		}
		if _, err := io.ReadFull(c.Conn, c.frame[:sizeBytes]); err != nil {
			return nil, io.EOF // between requests any end is a good one
		}
		size := binary.BigEndian.Uint32(c.frame)
		if size < headBytes || size > maxFrame {
			return nil, fmt.Errorf("got a frame of %d bytes, want %d to %d of the Kafka protocol", size, headBytes, maxFrame)
		}
		if _, err := io.ReadFull(c.Conn, c.frame[sizeBytes:have]); err != nil {
			return nil, io.EOF // half a request, as of a client that was killed
		}
		if c.isBulk(int(size)) {
			return c.frame[:sizeBytes], nil
		}
	}
	c.noBulk()
	end := sizeBytes + int(binary.BigEndian.Uint32(c.frame))
	for have < end {
		if have == len(c.frame) {
			c.frame = append(c.frame, make([]byte, min(2*have, end)-have)...)
		}
		n, err := c.Conn.Read(c.frame[have:min(len(c.frame), end)])
		if have += n; err != nil {
			return nil, io.EOF
		}
	}
	return c.look(c.frame[:end])
}

// isBulk tells whether the broker may have the length before the rest has come, and takes note of it.
func (c *connection) isBulk(size int) bool {
	if size < leastBulk || binary.BigEndian.Uint16(c.frame[sizeBytes:]) != uint16(kmsg.Produce) {
		return false
	}
	if c.listener.bulk.Add(int64(size)) > maxBulk {
		c.listener.bulk.Add(-int64(size))
		return false
	}
	c.bulk = size
	return true
}

func (c *connection) noBulk() {
	c.listener.bulk.Add(-int64(c.bulk))
	c.bulk = 0
}

// readBulk reads the rest of a Produce request, whose length the broker has, into the broker's memory.
func (c *connection) readBulk(b []byte) error {
	defer c.noBulk()
	n := copy(b, c.frame[sizeBytes:sizeBytes+headBytes])
	if _, err := io.ReadFull(c.Conn, b[n:]); err != nil {
		return io.EOF
	}
	body, known, err := c.check(b)
	if err != nil {
		return err
	}
	return c.produced(known, b, body)
}

// look checks a frame, and changes it where the broker could not bear it.
func (c *connection) look(frame []byte) ([]byte, error) {
	key, version := apiOf(frame[sizeBytes:])
	if key == int16(kmsg.ApiVersions) && version > kmsg.NewPtrApiVersionsRequest().MaxVersion() {
		// Answered without reading it, with the versions there are (KIP-511).
		return newerApiVersions(version, frame[sizeBytes+4:sizeBytes+headBytes]), nil
	}
	body, known, err := c.check(frame[sizeBytes:])
	if err != nil {
		return nil, err
	}
	if key == int16(kmsg.Produce) {
		return frame, c.produced(known, frame[sizeBytes:], body)
	}
	treatment, ok := treatments[key]
	if !ok || key == int16(kmsg.Fetch) && !c.listener.state.setsTimes.Load() {
		return frame, nil
	}
	return c.treat(treatment, frame, sizeBytes+body)
}

// produced looks into a Produce request, which it changes in place.
func (c *connection) produced(known *layout, request []byte, body int) error {
	_, version := apiOf(request)
	if version < leastProduce {
		return nil
	}
	acks, bad, err := c.listener.state.produced(version, known.flexible, request[body:])
	if err != nil || acks == 0 && len(bad) > 0 {
		return cmp.Or(err, io.EOF) // Apache Kafka has no other way to refuse what nobody waits for
	}
	if acks != 0 {
		asking := kmsg.NewPtrProduceRequest()
		asking.Version = version
		c.remember(request, asked{after: (*state).producedAnswer, request: asking, note: bad})
	}
	return nil
}

// apiOf are the API key and the version of a request.
func apiOf(head []byte) (key, version int16) {
	return int16(binary.BigEndian.Uint16(head)), int16(binary.BigEndian.Uint16(head[2:]))
}

// check looks at a request, its length left out. It returns where the body starts and how it is laid out.
func (c *connection) check(request []byte) (body int, known *layout, err error) {
	key, version := apiOf(request)
	known = layoutOf(key, version)
	if most, bounded := newest[key]; known == nil || bounded && version > most {
		return 0, nil, fmt.Errorf("got API key %d in version %d, which the broker does not know", key, version)
	}
	w := walker{rest: request[headBytes:]}
	w.skip(w.length(2)) // the client id, never compact
	if w.flexible = known.flexible; w.flexible {
		w.tags(true)
	}
	body = len(request) - len(w.rest)
	if w.err == nil {
		w.err = known.walk(w.rest)
	}
	if w.err != nil {
		return 0, nil, damaged(kmsg.NameForKey(key), version, w.err)
	}
	return body, known, nil
}

func damaged(name string, version int16, err error) error {
	return fmt.Errorf("got a damaged %s request (version %d): %w", name, version, err)
}

// newerApiVersions is an ApiVersions request of a version that the broker does not have, with nothing in it.
func newerApiVersions(version int16, correlation []byte) []byte {
	frame := binary.BigEndian.AppendUint16(make([]byte, sizeBytes), uint16(kmsg.ApiVersions))
	frame = binary.BigEndian.AppendUint16(frame, uint16(version))
	frame = append(frame, correlation...)
	frame = append(frame, 0xff, 0xff, 0) // no client id, no tags
	body := kmsg.NewPtrApiVersionsRequest()
	body.Version = body.MaxVersion()
	return sized(body.AppendTo(frame))
}

func sized(frame []byte) []byte {
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-sizeBytes))
	return frame
}

// Close closes the connection, and makes room for another.
func (c *connection) Close() error {
	c.once.Do(func() {
		c.listener.open.Add(-1)
		c.endVigil()
	})
	return c.Conn.Close()
}
