package record

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// function makes a piece from the words behind its name.
type function struct {
	usage string
	build func(args []word) (piece, error)
}

// functions of generators. ${null 5%} beside them makes the whole scalar null in that share of records.
var functions = map[string]function{
	"sequence":  {"sequence [FIRST [STEP]]", buildSequence}, // the record's number, counting from 0
	"int":       {"int LOW HIGH", buildInt},                 // each as likely, both ends included
	"decimal":   {"decimal LOW HIGH", buildDecimal},         // with as many digits as the longer of the two
	"choice":    {"choice ITEM[:WEIGHT] …", buildChoice},    // "quoted items" may hold anything
	"cycle":     {"cycle ITEM …", buildCycle},               // one after the other
	"uuid":      {"uuid", buildUUID},                        // version 4 in form, drawn from the seed
	"zipf":      {"zipf COUNT EXPONENT", buildZipf},         // 0 to COUNT-1, small ones often
	"string":    {"string LENGTH [MAXIMUM]", buildString},   // letters, digits, - and _
	"timestamp": {"timestamp", buildTimestamp},              // of the record, unix milliseconds
	"null":      {"null SHARE", nil},                        // built by template.call
}

func functionList() []string { return slices.Sorted(maps.Keys(functions)) }

func functionNames() string { return strings.Join(functionList(), ", ") }

func number(write func(s *stream) int64) piece {
	return piece{bare: true, safe: true, write: func(b []byte,
		s *stream) []byte {
		return strconv.AppendInt(b, write(s), 10)
	}}
}

// between notes the range of a piece that writes whole numbers.
func (p piece) between(low, high int64) piece {
	p.whole, p.low, p.high = true, low, high
	return p
}

func buildSequence(args []word) (piece, error) {
	first, step := int64(0), int64(1)
	for i, target := range []*int64{&first, &step} {
		if i < len(args) {
			n, err := wholeNumber(args[i])
			if err != nil {
				return piece{}, err
			}
			*target = n
		}
	}
	if len(args) > 2 {
		return piece{}, tooMany(args, 2)
	}
	return number(func(s *stream) int64 { return first + s.index*step }), nil
}

func buildInt(args []word) (piece, error) {
	low, high, err := twoNumbers(args)
	if err != nil {
		return piece{}, err
	}
	width := uint64(high) - uint64(low) + 1
	if width == 0 {
		return piece{}, fmt.Errorf("got a range of all 64-bit numbers, want a smaller one")
	}
	return number(func(s *stream) int64 { return low + int64(s.below(width)) }).between(low, high), nil
}

// buildDecimal draws a whole number of the smallest unit and sets the point.
func buildDecimal(args []word) (piece, error) {
	if len(args) != 2 {
		return piece{}, fmt.Errorf("got %s, want two numbers", plural(len(args), "argument"))
	}
	places := 0
	for _, a := range args {
		if !isNumber(a.text) || strings.ContainsAny(a.text, "eE") {
			return piece{}, fmt.Errorf("got %q, want a number like 9.99", a.text)
		}
		_, fraction, _ := strings.Cut(a.text, ".")
		places = max(places, len(fraction))
	}
	units := make([]word, 2)
	for i, a := range args {
		whole, fraction, _ := strings.Cut(a.text, ".")
		units[i].text = whole + fraction + strings.Repeat("0", places-len(fraction))
	}
	low, high, err := twoNumbers(units)
	if err != nil {
		return piece{}, err
	}
	width := uint64(high) - uint64(low) + 1
	return piece{bare: true, safe: true, write: func(b []byte, s *stream) []byte {
		return appendDecimal(b, low+int64(s.below(width)), places)
	}}, nil
}

func appendDecimal(b []byte, units int64, places int) []byte {
	if units < 0 {
		b = append(b, '-')
		units = -units
	}
	var space [24]byte
	text := strconv.AppendInt(space[:0], units, 10)
	if places == 0 {
		return append(b, text...)
	}
	for len(text) <= places { // 5 with two places is 005, and then 0.05
		text = slices.Insert(text, 0, '0')
	}
	b = append(b, text[:len(text)-places]...)
	return append(append(b, '.'), text[len(text)-places:]...)
}

