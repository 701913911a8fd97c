package schema

import (
	"fmt"
	"math"
	"strconv"

	"github.com/hamba/avro/v2"
)

// block hands on each item of an array or map.
func (r *avroReader) block(item func()) {
	for {
		count, _ := r.in.ReadBlockHeader()
		if count == 0 || r.in.Error != nil {
			return
		}
		if r.items += count; count < 0 || r.items > mostItems {
			r.in.ReportError("read", fmt.Sprintf("got a list of %d items, want at most %d in a record", r.items, mostItems))
			return
		}
		for range count {
			if item(); r.in.Error != nil {
				return
			}
		}
	}
}

func (r *avroReader) array(w, want *avro.ArraySchema, at string) any {
	var items avro.Schema
	if want != nil {
		items = want.Items()
	}
	list := []any{}
	r.block(func() {
		if value := r.read(w.Items(), items, at); want != nil {
			list = append(list, value)
		}
	})
	return list
}

func (r *avroReader) mapping(w, want *avro.MapSchema, at string) any {
	var values avro.Schema
	if want != nil {
		values = want.Values()
	}
	object := map[string]any{}
	r.block(func() {
		key := r.in.ReadString()
		if value := r.read(w.Values(), values, field(at, key)); want != nil {
			object[key] = value
		}
	})
	return object
}

func (r *avroReader) primitive(w, reader avro.Schema) any {
	if w.Type() == avro.Null {
		return nil
	}
	stored := avro.NewPrimitiveSchema(w.Type(), nil) // without its logical type
	switch v := r.in.ReadNext(stored).(type) {
	case float32: // to be written as short as it was
		return finite(v, float64(v))
	case float64:
		return finite(v, v)
	case []byte:
		return latin1(v)
	case string:
		if reader != nil && reader.Type() == avro.Bytes {
			return latin1([]byte(v))
		}
		return v
	default:
		return v
	}
}

// finite is the text of what JSON has no number for.
func finite(v any, f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return v
}
