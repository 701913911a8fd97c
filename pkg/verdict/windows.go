package verdict

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Windows judges windows of event time against the events they are of, by the rules that windows in streams of events
// commonly have (the Dataflow model; KIP-328 for grace): tumbling, aligned to 1970, for each key, closed by stream
// time.
//
// An event is late when the stream time of its partition, the latest event time before it, has reached the end of its
// window plus grace. It must be set aside, once, and every other event must be counted in its window. A window must be
// emitted, once, when the slowest active partition has passed its end plus grace, and not before. All partitions are
// taken to have been read to their ends; one that is further behind the fastest than IdleAfter is idle and holds
// nothing back.
//
// When an idle partition wakes up, what it brings for windows that have closed is late as well. When that was cannot be
// seen in the topics, so an event may be set aside although it is in time where its partition was that far behind.
// Conversely a window counts as early if the partitions as they are now do not close it.
//
// Feed the set-aside records and the windows before the events. Memory grows with the number of windows, and takes two
// bits per event.
type Windows struct {
	input, windows, late string
	rules                WindowRules
	partitions           map[int32]*windowPartition
	want                 map[windowID]map[int32]*total
	got                  map[windowID][]emitted
	inTime               []setAside
	keys                 keys
	found                collector
	judged, inputs       int64
}

// WindowRules say what windows are asked for.
type WindowRules struct {
	Size, Grace time.Duration
	IdleAfter   time.Duration
	Field       string // of the events' JSON values: the number that is summed
}

// windowID is a window of one key.
type windowID struct {
	start int64 // milliseconds
	key   string
}

type windowPartition struct {
	seen, aside offsets
	stream      int64 // the latest event time so far, in milliseconds; noTime for none
}

const noTime = math.MinInt64

// emitted is a window as it was emitted; a nil field is not in its record.
type emitted struct {
	partition            int32
	offset               int64
	count, sum, min, max *big.Float
	end                  *time.Time
}

// setAside is an event that was set aside although its own partition had not closed its window.
type setAside struct {
	at             position
	end            int64
	before, stream int64 // stream time before it; the event's time
}

// NewWindows judges the windows of a topic's events. late names the topic of what was set aside.
func NewWindows(input, windows, late string, rules WindowRules) *Windows {
	return &Windows{
		input: input, windows: windows, late: late, rules: rules, partitions: map[int32]*windowPartition{},
		want: map[windowID]map[int32]*total{}, got: map[windowID][]emitted{},
	}
}

func (w *Windows) partition(number int32) *windowPartition {
	p := w.partitions[number]
	if p == nil {
		p = &windowPartition{stream: noTime}
		w.partitions[number] = p
	}
	return p
}

// Late takes a record that was set aside. The headers late-source-partition and late-source-offset say which event it
// is.
func (w *Windows) Late(r *record.Record) {
	w.judged++
	var numbers [2]int64
	for i, name := range []string{"late-source-partition", "late-source-offset"} {
		value, _ := header(r, name)
		var err error
		if numbers[i], err = integer(value); err != nil {
			w.found.add(findingAt(Unexpected, w.late, r), "names no event: it needs the header %s, a number", name)
			return
		}
	}
	if !w.partition(int32(numbers[0])).aside.add(numbers[1]) {
		w.found.add(findingAt(SetAsideTwice, w.late, r), "%s partition %d offset %d for the second time", w.input, numbers[0],
			numbers[1])
	}
}

