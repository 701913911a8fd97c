package wire

import "encoding/binary"

// patch replaces the bytes from..to of a body. Patches of one body are in order and do not overlap.
type patch struct {
	from, to int
	with     []byte
}

func patched(body []byte, patches []patch) []byte {
	size := len(body)
	for _, p := range patches {
		size += len(p.with) - (p.to - p.from)
	}
	out, at := make([]byte, 0, size), 0
	for _, p := range patches {
		out = append(append(out, body[at:p.from]...), p.with...)
		at = p.to
	}
	return append(out, body[at:]...)
}

func appendText(b []byte, text string, flexible bool) []byte {
	if flexible {
		b = binary.AppendUvarint(b, uint64(len(text))+1)
	} else {
		b = binary.BigEndian.AppendUint16(b, uint16(len(text)))
	}
	return append(b, text...)
}
