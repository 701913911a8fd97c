package schema

// Avro's logical types, as people write them: a decimal as a number, dates and times as text of RFC 3339, a UUID as
// text. What a schema stores for them goes in as well, as a number.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hamba/avro/v2"
)

// mostDecimalBytes bounds a decimal, which takes long to show.
const mostDecimalBytes = 1024

// mostDigits bounds those of a decimal. One with more is what it is stored as.
const mostDigits = 1000

// logicalOf is a type's logical type; nil for none.
func logicalOf(s avro.Schema) avro.LogicalSchema {
	typed, ok := s.(avro.LogicalTypeSchema)
	if !ok || typed.Logical() == nil {
		return nil
	}
	if d, ok := typed.Logical().(*avro.DecimalLogicalSchema); ok && d.Precision() > mostDigits {
		return nil
	}
	return typed.Logical()
}

// logicalName is a logical type as people write it.
func logicalName(l avro.LogicalSchema) string {
	if d, ok := l.(*avro.DecimalLogicalSchema); ok {
		return fmt.Sprintf("decimal with %d of %d digits behind the point", d.Scale(), d.Precision())
	}
	return string(l.Type())
}

// instant is a logical type that is a whole number of units since a moment.
type instant struct {
	layout string // how it is written
	want   string
	unit   time.Duration
	zoned  bool // an absolute moment: it is shown in UTC
}

var instants = map[avro.LogicalType]instant{
	avro.Date:                 {time.DateOnly, "a date such as 2026-01-05", 24 * time.Hour, false},
	avro.TimeMillis:           {"15:04:05.999999999", "a time such as 10:15:00.250", time.Millisecond, false},
	avro.TimeMicros:           {"15:04:05.999999999", "a time such as 10:15:00.250", time.Microsecond, false},
	avro.TimestampMillis:      {time.RFC3339Nano, "a time such as 2026-01-05T10:15:00.250Z", time.Millisecond, true},
	avro.TimestampMicros:      {time.RFC3339Nano, "a time such as 2026-01-05T10:15:00.250Z", time.Microsecond, true},
	avro.LocalTimestampMillis: {localLayout, "a time such as 2026-01-05T10:15:00.250", time.Millisecond, false},
	avro.LocalTimestampMicros: {localLayout, "a time such as 2026-01-05T10:15:00.250", time.Microsecond, false},
}

const localLayout = "2006-01-02T15:04:05.999999999"

// ofDay says that an instant counts from midnight and not from 1970.
func (i instant) ofDay() bool { return strings.HasPrefix(i.layout, "15") }

// stored is the number for a text.
func (i instant) stored(text string) (json.Number, bool) {
	at, err := time.Parse(i.layout, text)
	if err != nil {
		return "", false
	}
	since := big.NewInt(at.Unix())
	if i.ofDay() {
		since = big.NewInt(int64(at.Hour()*3600 + at.Minute()*60 + at.Second()))
	}
	since.Mul(since, big.NewInt(int64(time.Second))).Add(since, big.NewInt(int64(at.Nanosecond())))
	units, rest := since.DivMod(since, big.NewInt(int64(i.unit)), new(big.Int))
	return json.Number(units.String()), rest.Sign() == 0 // what the type cannot hold is not cut off
}

// shown is the text for a number; false for what no calendar has.
func (i instant) shown(n int64) (string, bool) {
	perSecond := int64(time.Second / i.unit)
	var seconds, rest int64
	switch {
	case perSecond > 0:
		if seconds, rest = n/perSecond, n%perSecond; rest < 0 {
			seconds, rest = seconds-1, rest+perSecond
		}
	case n > 1<<40 || n < -1<<40: // days
		return "", false
	default:
		seconds = n * int64(i.unit/time.Second)
	}
	if i.ofDay() && (seconds < 0 || seconds >= 24*3600) {
		return "", false
	}
	at := time.Unix(seconds, rest*int64(i.unit)).UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return "", false
	}
	text := at.Format(withDigits(i.layout, at.Nanosecond()))
	return text, true
}

// withDigits is a layout with none, three or six digits behind the second, as Protobuf's times have them.
func withDigits(layout string, nanos int) string {
	digits := ".000000"
	switch {
	case nanos == 0:
		digits = ""
	case nanos%int(time.Millisecond) == 0:
		digits = ".000"
	}
	return strings.Replace(layout, ".999999999", digits, 1)
}

