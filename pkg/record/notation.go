package record

// The notation of records.
//
// A table has one record per row. Its columns:
//
//	key, value       the whole key or value
//	value.a.b        one field of a JSON value; value.items.0.b counts from 0 (expectations only); a dot in a name is \.
//	headers.x        one header; everything behind "headers." is its name
//	partition        from 0
//	offset           expectations only
//	timestamp        RFC 3339, a clock time of the declared day (10:04:59.999), unix milliseconds, or relative to the
//	                 base time: +5s, -1m
//	topic            where one table holds records of several topics
//
// A cell of key, value or a header:
//
//	(empty)          nothing said: null where a record is made, not looked at where one is expected; an empty value of a
//	                 record to make is refused, because nobody can tell null from empty by reading it
//	null             null (a tombstone, as a value)
//	"null"           quoted as a JSON string: exactly the text inside, byte for byte; "" is empty but not null
//	0x00ff base64:AP8=   bytes
//	anything else    its text. Expected text that is JSON compares as JSON: numbers by value, fields in any order
//
// A cell of value.x is JSON where it reads as JSON (5, true, null, [1], {"a": 1}, "5"), else a JSON string; empty
// leaves the field out.
//
// YAML and JSON texts hold a list of mappings (or one mapping) with the keys key, value, headers, partition, timestamp,
// topic, offset. A scalar is a cell as above, except that only a plain null is null and "null" is the text. A mapping
// or list becomes compact JSON with its fields in the order written. An expected mapping looks only at the fields it
// names, as the columns value.x do; an expected list has exactly its elements. headers is a mapping, or a list of
// one-entry mappings where a key comes more than once.
//
// ${name} is replaced in every cell and scalar before it is read; $${ is a plain ${.

// columns of a table, and keys of a mapping in YAML or JSON.
const (
	columnKey       = "key"
	columnValue     = "value"
	columnHeaders   = "headers"
	columnPartition = "partition"
	columnOffset    = "offset"
	columnTimestamp = "timestamp"
	columnTopic     = "topic"
)
