package verdict

import (
	"maps"
	"math/bits"
	"slices"
)

// offsets is a set of offsets of one partition, a bit each. Offsets may begin
// anywhere and have gaps; only pages that have offsets take memory.
type offsets struct {
	pages[page]
	count int64
}

// pages are those of a large array that are in use. The zero value is empty.
type pages[P any] struct {
	all  map[int64]*P
	at   int64 // the page used last
	last *P
}

// of returns a page, which is made where it is not there yet.
func (p *pages[P]) of(number int64) *P {
	if p.last == nil || p.at != number {
		if p.all == nil {
			p.all = map[int64]*P{}
		}
		p.at, p.last = number, valueOf(p.all, number)
	}
	return p.last
}

// page holds 32768 offsets in 4 KiB.
type page [pageBits / 64]uint64

const pageBits = 1 << 15

// add reports whether the offset was not in the set before.
func (o *offsets) add(offset int64) bool {
	// The shift rounds down, negative offsets too.
	word, bit := &o.of(offset >> 15)[offset&(pageBits-1)/64], uint64(1)<<(offset&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	o.count++
	return true
}

func (o *offsets) has(offset int64) bool {
	p := o.all[offset>>15]
	return p != nil && p[offset&(pageBits-1)/64]>>(offset&63)&1 != 0
}

// each calls see with every offset, in order.
func (o *offsets) each(see func(offset int64)) {
	o.without(&offsets{}, see)
}

// without calls see with every offset that another set does not have, in order.
func (o *offsets) without(other *offsets, see func(offset int64)) {
	for _, number := range numbers(o) {
		has := other.page(number)
		for word, set := range o.page(number) {
			each(number, word, set&^has[word], see)
		}
	}
}

// strangers calls see with every offset that is none of the known ones, but for those before the first of these, of
// which nothing is known.
func (o *offsets) strangers(known *offsets, see func(offset int64)) {
	first, any := known.first()
	o.without(known, func(offset int64) {
		if !any || offset > first {
			see(offset)
		}
	})
}

// first is the lowest offset of the set.
func (o *offsets) first() (first int64, any bool) {
	for _, number := range numbers(o) {
		for word, set := range o.page(number) {
			if set != 0 {
				return number<<15 + int64(word)*64 + int64(bits.TrailingZeros64(set)), true
			}
		}
	}
	return 0, false
}

// tally is a set of offsets that knows which came more than once.
type tally struct {
	offsets
	more map[int64]int64 // how often beyond once
}

func (t *tally) add(offset int64) {
	if t.offsets.add(offset) {
		return
	}
	if t.more == nil {
		t.more = map[int64]int64{}
	}
	t.more[offset]++
}

// valueOf returns the value of a key, and makes a zero one where there is none.
func valueOf[K comparable, V any](all map[K]*V, key K) *V {
	v := all[key]
	if v == nil {
		v = new(V)
		all[key] = v
	}
	return v
}

// numbers returns the pages that a set has, in order.
func numbers(o *offsets) []int64 { return slices.Sorted(maps.Keys(o.all)) }

var empty page

func (o *offsets) page(number int64) *page {
	if p := o.all[number]; p != nil {
		return p
	}
	return &empty
}

// each calls see with every offset whose bit is set in a word of a page.
func each(number int64, word int, set uint64, see func(offset int64)) {
	for ; set != 0; set &= set - 1 {
		see(number<<15 + int64(word)*64 + int64(bits.TrailingZeros64(set)))
	}
}
