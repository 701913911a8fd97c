package schema

import (
	"errors"
	"io"
	"net/http"
)

// MostBytes is the length of the longest request to a registry, and of its longest answer: with 100,000 subjects one
// lists a few megabytes.
const MostBytes = 64 << 20

var errTooLong = errors.New("its answer has more than 64 MiB")

// Bounded is a transport whose answers end with an error where they are longer than MostBytes, so that a server that
// never ends one fills no memory.
type Bounded struct{ *http.Transport }

// RoundTrip implements http.RoundTripper.
func (b Bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.Transport.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{ReadCloser: answer.Body, left: MostBytes}
	}
	return answer, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (n int, err error) {
	if b.left <= 0 {
		if n, err = b.ReadCloser.Read(p[:min(len(p), 1)]); n > 0 {
			return 0, errTooLong
		}
		return 0, err
	}
	n, err = b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
