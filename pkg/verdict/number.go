package verdict

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Number returns a function that reads the integer in a field, in the notation of NewSequence.
func Number(field string) func(r *record.Record) (int64, error) { return newNumber(field).read }

func newNumber(name string) field[int64] { return newField(name, integer, jsonInteger) }

// integer parses decimal digits with an optional minus, without allocating.
func integer(b []byte) (int64, error) {
	digits := b
	if len(b) > 0 && b[0] == '-' {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 19 {
		return 0, notInteger(b)
	}
	var n uint64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, notInteger(b)
		}
		n = n*10 + uint64(c-'0')
	}
	switch {
	case n <= math.MaxInt64 && len(digits) == len(b):
		return int64(n), nil
	case n <= math.MaxInt64+1 && len(digits) < len(b):
		return -int64(n), nil
	}
	return 0, notInteger(b)
}

func notInteger(b []byte) error {
	if len(b) > 40 {
		b = append(b[:40:40], "…"...)
	}
	return fmt.Errorf("got %s, want an integer", strconv.Quote(string(b)))
}

// jsonInteger reads the field at path. It scans for it, which is several times
// cheaper than decoding ten million documents; whatever is not plain is decoded.
func jsonInteger(document []byte, path []string) (int64, error) {
	value := document
	for _, name := range path {
		var found bool
		if value, found = scanField(value, name); !found {
			return decodeInteger(document, path)
		}
	}
	end := 0
	for end < len(value) && (value[end] == '-' || value[end] >= '0' && value[end] <= '9') {
		end++
	}
	if end == len(value) || value[end] != ',' && value[end] != '}' && value[end] > ' ' {
		return decodeInteger(document, path)
	}
	n, err := integer(value[:end])
	if err != nil {
		return decodeInteger(document, path)
	}
	return n, nil
}

// scanField returns what follows the colon of the named field of the object that
// document begins with. It gives up on anything unusual.
func scanField(document []byte, name string) (value []byte, found bool) {
	rest := bytes.TrimLeft(document, " \t\r\n")
	if len(rest) == 0 || rest[0] != '{' {
		return nil, false
	}
	depth := 0
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return nil, false
			}
		case '"':
			end := bytes.IndexByte(rest[i+1:], '"')
			if end < 0 || bytes.IndexByte(rest[i+1:i+1+end], '\\') >= 0 {
				return nil, false
			}
			text := rest[i+1 : i+1+end]
			i += end + 1
			if depth != 1 || string(text) != name {
				continue
			}
			after := bytes.TrimLeft(rest[i+1:], " \t\r\n")
			if len(after) > 0 && after[0] == ':' { // else it was a value
				return bytes.TrimLeft(after[1:], " \t\r\n"), true
			}
		}
	}
	return nil, false
}

// decodeInteger does the same with a real parser, and says what is wrong.
func decodeInteger(document []byte, path []string) (int64, error) {
	document, err := jsonAt(document, path)
	if err != nil {
		return 0, err
	}
	if value, number := exact(string(document)); number && value.IsInt() { // 1.0 is 1
		if n, accuracy := value.Int64(); accuracy == big.Exact {
			return n, nil
		}
	}
	return integer(document)
}
