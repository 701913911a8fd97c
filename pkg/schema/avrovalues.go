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

func (r *avroReader) array(w *avro.ArraySchema, reader avro.Schema, at string) any {
	want, ok := reader.(*avro.ArraySchema)
	var items avro.Schema
	if ok {
		items = want.Items()
	}
	list := []any{}
	r.block(func() {
		if value := r.read(w.Items(), items, at); ok {
			list = append(list, value)
		}
	})
	if !ok {
		return r.unlike(w, reader, at)
	}
	return list
}

func (r *avroReader) mapping(w *avro.MapSchema, reader avro.Schema, at string) any {
	want, ok := reader.(*avro.MapSchema)
	var values avro.Schema
	if ok {
		values = want.Values()
	}
	object := map[string]any{}
	r.block(func() {
		key := r.in.ReadString()
		if value := r.read(w.Values(), values, field(at, key)); ok {
			object[key] = value
		}
	})
	if !ok {
		return r.unlike(w, reader, at)
	}
	return object
}

func (r *avroReader) fixed(w *avro.FixedSchema, reader avro.Schema, at string) any {
	b := make([]byte, w.Size())
	r.in.Read(b)
	if want, ok := reader.(*avro.FixedSchema); ok && sameName(want, w) && want.Size() == w.Size() {
		return latin1(b)
	}
	return r.unlike(w, reader, at)
}

func (r *avroReader) primitive(w, reader avro.Schema, at string) any {
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
	if reader == nil || r.in.Error != nil {
		return nil
	}
	if w.Type() != reader.Type() && !promotable(w.Type(), reader.Type()) {
		return r.unlike(w, reader, at)
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
		if w.Type() == avro.String && reader.Type() == avro.Bytes {
			return latin1([]byte(v))
		}
	}
	return value
}
