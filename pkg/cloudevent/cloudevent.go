// Package cloudevent reads and writes CloudEvents 1.0 as the Kafka protocol binding has them: in binary mode, with the
// attributes in headers that begin with ce_ and the data as the value, and in structured mode, with both in one JSON
// document.
//
// A record of either mode is read as one in binary mode, so that events are written and compared in one way, whichever
// way they were sent. See https://github.com/cloudevents/spec, documents spec, json-format and kafka-protocol-binding.
package cloudevent

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Mode is how an event stands in a record.
type Mode string

// The modes.
const (
	Binary     Mode = "binary"
	Structured Mode = "structured"
)

// ErrNone is wrapped where a record is no CloudEvent, or one that is not valid.
var ErrNone = errors.New("no CloudEvent")

const (
	prefix      = "ce_"
	contentType = "content-type"
	mediaType   = "application/cloudevents"
	version     = "1.0"
	jsonData    = "application/json"
)

// required are the attributes that every event has.
var required = []string{"specversion", "id", "source", "type"}

// optional are those that the specification has beside them, but for datacontenttype, which is the content type.
var optional = []string{"dataschema", "subject", "time"}

// OptionalHeaders are the headers that an event in binary mode may have by the specification, and need not.
func OptionalHeaders() []string {
	names := []string{contentType}
	for _, name := range optional {
		names = append(names, prefix+name)
	}
	return names
}

// attributeName is what attributes may be called.
var attributeName = regexp.MustCompile(`^[a-z0-9]{1,100}$`)

// Write makes an event of a record whose headers ce_… are its attributes and whose value is its data. What is left out
// of the required ones is filled in, but for the type: id by a number that is the event's own.
func Write(r record.Record, mode Mode, number int) (record.Record, error) {
	attributes, others := split(r)
	for name, value := range map[string]string{"specversion": version, "id": fmt.Sprint(number), "source": "/kafkaspec"} {
		if _, given := attributes[name]; !given {
			attributes[name] = value
		}
	}
	if err := valid(attributes); err != nil {
		return r, err
	}
	if _, given := header(others, contentType); !given && r.Value != nil && json.Valid(r.Value) {
		others = append(others, record.Header{Key: contentType, Value: []byte(jsonData)})
	}
	if mode == Binary {
		r.Headers = append(headers(attributes), others...)
		return r, nil
	}
	return structured(r, attributes, others)
}

func structured(r record.Record, attributes map[string]string, others []record.Header) (record.Record, error) {
	document := map[string]any{}
	for name, value := range attributes {
		document[name] = value
	}
	of, given := header(others, contentType)
	if given {
		document["datacontenttype"] = of
	}
	switch {
	case r.Value == nil:
	case isJSON(of) && json.Valid(r.Value):
		document["data"] = json.RawMessage(r.Value)
	case strings.HasPrefix(of, "text/"):
		document["data"] = string(r.Value)
	default:
		document["data_base64"] = r.Value
	}
	value, err := json.Marshal(document)
	if err != nil {
		return r, err
	}
	r.Value = value
	r.Headers = []record.Header{{Key: contentType, Value: []byte(mediaType + "+json; charset=UTF-8")}}
	for _, h := range others {
		if !strings.EqualFold(h.Key, contentType) {
			r.Headers = append(r.Headers, h)
		}
	}
	return r, nil
}

// Read makes a record in binary mode of an event, and says in which mode it was.
func Read(r record.Record) (record.Record, Mode, error) {
	attributes, others := split(r)
	of, _ := header(others, contentType)
	media, _, _ := mime.ParseMediaType(of)
	switch {
	case media == mediaType+"+json":
		r, err := readStructured(r, others)
		return r, Structured, err
	case strings.HasPrefix(media, mediaType):
		return r, "", fmt.Errorf("%w: got the content type %s, want %s+json: batches and other formats are not read", ErrNone,
			of, mediaType)
	case len(attributes) == 0:
		return r, "", fmt.Errorf("%w: it has neither headers that begin with ce_ nor the content type %s+json", ErrNone,
			mediaType)
	}
	if err := valid(attributes); err != nil {
		return r, "", err
	}
	all := headers(attributes)
	for i := range all {
		for _, h := range r.Headers {
			if h.Key == all[i].Key { // with what is known of it beside its value
				all[i] = h
			}
		}
	}
	r.Headers = append(all, others...)
	return r, Binary, nil
}

