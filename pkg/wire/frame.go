package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Sizes in bytes.
const (
	readSize   = 64 << 10  // what is read from a connection at once
	decodeSize = 128 << 20 // a larger frame is passed on without being decoded
	keepSize   = 4 << 20   // a larger buffer is not kept for the next frame
	sizeBytes  = 4         // the length in front of every frame
)

// requestHead is the start of every request, all there is of it in any version.
type requestHead struct {
	size        int // of the frame, its length included
	key         kmsg.Key
	version     int16
	correlation int32
}

// errNotKafka: these bytes are no frame; there is no telling where the next one starts.
var errNotKafka = errors.New("not a frame of the Kafka protocol; pass everything on unread")

// errTLS: the application has begun with TLS. As a frame this would be one of more than 350 MiB.
var errTLS = errors.New(journal.SpokeTLS)

// What a TLS record of a handshake begins with: its type, and versions from SSL 3.0 (0) to TLS 1.3 (4).
const (
	handshake = 22
	majorTLS  = 3
	newestTLS = 4
)

// peekRequest looks at the next request without consuming it.
func peekRequest(r *bufio.Reader) (requestHead, error) {
	const least = sizeBytes + 8
	b, err := r.Peek(sizeBytes)
	if err != nil {
		return requestHead{}, err
	}
	if b[0] == handshake && b[1] == majorTLS && b[2] <= newestTLS {
		return requestHead{}, errTLS
	}
	size := int(int32(binary.BigEndian.Uint32(b)))
	if size < least-sizeBytes {
		return requestHead{}, fmt.Errorf("got a request of %d bytes, want at least %d: %w", size, least-sizeBytes,
			errNotKafka)
	}
	if b, err = r.Peek(least); err != nil {
		return requestHead{}, err
	}
	c := newCursor(b[sizeBytes:])
	return requestHead{size: size + sizeBytes, key: kmsg.Key(c.Int16()), version: c.Int16(), correlation: c.Int32()}, nil
}

// peekAnswer looks at the length (itself included) and the correlation id of the next response.
func peekAnswer(r *bufio.Reader) (size int, correlation int32, err error) {
	b, err := r.Peek(2 * sizeBytes)
	if err != nil {
		return 0, 0, err
	}
	c := newCursor(b)
	size, correlation = int(c.Int32()), c.Int32()
	if size < sizeBytes {
		return 0, 0, fmt.Errorf("got a response of %d bytes, want at least %d: %w", size, sizeBytes, errNotKafka)
	}
	return size + sizeBytes, correlation, nil
}

// request is a whole request frame and where its parts are.
type request struct {
	requestHead
	frame    []byte
	body     int // where the body starts in frame
	clientID string
}

func parseRequest(head requestHead, frame []byte) (request, error) {
	c := newCursor(frame)
	c.Span(sizeBytes + 8)
	r := request{requestHead: head, frame: frame}
	if head.key != kmsg.ControlledShutdown || head.version != 0 { // ControlledShutdown v0 alone has no client id
		r.clientID = c.text(false)
	}
	c.tags(flexible(head.key, head.version))
	r.body = c.at()
	return r, c.err()
}

// answerBody returns where the body of a response frame starts.
func answerBody(key kmsg.Key, version int16, frame []byte) (int, error) {
	c := newCursor(frame)
	c.Span(2 * sizeBytes)
	c.tags(flexibleAnswer(key, version))
	return c.at(), c.err()
}

// answerFrame puts the header in front of a response body.
func answerFrame(key kmsg.Key, version int16, correlation int32, body []byte) []byte {
	frame := make([]byte, 2*sizeBytes, 2*sizeBytes+1+len(body))
	binary.BigEndian.PutUint32(frame[sizeBytes:], uint32(correlation))
	if flexibleAnswer(key, version) {
		frame = append(frame, 0)
	}
	return sized(append(frame, body...))
}

// sized writes the length of the frame into its first bytes.
func sized(frame []byte) []byte {
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-sizeBytes))
	return frame
}

// readFrame reads size bytes into the buffer, which grows as needed and is returned for the next frame.
func readFrame(r *bufio.Reader, size int, buffer []byte) ([]byte, error) {
	if cap(buffer) < size || cap(buffer) > keepSize && size <= keepSize {
		// Little more than asked for: batches of a producer are about equally long.
		buffer = make([]byte, size+size/8)
	}
	frame := buffer[:size]
	_, err := io.ReadFull(r, frame)
	return frame, err
}

// copyFrame passes size bytes on as they come, holding no more of them than the reader's buffer does.
func copyFrame(w io.Writer, r *bufio.Reader, size int) error {
	for size > 0 {
		b, err := r.Peek(min(size, max(1, r.Buffered())))
		if err != nil {
			return noFrameEnd(err)
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		_, _ = r.Discard(len(b)) // they are buffered: Peek returned them
		size -= len(b)
	}
	return nil
}

// noFrameEnd turns the end of the input inside a frame into an error: only between frames is it a good end.
func noFrameEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
