package verdict

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Number returns a function that reads the integer in a field, in the notation of NewSequence.
func Number(field string) func(r *record.Record) (int64, error) { return newNumber(field).read }

func newNumber(name string) field[int64] { return newField(name, integer, jsonInteger) }

// integer parses decimal digits with an optional minus.
func integer(b []byte) (int64, error) {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || b[0] == '+' || len(b) > len("-9223372036854775808") {
		return 0, notInteger(b)
	}
	return n, nil
}

func notInteger(b []byte) error {
	if len(b) > 40 {
		b = append(b[:40:40], "…"...)
	}
	return fmt.Errorf("got %s, want an integer", strconv.Quote(string(b)))
}

// jsonInteger reads the field at path. It is searched for, which is several times cheaper than decoding ten million
// documents; whatever is not plain is decoded.
func jsonInteger(document []byte, path []string) (int64, error) {
	value := document
	for _, name := range path {
		value = bytes.TrimLeft(value, " \t\r\n")
		if len(value) == 0 || value[0] != '{' {
			return decodeInteger(document, path)
		}
		found := gjson.GetBytes(value, gjson.Escape(name))
		end := found.Index + len(found.Raw)
		if !found.Exists() || end == len(value) { // it may have been cut off
			return decodeInteger(document, path)
		}
		value = value[found.Index:end]
	}
	n, err := integer(value)
	if err != nil {
		return decodeInteger(document, path)
	}
	return n, nil
}

// decodeInteger does the same with a real parser, and says what is wrong.
func decodeInteger(document []byte, path []string) (int64, error) {
	document, err := jsonAt(document, path)
	if err != nil {
		return 0, err
	}
	return integer(document)
}