func buildChoice(args []word) (piece, error) {
	items, err := items(args)
	if err != nil {
		return piece{}, err
	}
	sums := make([]uint64, len(args))
	total := uint64(0)
	for i, a := range args {
		weight := uint64(1)
		if a.weight != "" {
			weight, err = strconv.ParseUint(a.weight, 10, 32)
			if err != nil || weight == 0 {
				return piece{}, fmt.Errorf("got the weight %q, want a whole number from 1", a.weight)
			}
		}
		total += weight
		sums[i] = total
	}
	return itemPiece(args, func(b []byte, s *stream) []byte {
		x := s.below(total)
		i := 0
		for sums[i] <= x {
			i++
		}
		return append(b, items[i]...)
	}), nil
}

func buildCycle(args []word) (piece, error) {
	for i, a := range args {
		if a.weight != "" { // weights mean nothing here, so 10:30 is the text
			args[i] = word{text: a.text + ":" + a.weight, quoted: a.quoted}
		}
	}
	items, err := items(args)
	if err != nil {
		return piece{}, err
	}
	n := int64(len(items))
	return itemPiece(args, func(b []byte, s *stream) []byte { return append(b, items[s.index%n]...) }), nil
}

func buildUUID(args []word) (piece, error) {
	if len(args) > 0 {
		return piece{}, tooMany(args, 0)
	}
	const hexDigits = "0123456789abcdef"
	return piece{safe: true, write: func(b []byte, s *stream) []byte {
		high, low := s.random.Uint64(), s.random.Uint64()
		high = high&^0xf000 | 0x4000     // version 4, RFC 9562 section 5.4
		low = low&^(0b11<<62) | 0b10<<62 // its variant
		for i := range 36 {
			switch i {
			case 8, 13, 18, 23:
				b = append(b, '-')
				continue
			}
			b = append(b, hexDigits[high>>60])
			high, low = high<<4|low>>60, low<<4
		}
		return b
	}}, nil
}

// mostRanks keeps the table of a zipf function at 8 MB.
const mostRanks = 1_000_000

func buildZipf(args []word) (piece, error) {
	if len(args) != 2 {
		return piece{}, fmt.Errorf("got %s, want a count and an exponent", plural(len(args), "argument"))
	}
	n, err := wholeNumber(args[0])
	if err != nil {
		return piece{}, err
	}
	exponent, err := strconv.ParseFloat(args[1].text, 64)
	if err != nil || !isNumber(args[1].text) || exponent < 0 || exponent > 10 {
		return piece{}, fmt.Errorf("got the exponent %q, want a number from 0 (all alike) to 10", args[1].text)
	}
	if n < 1 || n > mostRanks {
		return piece{}, fmt.Errorf("got a count of %d, want 1 to %d", n, mostRanks)
	}
	z := newZipf(int(n), exponent)
	return number(func(s *stream) int64 { return int64(z.draw(s)) }).between(0, n-1), nil
}

// longest bounds a string: more than any broker takes by default.
const longest = 16 << 20

func buildString(args []word) (piece, error) {
	if len(args) == 1 {
		args = []word{args[0], args[0]}
	}
	low, high, err := twoNumbers(args)
	if err != nil {
		return piece{}, err
	}
	if low < 0 || high > longest {
		return piece{}, fmt.Errorf("got a length of %d to %d, want 0 to %d", low, high, longest)
	}
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_" // 64: six bits each
	return piece{safe: true, write: func(b []byte, s *stream) []byte {
		n := int(low)
		if high > low {
			n += int(s.below(uint64(high-low) + 1))
		}
		for n > 0 {
			x := s.random.Uint64()
			for range min(n, 10) {
				b = append(b, alphabet[x&63])
				x >>= 6
			}
			n -= 10
		}
		return b
	}}, nil
}

func buildTimestamp(args []word) (piece, error) {
	if len(args) > 0 {
		return piece{}, tooMany(args, 0)
	}
	p := number(func(s *stream) int64 { return s.time.UnixMilli() })
	p.time = true
	return p, nil
}
