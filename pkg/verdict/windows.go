package verdict

import (
	"errors"
	"fmt"
	"maps"
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
// An event is late when stream time, the latest event time before it, has reached the end of its window plus grace. It
// must be set aside, once, and every other event must be counted in its window. A window must be emitted, once, when
// stream time has passed its end plus grace, and not before. Whose stream time that is the rules say; see StreamTime.
//
// Feed the set-aside records and the windows before the events. Memory grows with the number of windows, and takes two
// bits per event; where events are set aside by an id, also some 50 bytes for each of those.
type Windows struct {
	input, windows, late string
	rules                WindowRules
	pictures             struct{ event, window, late *Picture }
	partitions           map[int32]*windowPartition
	want                 map[windowID]map[int]*total // by the group of partitions that have a stream time in common
	got                  map[windowID][]emitted
	asideIDs             map[string]*asideID
	keyAsText, idAsText  bool // one of the places where it stands holds texts only
	inTime               []setAside
	keys                 keys
	found                collector
	judged, inputs       int64
}

// WindowRules say what windows are asked for.
type WindowRules struct {
	Size, Grace time.Duration
	Stream      StreamTime
	Tasks       [][]int32     // of PerTask: the partitions of each; one that is in none is a task of its own
	IdleAfter   time.Duration // of SlowestPartition
	Updates     bool          // a window is emitted at each change, and the last one counts
	Field       string        // of the events' JSON values: the number that is summed
	// how records are written; nil, and what is not drawn: as the package's applications write them
	Events, Windows, Late *Picture
}

// StreamTime says of which partitions the latest event time counts.
type StreamTime string

// The kinds of stream time.
const (
	// SlowestPartition: events are late by their own partition, and windows close when the slowest active one has passed
	// them. One that is further behind the fastest than IdleAfter is idle and holds nothing back. When an idle one wakes
	// up, what it brings for windows that have closed is late as well; when that was cannot be seen in the topics, so
	// such an event may be set aside although it is in time where its partition was that far behind. Conversely a window
	// counts as early if the partitions as they are now do not close it.
	SlowestPartition StreamTime = "slowest partition"
	// PerPartition: each partition has its own, for its events and for its windows, as in Kafka Streams with one topic.
	PerPartition StreamTime = "per partition"
	// PerTask: some partitions have one in common, and so their windows. In which order a task read its partitions cannot
	// be seen in the topics: what was set aside must be right for one order, whichever that is.
	PerTask StreamTime = "per task"
	// Global: all partitions are one task.
	Global StreamTime = "global"
)

// windowID is a window of one key.
type windowID struct {
	start int64 // milliseconds
	key   string
}

type windowPartition struct {
	seen, aside offsets
	stream      int64 // the latest event time so far, in milliseconds; noTime for none
	order       []stretch
}

const noTime = math.MinInt64

// emitted is a window as it was emitted; a nil field is not in its record.
type emitted struct {
	partition            int32
	offset               int64
	count, sum, min, max *big.Float
	exactly              bool   // the sum is no float64
	end                  *int64 // milliseconds
}

// numbers are what a window may have.
func (e *emitted) numbers() []**big.Float { return []**big.Float{&e.count, &e.sum, &e.min, &e.max} }

// setAside is an event that was set aside although its own partition had not closed its window.
type setAside struct {
	at             position
	end            int64
	before, stream int64 // stream time before it; the event's time
}

// asideID is what was set aside by an event's id.
type asideID struct {
	at   Finding
	seen bool // the event is there
}

// NewWindows judges the windows of a topic's events. late names the topic of what was set aside; none is needed where
// late events are dropped, which only stream time of single partitions lets tell.
func NewWindows(input, windows, late string, rules WindowRules) *Windows {
	w := &Windows{
		input: input, windows: windows, late: late, rules: rules, partitions: map[int32]*windowPartition{},
		want: map[windowID]map[int]*total{}, got: map[windowID][]emitted{}, asideIDs: map[string]*asideID{},
	}
	if rules.Events != nil {
		w.pictures.event = rules.Events.with([2]string{"key", "{key}"}, [2]string{"timestamp", "{time}"},
			[2]string{"value." + rules.Field, "{value}"})
	}
	w.pictures.window = rules.Windows.with([2]string{"key", "{key}"}, [2]string{"value.start", "{start}"})
	for _, name := range []string{"end", "count", "sum", "min", "max"} {
		if rules.Windows == nil {
			w.pictures.window = w.pictures.window.with([2]string{"value." + name, "{" + name + "}"})
		}
	}
	w.pictures.late = rules.Late
	if rules.Late.of("id") == nil {
		w.pictures.late = rules.Late.with([2]string{"headers.late-source-partition", "{partition}"},
			[2]string{"headers.late-source-offset", "{offset}"})
	}
	w.keyAsText = w.pictures.event.holdsText("key", "key") || w.pictures.window.holdsText("key", "key")
	w.idAsText = w.pictures.event.holdsText("id", "key") || w.pictures.late.holdsText("id", "key")
	return w
}

func (w *Windows) partition(number int32) *windowPartition {
	p := w.partitions[number]
	if p == nil {
		p = &windowPartition{stream: noTime}
		w.partitions[number] = p
	}
	return p
}

// Late takes a record that was set aside, which names its event by its place or by an id.
func (w *Windows) Late(r *record.Record) {
	w.judged++
	cells, err := w.pictures.late.read(contentOf(r))
	if err != nil {
		w.found.add(findingAt(Unexpected, w.late, r), "names no event: %v", err)
		return
	}
	if id, byID := cells["id"]; byID {
		w.lateByID(r, id)
		return
	}
	var numbers [2]int64
	for i, name := range []string{"partition", "offset"} {
		text, _ := cells[name].text()
		if numbers[i], err = integer([]byte(text)); err != nil || i == 0 && int64(int32(numbers[0])) != numbers[0] {
			w.found.add(findingAt(Unexpected, w.late, r), "names no event: %s: got %s, want a number of a %s",
				cells[name].place, cells[name], name)
			return
		}
	}
	if !w.partition(int32(numbers[0])).aside.add(numbers[1]) {
		w.found.add(findingAt(SetAsideTwice, w.late, r), "%s partition %d offset %d for the second time", w.input, numbers[0],
			numbers[1])
	}
}

func (w *Windows) lateByID(r *record.Record, c cell) {
	id, there := c.identity(w.idAsText)
	switch {
	case !there:
		w.found.add(findingAt(Unexpected, w.late, r), "names no event: %s: there is none", c.place)
	case w.asideIDs[id] != nil:
		w.found.add(findingAt(SetAsideTwice, w.late, r), "%s for the second time", readable(id))
	default:
		w.asideIDs[id] = &asideID{at: findingAt(Unexpected, w.late, r)}
	}
}

// Window takes a window that was emitted. Unless it is drawn otherwise, its key is that of the record, and its value a
// JSON object with start and, if the application writes it, end, as ISO 8601 or milliseconds since 1970, and one or
// more of count, sum, min and max: what one window has, the others of the topic must have too.
func (w *Windows) Window(r *record.Record) {
	w.judged++
	id, e, err := w.readWindow(r)
	if err != nil {
		w.found.add(findingAt(Unexpected, w.windows, r), "no window: %v; got value %.100q", err, r.Value)
		return
	}
	w.got[id] = append(w.got[id], e)
}

func (w *Windows) readWindow(r *record.Record) (id windowID, e emitted, err error) {
	cells, err := w.pictures.window.read(contentOf(r))
	if err != nil {
		return id, e, err
	}
	if w.rules.Windows == nil { // the fields that the record has
		maps.DeleteFunc(cells, func(name string, c cell) bool { return c.raw == nil && name != "key" && name != "start" })
	}
	e = emitted{partition: r.Partition, offset: r.Offset, exactly: cells["sum"].part.text}
	var there bool
	if id.key, there = cells["key"].identity(w.keyAsText); !there {
		return id, e, errors.New("it has no key")
	}
	if id.start, err = cells["start"].millis(); err != nil {
		return id, e, err
	}
	if c, drawn := cells["end"]; drawn {
		end, err := c.millis()
		if err != nil {
			return id, e, err
		}
		e.end = &end
	}
	numbers := 0
	for name, into := range map[string]**big.Float{"count": &e.count, "sum": &e.sum, "min": &e.min, "max": &e.max} {
		if c, drawn := cells[name]; drawn {
			if *into, err = c.number(); err != nil {
				return id, e, err
			}
			numbers++
		}
	}
	if numbers == 0 {
		return id, e, errors.New("want count, sum, min or max")
	}
	return id, e, nil
}

// is compares what the record has with what belongs into a window of a size.
func (e emitted) is(t *total, end int64) bool {
	return (e.end == nil || *e.end == end) &&
		(e.count == nil || isSame(e.count, new(big.Float).SetInt64(t.count))) &&
		(e.sum == nil || t.isSum(e.sum, e.exactly)) &&
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
	switch {
	case e.end != nil && *e.end == noTime:
		parts = append(parts, "no end")
	case e.end != nil:
		parts = append(parts, "end "+instant(*e.end).String())
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
