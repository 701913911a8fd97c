package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
)

// cursor reads the primitive types of the Kafka protocol in place. It never panics: after a read past the end it is
// bad, and everything it returns is zero.
type cursor struct {
	kbin.Reader
	size int // of all there was to read
}

func newCursor(b []byte) cursor { return cursor{kbin.Reader{Src: b}, len(b)} }

// at is how many bytes were read.
func (c *cursor) at() int { return c.size - len(c.Src) }

// err tells why nothing more can be read, nil when everything was there.
func (c *cursor) err() error {
	if c.Ok() {
		return nil
	}
	return fmt.Errorf("got %d bytes, want more for this API and version; the frame is passed on as it is", c.size)
}

// text reads a string, compact in flexible versions. Null reads as empty.
func (c *cursor) text(flexible bool) string {
	if flexible {
		return string(c.CompactNullableBytes())
	}
	if n := int(c.Int16()); n >= 0 {
		return string(c.Span(n))
	}
	return ""
}

// bytes reads a byte array, compact in flexible versions. Null reads as nil.
func (c *cursor) bytes(flexible bool) []byte {
	if flexible {
		return c.CompactNullableBytes()
	}
	return c.NullableBytes()
}

// each calls read for every element of an array, and stops where the cursor went bad.
func (c *cursor) each(flexible bool, read func()) {
	length := c.ArrayLen
	if flexible {
		length = c.CompactArrayLen
	}
	for n := length(); n > 0 && c.Ok(); n-- {
		read()
	}
}

// tags walks the tagged fields (KIP-482) that end a structure of a flexible version, and tells whether one of them has
// tag 0.
func (c *cursor) tags(flexible bool) (zero bool) {
	if !flexible {
		return false
	}
	for n := c.Uvarint(); n > 0 && c.Ok(); n-- {
		zero = c.Uvarint() == 0 || zero
		c.Span(int(c.Uvarint()))
	}
	return zero && c.Ok()
}