func readStructured(r record.Record, others []record.Header) (record.Record, error) {
	decoder := json.NewDecoder(bytes.NewReader(r.Value))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return r, fmt.Errorf("%w: its value is no JSON object: %w", ErrNone, err)
	}
	if document == nil {
		return r, fmt.Errorf("%w: its value is no JSON object but null", ErrNone)
	}
	data, plain := document["data"]
	coded, binary := document["data_base64"]
	delete(document, "data")
	delete(document, "data_base64")
	attributes := map[string]string{}
	for name, value := range document {
		switch value.(type) {
		case nil: // as if it were not there
		case string, bool, json.Number:
			attributes[name] = fmt.Sprint(value)
		default:
			return r, fmt.Errorf("%w: the attribute %s is neither text nor a number, true or false", ErrNone, name)
		}
	}
	if err := valid(attributes); err != nil {
		return r, err
	}
	others = slices.DeleteFunc(slices.Clone(others), func(h record.Header) bool {
		return strings.EqualFold(h.Key, contentType)
	})
	of, given := attributes["datacontenttype"]
	if given {
		others = append(others, record.Header{Key: contentType, Value: []byte(of)})
		delete(attributes, "datacontenttype")
	}
	r.Headers = append(headers(attributes), others...)
	text, isText := data.(string)
	switch {
	case plain && binary:
		return r, fmt.Errorf("%w: it has both data and data_base64; write one of them", ErrNone)
	case binary:
		b, err := base64.StdEncoding.DecodeString(fmt.Sprint(coded))
		if err != nil {
			return r, fmt.Errorf("%w: its data_base64 is no base64: %w", ErrNone, err)
		}
		r.Value = b
	case !plain:
		r.Value = nil
	case isText && given && !isJSON(of):
		r.Value = []byte(text)
	default:
		value, err := json.Marshal(data)
		if err != nil {
			return r, err
		}
		r.Value = value
	}
	return r, nil
}

// split takes the attributes of an event from its headers.
func split(r record.Record) (attributes map[string]string, others []record.Header) {
	attributes = map[string]string{}
	for _, h := range r.Headers {
		if name, ok := strings.CutPrefix(h.Key, prefix); ok {
			attributes[name] = string(h.Value)
			continue
		}
		others = append(others, h)
	}
	return attributes, others
}

// headers are attributes as headers, sorted.
func headers(attributes map[string]string) (all []record.Header) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		all = append(all, record.Header{Key: prefix + name, Value: []byte(attributes[name])})
	}
	return all
}

// valid holds attributes to the specification.
func valid(attributes map[string]string) error {
	for _, name := range required {
		if attributes[name] == "" {
			return fmt.Errorf("%w: the attribute %s is missing or empty; write it", ErrNone, name)
		}
	}
	if got := attributes["specversion"]; got != version {
		return fmt.Errorf("%w: got specversion %q, want %q", ErrNone, got, version)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !attributeName.MatchString(name) {
			return fmt.Errorf("%w: got an attribute %q, want lower-case letters and digits", ErrNone, name)
		}
	}
	if at, given := attributes["time"]; given {
		if _, err := time.Parse(time.RFC3339Nano, at); err != nil {
			return fmt.Errorf("%w: got time %q, want one such as 2026-01-05T10:15:00Z", ErrNone, at)
		}
	}
	return nil
}

func header(all []record.Header, name string) (string, bool) {
	for _, h := range all {
		if strings.EqualFold(h.Key, name) {
			return string(h.Value), true
		}
	}
	return "", false
}

// isJSON says that a type of content is JSON; nothing said is JSON as well.
func isJSON(of string) bool {
	media, _, _ := mime.ParseMediaType(of)
	return of == "" || strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json")
}
