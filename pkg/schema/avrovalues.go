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
	var value any
	switch w.Type() {
	case avro.Null:
	case avro.Boolean:
		value = r.in.ReadBool()
	case avro.Int:
		value = int64(r.in.ReadInt())
	case avro.Long:
		value = r.in.ReadLong()
	case avro.Float:
		value = float64(r.in.ReadFloat())
	case avro.Double:
		value = r.in.ReadDouble()
	case avro.String:
		value = r.in.ReadString()
	case avro.Bytes:
		value = latin1(r.in.ReadBytes())
	}
	switch v := value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) { // for which JSON has no number
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
		if w.Type() == avro.Float {
			return float32(v) // to be written as short as it was
		}
	case string:
		if w.Type() == avro.String && reader != nil && reader.Type() == avro.Bytes {
			return latin1([]byte(v))
		}
	}
	return value
}
