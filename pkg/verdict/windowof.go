package verdict

import (
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// windowShapes are how applications name the bounds of a window in a JSON value: names that cannot mean anything else,
// and last those that can.
var windowShapes = []*Picture{
	(*Picture)(nil).with([2]string{"value.window_start", "{start}"}, [2]string{"value.window_end", "{end}"}),
	(*Picture)(nil).with([2]string{"value.windowStart", "{start}"}, [2]string{"value.windowEnd", "{end}"}),
	(*Picture)(nil).with([2]string{"value.window.start", "{start}"}, [2]string{"value.window.end", "{end}"}),
	(*Picture)(nil).with([2]string{"value.start", "{start}"}, [2]string{"value.end", "{end}"}),
}

// WindowOf is the window whose result a record holds, and the key it is of: as the picture draws them, else by the
// names of the fields of its JSON value. Those that are called start and end count only where the topic is known to
// hold windows. End is the zero time where only the start is drawn.
func WindowOf(r *record.Record, drawn *Picture, holdsWindows bool) (key string, start, end time.Time, ok bool) {
	shapes := windowShapes
	switch {
	case drawn.of("start") != nil:
		shapes = []*Picture{drawn}
	case drawn != nil: // as something else
		return "", start, end, false
	case !holdsWindows:
		shapes = windowShapes[:len(windowShapes)-1]
	}
	whole := contentOf(r)
	for _, shape := range shapes {
		cells, err := shape.read(whole)
		if err != nil {
			continue
		}
		if start, err = cells["start"].time(); err != nil {
			continue
		}
		if end, err = cells["end"].time(); err != nil && shape.of("end") != nil || err == nil && !end.After(start) {
			continue
		}
		key = string(r.Key)
		if shape.of("key") != nil {
			key, _ = cells["key"].text()
		}
		return key, start, end, true
	}
	return "", time.Time{}, time.Time{}, false
}
