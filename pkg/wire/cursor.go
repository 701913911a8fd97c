package wire

import (
	"encoding/binary"
	"fmt"
)

// cursor reads the primitive types of the Kafka protocol in place, without copying. It never panics: after a read past
// the end it is bad and everything it returns is zero.
type cursor struct {
	b   []byte
	at  int
	bad bool
}

// err tells why nothing more can be read, nil when everything was there.
func (c *cursor) err() error {
	if c.bad {
		return fmt.Errorf("got %d bytes, want more for this API and version; the frame is passed on as it is", len(c.b))
	}
	return nil
}

func (c *cursor) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.b)-c.at {
		c.bad = true
		return nil
	}
	taken := c.b[c.at : c.at+n : c.at+n]
	c.at += n
	return taken
}

func (c *cursor) int8() int8 {
	if b := c.take(1); b != nil {
		return int8(b[0])
	}
	return 0
}

func (c *cursor) int16() int16 {
	if b := c.take(2); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (c *cursor) int32() int32 {
	if b := c.take(4); b != nil {
		return int32(binary.BigEndian.Uint32(b))
	}
	return 0
}

func (c *cursor) int64() int64 {
	if b := c.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (c *cursor) uuid() (id [16]byte) {
	copy(id[:], c.take(len(id)))
	return id
}

func (c *cursor) uvarint() uint32 {
	var value uint64
	for shift := 0; shift < 35; shift += 7 {
		b := c.take(1)
		if b == nil {
			return 0
		}
		value |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			if value > 0xffffffff {
				break
			}
			return uint32(value)
		}
	}
	c.bad = true
	return 0
}

// text reads a string, compact in flexible versions. Null reads as empty.
func (c *cursor) text(flexible bool) string { return string(c.rawText(flexible)) }

func (c *cursor) rawText(flexible bool) []byte {
	if flexible {
		return c.compact()
	}
	if n := int(c.int16()); n >= 0 {
		return c.take(n)
	}
	return nil
}

// bytes reads a byte array, compact in flexible versions. Null reads as nil.
func (c *cursor) bytes(flexible bool) []byte {
	if flexible {
		return c.compact()
	}
	if n := int(c.int32()); n >= 0 {
		return c.take(n)
	}
	return nil
}

func (c *cursor) compact() []byte {
	if n := int(c.uvarint()); n > 0 {
		return c.take(n - 1)
	}
	return nil
}

// array reads the length of an array; null reads as 0. An element takes a byte at least, so a length no frame could
// hold is found before anybody loops over it.
func (c *cursor) array(flexible bool) int {
	var n int
	if flexible {
		n = int(c.uvarint()) - 1
	} else {
		n = int(c.int32())
	}
	if n > len(c.b)-c.at {
		c.bad = true
	}
	if c.bad || n < 0 {
		return 0
	}
	return n
}

// each calls read for every element of an array, and stops where the cursor went bad.
func (c *cursor) each(flexible bool, read func()) {
	for n := c.array(flexible); n > 0 && !c.bad; n-- {
		read()
	}
}

// tags walks the tagged fields (KIP-482) that end a structure of a flexible version, and tells whether one of them has
// tag 0.
func (c *cursor) tags(flexible bool) (zero bool) {
	if !flexible {
		return false
	}
	for n := c.uvarint(); n > 0 && !c.bad; n-- {
		zero = c.uvarint() == 0 || zero
		c.take(int(c.uvarint()))
	}
	return zero && !c.bad
}
