package journal

import "hash/crc32"

// Content tells a record from others by its key and value, in 64 bits: the upper half is of the key alone, 0 for none,
// and the last bit is set for a tombstone. 0 stands for what is not known. Two different records of one key have the
// same with a chance of 1 in 2 billion.
type Content uint64

// ContentAt is the content of the record at an offset.
type ContentAt struct {
	Offset  int64   `json:"offset"`
	Content Content `json:"content"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ContentOf is that of a record. A nil key is none, and a nil value a tombstone.
func ContentOf(key, value []byte) Content {
	var c Content
	if key != nil {
		c = Content(max(crc32.Checksum(key, castagnoli), 1)) << 32
	}
	if value == nil {
		return c | 1
	}
	// Never 0, and apart from tombstones by the last bit.
	return c | Content(crc32.Checksum(value, castagnoli)&^1|2)
}

// Key is what tells the record's key from others; 0 for none.
func (c Content) Key() uint32 { return uint32(c >> 32) }

// Tombstone tells that the record has no value.
func (c Content) Tombstone() bool { return c&1 != 0 }
