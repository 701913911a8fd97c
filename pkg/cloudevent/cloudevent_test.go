package cloudevent_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/cloudevent"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// event is a record with headers in pairs.
func event(value string, headers ...string) record.Record {
	r := record.Record{Key: []byte("k"), Value: []byte(value)}
	if value == "" {
		r.Value = nil
	}
	for i := 0; i < len(headers); i += 2 {
		r.Headers = append(r.Headers, record.Header{Key: headers[i], Value: []byte(headers[i+1])})
	}
	return r
}

// TestBothModesReadAlike writes an event in each mode and reads the same back.
func TestBothModesReadAlike(t *testing.T) {
	for _, c := range []struct {
		name string
		sent record.Record
		want record.Record
	}{
		{"JSON", event(`{"n":1}`, "ce_type", "made", "trace", "x"), event(`{"n":1}`, "ce_id", "7", "ce_source", "/kafkaspec",
			"ce_specversion", "1.0", "ce_type", "made", "trace", "x", "content-type", "application/json")},
		{"text", event(`hello`, "ce_type", "made", "ce_id", "a", "content-type", "text/plain"), event(`hello`, "ce_id", "a",
			"ce_source", "/kafkaspec", "ce_specversion", "1.0", "ce_type", "made", "content-type", "text/plain")},
		{"bytes", event("\x00\xff", "ce_type", "made", "content-type", "application/octet-stream"), event("\x00\xff", "ce_id",
			"7", "ce_source", "/kafkaspec", "ce_specversion", "1.0", "ce_type", "made", "content-type",
			"application/octet-stream")},
		{"no data", event("", "ce_type", "made", "ce_time", "2026-01-05T10:15:00Z"), event("", "ce_id", "7", "ce_source",
			"/kafkaspec", "ce_specversion", "1.0", "ce_time", "2026-01-05T10:15:00Z", "ce_type", "made")},
	} {
		for _, mode := range []cloudevent.Mode{cloudevent.Binary, cloudevent.Structured} {
			t.Run(c.name+" "+string(mode), func(t *testing.T) {
				written, err := cloudevent.Write(c.sent, mode, 7)
				if err != nil {
					t.Fatal(err)
				}
				got, of, err := cloudevent.Read(written)
				if err != nil || of != mode {
					t.Fatalf("got mode %s (%v), want %s", of, err, mode)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestStructuredOfOthers(t *testing.T) {
	const envelope = "application/cloudevents+json"
	got, _, err := cloudevent.Read(event(`{"specversion":"1.0","id":"1","source":"/s","type":"t","seq":5,"hot":true,`+
		`"data":"text","subject":null}`, "Content-Type", envelope))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(event(`"text"`, "ce_hot", "true", "ce_id", "1", "ce_seq", "5", "ce_source", "/s",
		"ce_specversion", "1.0", "ce_type", "t"), got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	const (
		envelope = "application/cloudevents+json; charset=UTF-8"
		begin    = `{"specversion":"1.0","id":"1","source":"/s","type":"t",`
	)
	for _, c := range []struct {
		record record.Record
		want   string
	}{
		{event("x"), "neither headers that begin with ce_ nor the content type application/cloudevents+json"},
		{event("x", "ce_type", "t"), "the attribute specversion is missing or empty"},
		{event("x", "ce_specversion", "1.0", "ce_id", "", "ce_source", "/s", "ce_type", "t"), "the attribute id is missing"},
		{event("x", "ce_specversion", "0.3", "ce_id", "1", "ce_source", "/s", "ce_type", "t"), `got specversion "0.3"`},
		{event("x", "ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t", "ce_traceParent", "x"),
			`got an attribute "traceParent", want lower-case`},
		{event("x", "ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t", "ce_time", "noon"),
			`got time "noon"`},
		{event("[]", "content-type", "application/cloudevents-batch+json"), "batches and other formats are not read"},
		{event("{", "content-type", envelope), "its value is no JSON object"},
		{event("null", "content-type", envelope), "its value is no JSON object"},
		{event("", "content-type", envelope), "its value is no JSON object"},
		{event(`{"id":"1"}`, "content-type", envelope), "the attribute specversion is missing"},
		{event(begin+`"data":1,"data_base64":"AA=="}`, "content-type", envelope), "both data and data_base64"},
		{event(begin+`"data_base64":"?"}`, "content-type", envelope), "is no base64"},
		{event(begin+`"extra":{"a":1}}`, "content-type", envelope), "the attribute extra is neither text nor a number"},
	} {
		if _, _, err := cloudevent.Read(c.record); !errors.Is(err, cloudevent.ErrNone) ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.record.Value, err, c.want)
		}
	}
	if _, err := cloudevent.Write(event("x"), cloudevent.Binary, 1); !errors.Is(err, cloudevent.ErrNone) {
		t.Errorf("got %v, want an event without a type to be refused", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":[1]}}`), "application/cloudevents+json")
	f.Add([]byte(`x`), "text/plain")
	f.Fuzz(func(t *testing.T, value []byte, of string) {
		got, mode, err := cloudevent.Read(event(string(value), "content-type", of))
		if err != nil {
			return
		}
		again, err := cloudevent.Write(got, mode, 1)
		if err != nil {
			t.Fatalf("got %v for what was read", err)
		}
		if _, _, err := cloudevent.Read(again); err != nil {
			t.Errorf("got %v for what was written", err)
		}
	})
}

// TestKeepsNamesOnTheCluster reads an event with an attribute that is the name of a topic, which the cluster calls
// otherwise.
func TestKeepsNamesOnTheCluster(t *testing.T) {
	sent := event("1", "ce_specversion", "1.0", "ce_type", "made", "ce_source", "a", "ce_id", "orders-0-0")
	sent.Headers[3].OnCluster = []byte("ks-1-orders-0-0")
	got, _, err := cloudevent.Read(sent)
	if err != nil {
		t.Fatal(err)
	}
	want := record.Header{Key: "ce_id", Value: []byte("orders-0-0"), OnCluster: []byte("ks-1-orders-0-0")}
	if diff := cmp.Diff(want, got.Headers[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