// Window takes a window that was emitted. Its key is that of the record, and its value a JSON object with start and, if
// the application writes it, end, in RFC 3339, and one or more of count, sum, min and max.
func (w *Windows) Window(r *record.Record) {
	w.judged++
	var value struct {
		Start, End           *time.Time
		Count, Sum, Min, Max json.RawMessage
	}
	e := emitted{partition: r.Partition, offset: r.Offset}
	err := json.Unmarshal(r.Value, &value)
	numbers := 0
	for text, number := range map[*json.RawMessage]**big.Float{
		&value.Count: &e.count, &value.Sum: &e.sum, &value.Min: &e.min, &value.Max: &e.max,
	} {
		if len(*text) == 0 || string(*text) == "null" {
			continue
		}
		var readable bool
		if *number, readable = exact(string(*text)); !readable {
			err = errors.Join(err, errors.New("not a number"))
		}
		numbers++
	}
	if err != nil || value.Start == nil || numbers == 0 {
		w.found.add(findingAt(Unexpected, w.windows, r), "no window: got value %.100q, want a JSON object with start "+
			"and count, sum, min or max", r.Value)
		return
	}
	e.end = value.End
	id := windowID{value.Start.UnixMilli(), string(r.Key)}
	w.got[id] = append(w.got[id], e)
}

// Input takes an event, those of a partition in their order.
func (w *Windows) Input(r *record.Record) {
	w.judged++
	w.inputs++
	w.keys.add(r.Partition, r.Offset, r.Key)
	p := w.partition(r.Partition)
	p.seen.add(r.Offset)
	aside := p.aside.has(r.Offset)
	value, readable := eventValue(r, w.rules.Field)
	if !readable {
		if !aside {
			w.found.add(findingAt(NotSetAside, w.input, r), "cannot be read, and is not in %s: no key, or no "+
				"number %q in its value", w.late, w.rules.Field)
		}
		return
	}
	at, size, grace := r.Timestamp.UnixMilli(), w.rules.Size.Milliseconds(), w.rules.Grace.Milliseconds()
	start := at - at%size
	before := p.stream
	p.stream = max(p.stream, at)
	switch late := before != noTime && before >= start+size+grace; {
	case late && !aside:
		w.found.add(findingAt(NotSetAside, w.input, r), "of %s and late, as stream time was %s already; it is not in %s",
			instant(at), instant(before), w.late)
	case late:
	case aside:
		w.inTime = append(w.inTime, setAside{position{r.Partition, r.Offset}, start + size, before, at})
	default:
		w.count(windowID{start, string(r.Key)}, r.Partition, value)
	}
}

func (w *Windows) count(id windowID, partition int32, value *big.Float) {
	if w.want[id] == nil {
		w.want[id] = map[int32]*total{}
	}
	if w.want[id][partition] == nil {
		w.want[id][partition] = &total{}
	}
	w.want[id][partition].add(value)
}

// eventValue reads the number that is summed, as a JSON number.
func eventValue(r *record.Record, field string) (*big.Float, bool) {
	if r.Key == nil || r.Timestamp.UnixMilli() < 0 {
		return nil, false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(r.Value, &fields) != nil {
		return nil, false
	}
	return exact(string(fields[field]))
}

// is compares what the record has with what belongs into a window of a size.
func (e emitted) is(t *total, end int64) bool {
	return (e.end == nil || e.end.UnixMilli() == end) &&
		(e.count == nil || isSame(e.count, new(big.Float).SetInt64(t.count))) && (e.sum == nil || t.isSum(e.sum)) &&
		(e.min == nil || isSame(e.min, t.min)) && (e.max == nil || isSame(e.max, t.max))
}

func (e emitted) String() string {
	var parts []string
	for _, f := range []struct {
		name  string
		value *big.Float
	}{{"count", e.count}, {"sum", e.sum}, {"min", e.min}, {"max", e.max}} {
		if f.value != nil {
			parts = append(parts, f.name+" "+plain(f.value))
		}
	}
	if e.end != nil {
		parts = append(parts, "end "+instant(e.end.UnixMilli()).String())
	}
	return strings.Join(parts, ", ")
}

func (t *total) String() string {
	return fmt.Sprintf("count %d, sum %s, min %s, max %s", t.count, plain(t.sum), plain(t.min), plain(t.max))
}

// instant is a time in milliseconds.
type instant int64

func (t instant) String() string {
	if int64(t) == noTime {
		return "no time"
	}
	return time.UnixMilli(int64(t)).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}
