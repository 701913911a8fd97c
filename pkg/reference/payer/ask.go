package payer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Outcome is what came of a request.
type Outcome string

// The outcomes. The first two are the types of events.
const (
	Made    Outcome = "payment.made"
	Refused Outcome = "payment.refused"
	Again   Outcome = "again" // it is to be asked again
)

// decide is the usual policy.
func decide(status int) Outcome {
	switch {
	case status >= 200 && status < 300:
		return Made
	case status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
		return Refused
	}
	return Again
}

// identity names an order, the same in each attempt and after a crash.
func identity(order *kgo.Record, _ int) string {
	return fmt.Sprintf("%s-%d-%d", order.Topic, order.Partition, order.Offset)
}

// nameOf is the id that an order has in its value.
func nameOf(order *kgo.Record) (string, error) {
	var value struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(order.Value, &value)
	if err == nil && value.ID == "" {
		err = errors.New("no id")
	}
	if err != nil {
		return "", fmt.Errorf("topic %s partition %d offset %d is no order: %w", order.Topic, order.Partition, order.Offset,
			err)
	}
	return value.ID, nil
}

// ask sends one request. Its status is 0 where it has no answer.
func (p *payer) ask(ctx context.Context, id string, order *kgo.Record, attempt int) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/payments/"+url.PathEscape(id),
		bytes.NewReader(order.Value))
	if err != nil {
		return 0, err
	}
	request.GetBody = nil // the client sends nothing again by itself
	request.Header.Set("Idempotency-Key", p.Key(order, attempt))
	request.Header.Set("Content-Type", "application/json")
	answer, err := p.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20)) // so that the connection can be used again
	return answer.StatusCode, err
}

// Event is a CloudEvent about an order.
type Event struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject"`
	Time            string          `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// event is the usual one. Its id is the same when the order is asked for again.
func event(id string, order *kgo.Record, o Outcome) Event {
	data, _ := json.Marshal(map[string]string{"order": id}) // of strings
	return Event{
		SpecVersion: "1.0", ID: identity(order, 0), Source: "/payer", Type: string(o), Subject: id,
		Time: order.Timestamp.UTC().Format(time.RFC3339Nano), DataContentType: "application/json", Data: data,
	}
}

// record is an event as a record: its attributes in headers, or all of it as the value.
func (p *payer) record(order *kgo.Record, e Event) *kgo.Record {
	r := &kgo.Record{Topic: p.output, Key: order.Key, Value: e.Data}
	set := func(name, value string) {
		r.Headers = append(r.Headers, kgo.RecordHeader{Key: name, Value: []byte(value)})
	}
	if p.Structured {
		r.Value, _ = json.Marshal(e) // of strings, and of data that was made so
		set("content-type", "application/cloudevents+json")
		return r
	}
	set("ce_specversion", e.SpecVersion)
	set("ce_id", e.ID)
	set("ce_source", e.Source)
	set("ce_type", e.Type)
	set("ce_subject", e.Subject)
	set("ce_time", e.Time)
	set("content-type", e.DataContentType)
	return r
}
