package verdict

import (
	"encoding/json"
	"math/big"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// event is what windows need of one.
type event struct {
	key   string
	at    int64 // milliseconds
	value *big.Float
	id    string // where it is drawn
}

// Input takes an event, those of a partition in their order.
func (w *Windows) Input(r *record.Record) {
	w.judged++
	w.inputs++
	w.keys.add(r.Partition, r.Offset, r.Key)
	p := w.partition(r.Partition)
	p.seen.add(r.Offset)
	aside := p.aside.has(r.Offset)
	e, readable := w.event(r)
	if byID := w.asideIDs[e.id]; byID != nil && e.id != "" {
		byID.seen, aside = true, true
	}
	if !readable {
		if !aside && w.late != "" {
			w.found.add(findingAt(NotSetAside, w.input, r), "cannot be read, and is not in %s: no key, or no "+
				"number %q in its value", w.late, w.rules.Field)
		}
		return
	}
	size, grace := w.rules.Size.Milliseconds(), w.rules.Grace.Milliseconds()
	start := e.at - floorMod(e.at, size)
	before := p.stream
	p.stream = max(p.stream, e.at)
	late := before != noTime && before >= start+size+grace // whatever other partitions are at
	group := w.group(r.Partition)
	switch {
	case late && !aside && w.late != "":
		w.found.add(findingAt(NotSetAside, w.input, r), "of %s and late, as stream time was %s already; it is not in %s",
			instant(e.at), instant(before), w.late)
	case late:
	case w.merges():
		w.remember(p, r.Offset, e.at, before, aside)
		if !aside {
			w.count(windowID{start, e.key}, group, e.value)
		}
	case aside:
		w.inTime = append(w.inTime, setAside{position{r.Partition, r.Offset}, start + size, before, e.at})
	default:
		w.count(windowID{start, e.key}, group, e.value)
	}
}

func floorMod(n, by int64) int64 {
	if m := n % by; m >= 0 {
		return m
	}
	return n%by + by
}

func (w *Windows) count(id windowID, group int, value *big.Float) {
	if w.want[id] == nil {
		w.want[id] = map[int]*total{}
	}
	if w.want[id][group] == nil {
		w.want[id][group] = &total{}
	}
	w.want[id][group].add(value)
}

// event reads an event. Of one that cannot be read only the id may be known.
func (w *Windows) event(r *record.Record) (e event, readable bool) {
	if w.pictures.event == nil {
		e.key, e.at = string(r.Key), r.Timestamp.UnixMilli()
		e.value, readable = eventValue(r, w.rules.Field)
		return e, readable && r.Key != nil && e.at >= 0
	}
	cells, err := w.pictures.event.read(contentOf(r))
	if err != nil {
		return e, false
	}
	e.id, _ = cells["id"].identity(w.idAsText)
	at, noTime := cells["time"].time()
	value, noValue := cells["value"].number()
	key, there := cells["key"].identity(w.keyAsText)
	e.key, e.at, e.value = key, at.UnixMilli(), value
	return e, noTime == nil && noValue == nil && there
}

// eventValue reads the number that is summed, as a JSON number.
func eventValue(r *record.Record, field string) (*big.Float, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(r.Value, &fields) != nil {
		return nil, false
	}
	return exact(string(fields[field]))
}

// Drawn is a record of a window as if it was written as the package's own applications do: under its key a JSON object
// with start and end, in RFC 3339, and count, sum, min and max, as far as they are drawn. What cannot be read stays as
// it is.
func (p *Picture) Drawn(r record.Record) record.Record {
	fields := map[string]json.RawMessage{}
	if p == nil && (json.Unmarshal(r.Value, &fields) != nil || fields == nil) {
		return r
	}
	cells, err := p.with([2]string{"key", "{key}"}, [2]string{"value.start", "{start}"},
		[2]string{"value.end", "{end}"}).read(contentOf(&r))
	if err != nil {
		return r
	}
	same := p == nil // then it is left as it is written
	for name, c := range cells {
		switch name {
		case "start", "end":
			if t, err := c.time(); err == nil {
				text, _ := json.Marshal(t.Format(time.RFC3339Nano)) // a text always encodes
				same = same && string(text) == string(fields[name])
				fields[name] = text
			}
		case "count", "sum", "min", "max":
			if text, _ := c.text(); c.json && !c.part.text {
				fields[name] = c.raw
			} else if _, err := c.number(); err == nil {
				fields[name] = json.RawMessage(text)
			}
		}
	}
	if p.of("key") != nil {
		key, _ := cells["key"].text()
		r.Key = []byte(key)
	}
	if value, err := json.Marshal(fields); err == nil && !same {
		r.Value = value
	}
	return r
}
