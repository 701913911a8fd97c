package protobuf

import (
	"encoding/binary"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// mostIndexes bounds the path to a message: it has an index for each message that it stands within.
const mostIndexes = 64

// appendIndexes writes the path to a message: how many indexes there are, and each of them, as zigzag varints. The
// path to the first message of a file is a zero alone. Indexes count the entries of maps as well, as descriptors do.
func appendIndexes(b []byte, m protoreflect.MessageDescriptor) []byte {
	var path []int
	for d := protoreflect.Descriptor(m); ; d = d.Parent() {
		inner, ok := d.(protoreflect.MessageDescriptor)
		if !ok {
			break
		}
		path = append(path, inner.Index())
	}
	slices.Reverse(path)
	if len(path) == 1 && path[0] == 0 {
		return append(b, 0)
	}
	b = binary.AppendVarint(b, int64(len(path)))
	for _, i := range path {
		b = binary.AppendVarint(b, int64(i))
	}
	return b
}

// cutIndexes reads the path to a message, and returns what follows it.
func cutIndexes(b []byte) (path []int, rest []byte, err error) {
	next := func(what string) (int64, error) {
		n, size := binary.Varint(b)
		if size <= 0 {
			return 0, mismatchf("", "the message indexes behind the schema's id end early or are no varints: got %d bytes for "+
				"%s; write them as Confluent's Protobuf serializer does: their count and each index, or 0 for the first message",
				len(b), what)
		}
		b = b[size:]
		return n, nil
	}
	count, err := next("their count")
	if err != nil {
		return nil, nil, err
	}
	if count < 0 || count > mostIndexes {
		return nil, nil, mismatchf("", "got %d message indexes behind the schema's id, want 0 to %d", count, mostIndexes)
	}
	if count == 0 {
		return []int{0}, b, nil
	}
	for i := range count {
		n, err := next(fmt.Sprintf("index %d of %d", i+1, count))
		if err != nil {
			return nil, nil, err
		}
		if n < 0 || n > 1<<20 {
			return nil, nil, mismatchf("", "got the message index %d, want one from 0", n)
		}
		path = append(path, int(n))
	}
	return path, b, nil
}

// at is the message that a path leads to.
func (c *codec) at(path []int) (protoreflect.MessageDescriptor, error) {
	messages, within := c.file.Messages(), "the schema"
	var m protoreflect.MessageDescriptor
	for _, i := range path {
		if i >= messages.Len() {
			return nil, mismatchf("", "got the message indexes %v, but %s has %d messages; write the indexes of the message in "+
				"the schema that the id names", path, within, messages.Len())
		}
		m = messages.Get(i)
		messages, within = m.Messages(), "message "+string(m.FullName())
	}
	if m.IsMapEntry() {
		return nil, mismatchf("", "got the message indexes %v, which lead to the entry of a map, want a message", path)
	}
	return m, nil
}

func mismatchf(field, format string, args ...any) error {
	return &schema.MismatchError{Field: field, Reason: fmt.Sprintf(format, args...)}
}