// toStored makes of a value what a type stores for it. A number stands for itself, but for a decimal.
func (w *avroWriter) toStored(l avro.LogicalSchema, value any, at string) any {
	if d, ok := l.(*avro.DecimalLogicalSchema); ok {
		return w.decimal(d, value, at)
	}
	text, ok := value.(string)
	if i, known := instants[l.Type()]; known && ok {
		number, exact := i.stored(text)
		if !exact {
			w.unfit(at, value, i.want+", with no more digits than a "+string(l.Type())+" holds")
		}
		return number
	}
	if l.Type() == avro.UUID && ok && !uuidForm.MatchString(text) {
		w.unfit(at, value, "a UUID such as 8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c")
	}
	return value
}

var (
	uuidForm    = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	decimalForm = regexp.MustCompile(`^-?[0-9]{1,1000}(\.[0-9]{1,1000})?([eE][+-]?[0-9]{1,3})?$`)
)

// decimal makes of a number, or of one as text, the bytes that are stored: a whole number in two's complement.
func (w *avroWriter) decimal(d *avro.DecimalLogicalSchema, value any, at string) any {
	text := fmt.Sprint(value)
	number := new(big.Rat)
	ok := decimalForm.MatchString(text)
	if ok {
		_, ok = number.SetString(text)
	}
	number.Mul(number, new(big.Rat).SetInt(powerOfTen(d.Scale())))
	if !ok || !number.IsInt() || number.Num().CmpAbs(powerOfTen(d.Precision())) >= 0 {
		w.unfit(at, value, fmt.Sprintf("a number of at most %d digits, %d of them behind the point", d.Precision(),
			d.Scale()))
		return ""
	}
	return latin1(twosComplement(number.Num()))
}

func powerOfTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// signExtended is a whole number in two's complement in as many bytes as a fixed type has.
func signExtended(b []byte, size int) []byte {
	if len(b) == 0 || len(b) >= size {
		return b
	}
	fill := byte(0)
	if b[0]&0x80 != 0 {
		fill = 0xff
	}
	return append(bytes.Repeat([]byte{fill}, size-len(b)), b...)
}

// twosComplement is a whole number in as few bytes as hold it and its sign.
func twosComplement(n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	if n.Sign() >= 0 {
		return n.FillBytes(make([]byte, size))
	}
	if new(big.Int).Add(n, big.NewInt(1)).BitLen()/8+1 < size {
		size-- // such as -128, which one byte holds
	}
	full := new(big.Int).Lsh(big.NewInt(1), uint(8*size))
	return full.Add(full, n).FillBytes(make([]byte, size))
}

// logical makes of what is stored what people write, by the reader's logical type, which the writer's must not
// contradict.
func (r *avroReader) logical(w, reader avro.Schema, stored any, at string) any {
	if reader == nil {
		return stored
	}
	written, want := logicalOf(w), logicalOf(reader)
	switch {
	case want == nil:
		return stored
	case written != nil && logicalName(written) != logicalName(want):
		r.fail(at, "got a %s, want a %s", logicalName(written), logicalName(want))
		return stored
	}
	return r.shownAs(want, stored, at)
}

// defaultOfField is the reader's default of a field, as people write it.
func defaultOfField(f *avro.Field) any {
	stored := defaultJSON(f.Default())
	payload, err := encodeStored(f.Type(), stored)
	if err != nil {
		return stored
	}
	read, err := readAvro(f.Type(), f.Type(), payload)
	if err != nil {
		return stored
	}
	value, err := parseDocument(read.JSON)
	if err != nil {
		return stored
	}
	return value
}

// shownAs makes of what is stored what people write.
func (r *avroReader) shownAs(l avro.LogicalSchema, stored any, at string) any {
	if d, ok := l.(*avro.DecimalLogicalSchema); ok {
		b, _ := fromLatin1(stored)
		if len(b) > mostDecimalBytes {
			r.fail(at, "got a decimal of %d bytes, want at most %d", len(b), mostDecimalBytes)
			return nil
		}
		return json.Number(decimalText(b, d.Scale()))
	}
	if i, known := instants[l.Type()]; known {
		if n, ok := wholeNumber(stored); ok {
			if text, ok := i.shown(n); ok {
				return text
			}
		}
	}
	return stored
}

func wholeNumber(stored any) (int64, bool) {
	n, err := strconv.ParseInt(fmt.Sprint(stored), 10, 64)
	return n, err == nil
}

// decimalText is a stored decimal as a number, with all the digits of its scale.
func decimalText(b []byte, scale int) string {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return new(big.Rat).SetFrac(n, powerOfTen(scale)).FloatString(scale)
}
