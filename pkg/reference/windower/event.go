package windower

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Headers of a record that was set aside, behind its own. All values are text.
const (
	HeaderReason    = "late-reason" // late or unreadable
	HeaderDetail    = "late-detail"
	HeaderPartition = "late-source-partition"
	HeaderOffset    = "late-source-offset"
)

// readEvent reads the number to sum.
func readEvent(r *kgo.Record, field string) (float64, error) {
	if r.Key == nil {
		return 0, errors.New("no key, and windows are for each key")
	}
	if r.Timestamp.UnixMilli() < 0 {
		return 0, errors.New("no timestamp")
	}
	object := gjson.ParseBytes(r.Value) // in a tenth of the time that encoding/json takes
	if !gjson.ValidBytes(r.Value) || !object.IsObject() {
		if err := json.Unmarshal(r.Value, &map[string]json.RawMessage{}); err != nil {
			return 0, fmt.Errorf("not a JSON object: %w", err)
		}
	}
	var found gjson.Result
	object.ForEach(func(name, value gjson.Result) bool {
		if name.Str == field {
			found = value // the last one counts, as for encoding/json
		}
		return true
	})
	if !found.Exists() {
		return 0, fmt.Errorf("no field %q", field)
	}
	if found.Type != gjson.Number || math.Abs(found.Num) > largest {
		return 0, fmt.Errorf("field %q: got %s, want a number of at most %g", field, found.Raw, largest)
	}
	return found.Num, nil
}

// largest leaves room for any number of events in a sum.
const largest = 1e280

// aside is a record with the reason why it is in no window: key, value, headers and timestamp are its own.
func (t *task) aside(r *kgo.Record, reason, detail string) *kgo.Record {
	headers := slices.Clone(r.Headers)
	add := func(key, value string) { headers = append(headers, kgo.RecordHeader{Key: key, Value: []byte(value)}) }
	add(HeaderReason, reason)
	add(HeaderDetail, detail)
	add(HeaderPartition, strconv.Itoa(int(r.Partition)))
	add(HeaderOffset, strconv.FormatInt(r.Offset, 10))
	return &kgo.Record{Topic: t.settings.late, Key: r.Key, Value: r.Value, Headers: headers, Timestamp: r.Timestamp}
}
