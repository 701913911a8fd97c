package record

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// function makes a piece from the words behind its name, of which there may be so many.
type function struct {
	usage string
	most  int
	build func(args []word) (piece, error)
}

// functions of generators. ${null 5%} beside them makes the whole scalar null in that share of records.
var functions = map[string]function{
	"sequence":  {"sequence [FIRST [STEP]]", 2, buildSequence},         // the record's number, counting from 0
	"int":       {"int LOW HIGH", math.MaxInt, buildInt},               // each as likely, both ends included
	"decimal":   {"decimal LOW HIGH", math.MaxInt, buildDecimal},       // with as many digits as the longer of the two
	"choice":    {"choice ITEM[:WEIGHT] …", math.MaxInt, buildChoice},  // "quoted items" may hold anything
	"cycle":     {"cycle ITEM …", math.MaxInt, buildCycle},             // one after the other
	"uuid":      {"uuid", 0, buildUUID},                                // version 4 in form, drawn from the seed
	"zipf":      {"zipf COUNT EXPONENT", math.MaxInt, buildZipf},       // 0 to COUNT-1, small ones often
	"string":    {"string LENGTH [MAXIMUM]", math.MaxInt, buildString}, // letters, digits, - and _
	"timestamp": {"timestamp", 0, buildTimestamp},                      // of the record, unix milliseconds
	"null":      {"null SHARE", 1, nil},                                // built by template.call
}

func functionList() []string { return slices.Sorted(maps.Keys(functions)) }

func number(write func(s *stream) int64) piece {
	return piece{bare: true, write: func(b []byte, s *stream) []byte { return strconv.AppendInt(b, write(s), 10) }}
}

func buildSequence(args []word) (piece, error) {
	ends := []int64{0, 1} // the first, and the step
	for i, a := range args {
		n, err := wholeNumber(a)
		if err != nil {
			return piece{}, err
		}
		ends[i] = n
	}
	return number(func(s *stream) int64 { return ends[0] + s.index*ends[1] }), nil
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
	p := number(func(s *stream) int64 { return low + int64(s.below(width)) })
	p.partition = low >= 0 && high <= math.MaxInt32
	return p, nil
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
	return piece{bare: true, write: func(b []byte, s *stream) []byte {
		units := low + int64(s.below(width))
		if units < 0 {
			b, units = append(b, '-'), -units
		}
		b = fmt.Appendf(b, "%0*d", places+1, units)
		if places > 0 {
			b = slices.Insert(b, len(b)-places, '.')
		}
		return b
	}}, nil
}

func buildChoice(args []word) (piece, error) {
	sums := make([]uint64, len(args))
	total := uint64(0)
	for i, a := range args {
		weight := uint64(1)
		if a.weight != "" {
			var err error
			if weight, err = strconv.ParseUint(a.weight, 10, 32); err != nil || weight == 0 {
				return piece{}, fmt.Errorf("got the weight %q, want a whole number from 1", a.weight)
			}
		}
		total += weight
		sums[i] = total
	}
	return itemPiece(args, func(s *stream) int64 { return int64(pick(sums, s)) })
}

func buildCycle(args []word) (piece, error) {
	for i, a := range args {
		if a.weight != "" { // weights mean nothing here, so 10:30 is the text
			args[i] = word{text: a.text + ":" + a.weight, quoted: a.quoted}
		}
	}
	return itemPiece(args, func(s *stream) int64 { return s.index % int64(len(args)) })
}

func buildUUID([]word) (piece, error) {
	return piece{write: func(b []byte, s *stream) []byte {
		high, low := s.random.Uint64(), s.random.Uint64()
		high = high&^0xf000 | 0x4000     // version 4, RFC 9562 section 5.4
		low = low&^(0b11<<62) | 0b10<<62 // its variant
		return fmt.Appendf(b, "%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1))
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
	sums := make([]uint64, n)
	total := uint64(0)
	for k := range sums {
		// Integers, since math.Pow differs in its last bit between platforms: drawn from their sums, next to never does a
		// record. 2^40 leaves room for a million ranks in 64 bits; a rank never has no weight at all.
		total += max(1, uint64(1<<40*math.Pow(float64(k+1), -exponent)))
		sums[k] = total
	}
	p := number(func(s *stream) int64 { return int64(pick(sums, s)) })
	p.partition = true
	return p, nil
}

// pick draws an index by weights, given as their sums up to each.
func pick(sums []uint64, s *stream) int {
	x := s.below(sums[len(sums)-1])
	return sort.Search(len(sums), func(i int) bool { return sums[i] > x })
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
	return piece{write: func(b []byte, s *stream) []byte {
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

func buildTimestamp([]word) (piece, error) {
	p := number(func(s *stream) int64 { return s.time.UnixMilli() })
	p.time = true
	return p, nil
}
