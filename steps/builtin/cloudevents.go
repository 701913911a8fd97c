package builtin

// CloudEvents: records that are events by the specification of that name, version 1.0, in binary mode (attributes in
// headers that begin with ce_) or in structured mode (one JSON document). A table writes both in one way: columns
// headers.ce_type and so on for the attributes, and value for the data.

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/cloudevent"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func cloudEventSteps(s *steps.Registry) {
	s.Then("every record of {topic} is {cloudevent}", everyRecordIsEvent, steps.Claims(steps.InTheEnd))
}

// cloudEventParts are in which mode an event is.
func cloudEventParts(s *steps.Registry) {
	steps.AddPart[eventMode](s, "cloudevent", "a CloudEvent, in any mode or in one of them",
		steps.Form("a CloudEvent", anyEvent),
		steps.Form("a binary CloudEvent", binaryEvent),
		steps.Form("a structured CloudEvent", structuredEvent))
}

// eventMode is the mode that events must have; empty for any.
type eventMode cloudevent.Mode

// anyEvent is one of either mode.
func anyEvent() eventMode { return "" }

// binaryEvent has its attributes in headers that begin with ce_, and its data as the value.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders" as CloudEvents:
//	  | headers.ce_type | value    |
//	  | order.placed    | {"n": 1} |
//	Then every record of "orders" is a binary CloudEvent
func binaryEvent() eventMode { return eventMode(cloudevent.Binary) }

// structuredEvent is one JSON document with the content type application/cloudevents+json.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders" as structured CloudEvents:
//	  | headers.ce_type | value    |
//	  | order.placed    | {"n": 1} |
//	Then every record of "orders" is a structured CloudEvent
func structuredEvent() eventMode { return eventMode(cloudevent.Structured) }

// everyRecordIsEvent holds each record of a topic to CloudEvents 1.0: the attributes specversion, id, source and type
// are there, names are lower-case letters and digits, time is RFC 3339, and no two events that differ have the same
// source and id. One that is sent again is the same event. Not looked at: the data, and what other attributes say.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders" as CloudEvents:
//	  | headers.ce_type | value    |
//	  | order.placed    | {"n": 1} |
//	Then every record of "orders" is a CloudEvent
func everyRecordIsEvent(ctx context.Context, topic *world.Topic, want eventMode) error {
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return fmt.Errorf("%w: %q has no record", verdict.ErrInconclusive, topic.Name)
	}
	seen := map[string]record.Record{}
	for _, r := range records {
		event, mode, err := cloudevent.Read(r)
		if err == nil && want != "" && mode != cloudevent.Mode(want) {
			err = fmt.Errorf("got a %s CloudEvent, want a %s one", mode, want)
		}
		if err != nil {
			return world.Final(fmt.Errorf("%q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err))
		}
		name := fmt.Sprintf("source %q and id %q", attribute(event, "source"), attribute(event, "id"))
		first, twice := seen[name]
		if twice && !sameEvent(first, event) {
			return world.Final(fmt.Errorf("%q partition %d offset %d: got %s, which another event at partition %d offset %d "+
				"has; give each event an id of its own", topic.Name, r.Partition, r.Offset, name, first.Partition, first.Offset))
		}
		seen[name] = event
	}
	return world.Settled(ctx, topic)
}

// sameEvent says that one event was sent twice.
func sameEvent(a, b record.Record) bool {
	return attribute(a, "type") == attribute(b, "type") && bytes.Equal(a.Value, b.Value)
}

func attribute(event record.Record, name string) string {
	for _, h := range event.Headers {
		if h.Key == "ce_"+name {
			return string(h.Value)
		}
	}
	return ""
}

// eventsInTopic sends each record as a CloudEvent in binary mode. The headers ce_… are its attributes; id, source and
// specversion are filled in where they are left out, and type must be there. Its value is the data.
//
//	Given topic "orders" with 1 partition
//	When these records are sent to "orders" as CloudEvents:
//	  | key | headers.ce_type | headers.ce_subject | value.amount |
//	  | o1  | order.placed    | o1                 | 5            |
//	Then "orders" contains exactly, as CloudEvents:
//	  | key | headers.ce_type | headers.ce_subject | value.amount |
//	  | o1  | order.placed    | o1                 | 5            |
func eventsInTopic(topic string) sink {
	return sink{topic: topic, partition: -1, event: cloudevent.Binary}
}

// structuredInTopic sends each record as a CloudEvent in structured mode: one JSON document, with the content type
// application/cloudevents+json. It is written in a table as in binary mode.
//
//	Given topic "orders" with 1 partition
//	When these records are sent to "orders" as structured CloudEvents:
//	  | headers.ce_type | value      |
//	  | order.placed    | {"n": 1}   |
//	Then "orders" contains exactly:
//	  | value.type   | value.data.n | headers.content-type               |
//	  | order.placed | 1            | /^application.cloudevents.json/    |
func structuredInTopic(topic string) sink {
	return sink{topic: topic, partition: -1, event: cloudevent.Structured}
}

// asCloudEvents compares events of either mode in the form of binary mode: attributes are headers.ce_type and so on,
// the data is the value, its type headers.content-type. A record that is no CloudEvent fails at once.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders" as structured CloudEvents:
//	  | headers.ce_type | value    |
//	  | order.placed    | {"n": 1} |
//	Then "orders" contains exactly, as CloudEvents:
//	  | headers.ce_type | value.n |
//	  | order.placed    | 1       |
func asCloudEvents() decoding { return asEvent }

// asEvents are records as events, none of which is sent unless all are valid.
func (p sink) asEvents(records iter.Seq[record.Record]) (iter.Seq[record.Record], error) {
	var all []record.Record
	for r := range records {
		event, err := cloudevent.Write(r, p.event, len(all)+1)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", len(all)+1, err)
		}
		all = append(all, event)
	}
	return slices.Values(all), nil
}
