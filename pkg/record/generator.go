package record

import (
	"hash/fnv"
	"iter"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"time"
)

// Generators make records from a description in YAML: a mapping of names to generators.
//
//	orders:
//	  about: orders of many users            # for people
//	  let:                                   # drawn once per record, for use in several places
//	    user: user-${zipf 10000 1.1}
//	  key: ${user}
//	  value:                                 # a mapping or list becomes compact JSON; a text stays text
//	    order: ${sequence 1}
//	    user: ${user}
//	    amount: ${decimal 1.00 99.99}
//	  headers: {source: web}                 # or a list of one-entry mappings
//	  timestamp: {start: 2026-03-01T12:00:00Z, step: 10ms, jitter: 5ms}
//	  partition: ${cycle 0 1 2}
//	  tombstones: 1%                         # of the records have a null value
//	  bad: {share: 2%, value: not json}      # or {every: 50}; of the others have this value
//
// Functions: see the table in function.go. A scalar that is one number function alone is a JSON number, all else a JSON
// string. Quote "${…}" inside { }.
//
// The same seed gives the same records on every platform: only integers are drawn from PCG, and the one formula with
// fractions (zipf) rounds the same everywhere.

// Generator makes records. It is safe for concurrent use.
type Generator struct {
	name       string
	lets       []named
	key        *template
	value      *template
	headers    []named
	partition  *template
	times      *times
	tombstones uint64 // per billion
	bad        *bad
}

// named is a let, or a header.
type named struct {
	name string
	*template
}

// times gives record i the timestamp start + i×step + up to jitter.
type times struct {
	start        time.Time
	step, jitter time.Duration
}

// bad replaces a share of the values, or every so manyth.
type bad struct {
	share uint64 // per billion
	every int64
	value *template
}

// billion is the whole of a share.
const billion = 1_000_000_000

// Records gives n records, the same for the same seed at each call. They are not copied or reused: a consumer may keep
// them.
func (g *Generator) Records(seed, n int64) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		s := g.newStream(seed)
		for s.index = 0; s.index < n; s.index++ {
			if !yield(g.next(s)) {
				return
			}
		}
	}
}

// stream is the state of one run over a generator.
type stream struct {
	random  rand.PCG
	index   int64
	time    time.Time
	lets    []drawn
	scratch []byte
}

type drawn struct {
	text []byte
	null bool
}

// newStream mixes the name into the seed, so that two generators with one seed do not run in step.
func (g *Generator) newStream(seed int64) *stream {
	h := fnv.New64a()
	_, _ = h.Write([]byte(g.name)) // a hash never fails
	s := &stream{lets: make([]drawn, len(g.lets))}
	s.random.Seed(uint64(seed), h.Sum64())
	return s
}

func (g *Generator) next(s *stream) Record {
	r := Record{Partition: -1, Offset: -1}
	if g.times != nil {
		s.time = g.times.at(s)
		r.Timestamp = s.time
	}
	for i, l := range g.lets {
		s.lets[i].text, s.lets[i].null = l.render(s.lets[i].text[:0], s)
	}
	r.Key = s.draw(g.key)
	r.Value = g.nextValue(s)
	if len(g.headers) > 0 {
		r.Headers = make([]Header, len(g.headers))
		for i, h := range g.headers {
			r.Headers[i] = Header{Key: h.name, Value: s.draw(h.template)}
		}
	}
	if text := s.draw(g.partition); text != nil {
		n, _ := strconv.Atoi(string(text)) // the parser has seen to it that it is one
		r.Partition = int32(n)
	}
	return r
}

func (g *Generator) nextValue(s *stream) []byte {
	switch b := g.bad; {
	case g.tombstones > 0 && s.below(billion) < g.tombstones:
		return nil
	case b != nil && (b.every > 0 && (s.index+1)%b.every == 0 || b.share > 0 && s.below(billion) < b.share):
		return s.draw(b.value)
	}
	return s.draw(g.value)
}

func (t *times) at(s *stream) time.Time {
	after := time.Duration(s.index) * t.step
	if t.jitter > 0 {
		after += time.Duration(s.below(uint64(t.jitter) + 1))
	}
	return t.start.Add(after).Truncate(time.Millisecond)
}

// draw renders a template into memory of its own; a nil template and a drawn null give nil.
func (s *stream) draw(t *template) []byte {
	if t == nil {
		return nil
	}
	var null bool
	if s.scratch, null = t.render(s.scratch[:0], s); null {
		return nil
	}
	return append([]byte{}, s.scratch...)
}

// below draws from 0 to n-1 without bias, from integers alone (Lemire 2019, "Fast random integer generation in an
// interval"). Rand.Uint64N takes another way on 32-bit platforms, so it is not used.
func (s *stream) below(n uint64) uint64 {
	high, low := bits.Mul64(s.random.Uint64(), n)
	if low < n {
		for threshold := -n % n; low < threshold; {
			high, low = bits.Mul64(s.random.Uint64(), n)
		}
	}
	return high
}
