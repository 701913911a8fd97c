package journal

import "hash/maphash"

// Key tells the key of a record from other keys, within one process, and whether the record is a tombstone. Two keys
// have the same Key with a chance of 1 in 2^63.
type Key uint64

var keySeed = maphash.MakeSeed()

// KeyOf is that of a record. A nil key is none, and a nil value a tombstone.
func KeyOf(key, value []byte) Key {
	var k Key
	if key != nil {
		k = max(Key(maphash.Bytes(keySeed, key))&^1, 2)
	}
	if value == nil {
		k |= 1
	}
	return k
}

// Alone is the key of a tombstone and of other records alike; 0 for none.
func (k Key) Alone() Key { return k &^ 1 }

// Tombstone tells that the record has no value.
func (k Key) Tombstone() bool { return k&1 != 0 }
