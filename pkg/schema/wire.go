package schema

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// headerBytes is the length of the wire format's header: a zero, the magic byte, and the schema's id in four bytes, the
// highest first.
const headerBytes = 5

// ErrNotWireFormat is wrapped by errors about bytes that do not begin as the wire format does.
var ErrNotWireFormat = errors.New("not the wire format")

// Frame puts the wire format's header before a payload.
func Frame(id int, payload []byte) ([]byte, error) {
	if id < 0 || id > math.MaxInt32 {
		return nil, fmt.Errorf("got schema id %d, want 0 to %d", id, math.MaxInt32)
	}
	framed := binary.BigEndian.AppendUint32(make([]byte, 1, headerBytes+len(payload)), uint32(id))
	return append(framed, payload...), nil
}

// Unframe takes the header off: the schema's id, and the payload behind it.
func Unframe(value []byte) (id int, payload []byte, err error) {
	switch {
	case len(value) < headerBytes:
		return 0, nil, fmt.Errorf("%w: got %d bytes, want at least %d: a zero and the schema's id in four bytes",
			ErrNotWireFormat, len(value), headerBytes)
	case value[0] != 0:
		return 0, nil, fmt.Errorf("%w: got the first byte 0x%02x, want 0x00, behind which the schema's id stands",
			ErrNotWireFormat, value[0])
	}
	return int(binary.BigEndian.Uint32(value[1:headerBytes])), value[headerBytes:], nil
}
