package conformance_test

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"reflect"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// left are fields that say nothing about how a broker behaves, or that no two clusters have in common.
var left = map[string]bool{
	"Version": true, "ThrottleMillis": true, "UnknownTags": true, "Host": true, "Port": true,
	"ClusterID": true, "LeaderEpoch": true, "CoordinatorEpoch": true, "LogDir": true, "Size": true, "TotalBytes": true,
	"UsableBytes": true, "Documentation": true, "PreferredReadReplica": true, "ClusterAuthorizedOperations": true,
	"CurrentLeader": true, "ClientHost": true, "StartTimestamp": true, "SessionID": true, "Dir": true,
	"CurrentLeaderEpoch": true,
}

// masked are fields of which only counts whether they have a value.
var masked = map[string]bool{
	"NodeID": true, "ControllerID": true, "Leader": true, "LeaderID": true, "CoordinatorID": true, "TopicID": true,
	"ProducerID": true, "MemberID": true, "LogAppendTime": true, "LastTimestamp": true,
}

// render writes an answer as one line: numbers that are 0 and absent texts are left out, lists that are null are not
// the same as empty ones, and lists are in the order of their texts, since brokers choose theirs.
func render(answer kmsg.Response, words bool) string {
	if answer == nil {
		return "none"
	}
	r := renderer{words: words}
	return r.value(reflect.ValueOf(answer).Elem())
}

type renderer struct{ words bool }

func (r renderer) value(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return r.value(v.Elem())
	case reflect.Struct:
		return "{" + strings.Join(r.fields(v), " ") + "}"
	case reflect.Slice:
		return r.list(v)
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(v.Interface())
}

func (r renderer) list(v reflect.Value) string {
	if v.IsNil() {
		return "null"
	}
	if b, ok := v.Interface().([]byte); ok {
		return fmt.Sprintf("%q", b)
	}
	all := []string{}
	for i := range v.Len() {
		all = append(all, r.value(v.Index(i)))
	}
	slices.Sort(all)
	return "[" + strings.Join(all, " ") + "]"
}

func (r renderer) fields(v reflect.Value) (all []string) {
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch {
		case left[name] || name == "ErrorMessage" && (!r.words || f.IsNil() || f.Elem().IsZero()):
		case name == "LogStartOffset" && failed(v): // some answers have it then, and nobody reads it
		case name == "ErrorCode":
			all = append(all, codeName(int16(f.Int())))
		case masked[name]:
			if masks(f) {
				all = append(all, name)
			}
		case name == "Records" || name == "RecordBatches":
			all = append(all, batches(name, f.Bytes()))
		case f.Kind() == reflect.Slice, !f.IsZero():
			if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Int32 && isNodes(name) {
				all = append(all, fmt.Sprintf("%s:%d", name, f.Len()))
				continue
			}
			all = append(all, name+":"+r.value(f))
		}
	}
	return all
}

func failed(v reflect.Value) bool {
	code := v.FieldByName("ErrorCode")
	return code.IsValid() && code.Int() != 0
}

func isNodes(name string) bool {
	return slices.Contains([]string{"Replicas", "ISR", "OfflineReplicas", "AddingReplicas", "RemovingReplicas"}, name)
}

// masks tells whether a masked field has a value.
func masks(f reflect.Value) bool {
	if f.CanInt() {
		return f.Int() >= 0
	}
	return !f.IsZero()
}

// batches describes record batches by what a consumer sees of them.
func batches(name string, b []byte) string {
	if b == nil {
		return name + ":null"
	}
	all := []string{}
	for len(b) >= 61 {
		var batch kmsg.RecordBatch
		size := 12 + int(int32(binary.BigEndian.Uint32(b[8:])))
		if size > len(b) || batch.ReadFrom(b[:size]) != nil {
			break
		}
		wrong := ""
		if crc32.Checksum(b[21:size], crc32.MakeTable(crc32.Castagnoli)) != uint32(batch.CRC) {
			wrong = " of a wrong checksum"
		}
		b = b[size:]
		attributes := batch.Attributes
		all = append(all, fmt.Sprintf("{%d-%d codec:%d now:%v transactional:%v control:%v%s}", batch.FirstOffset,
			batch.FirstOffset+int64(batch.LastOffsetDelta), attributes&7, attributes&8 != 0, attributes&16 != 0,
			attributes&32 != 0, wrong))
	}
	return name + ":[" + strings.Join(all, " ") + "]"
}
