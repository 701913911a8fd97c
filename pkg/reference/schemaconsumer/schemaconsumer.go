// Package schemaconsumer is a consumer whose producers change their schema without asking it.
//
// It reads records that name their writer's schema (Confluent's wire format) by the one version of it that this
// application was built for, in Avro or JSON Schema: which of them the registry says. Each record is read by both, the
// writer's to know what the bytes are, and the reader's to know what of it is wanted. The promise:
//
//   - fields that the reader does not know are ignored;
//   - fields that the writer did not write have the reader's default;
//   - a field without a default that is missing makes the record unusable. It is set aside as it was, byte for byte,
//     and not filled up with a zero that nobody meant. One warning names the field, and the record that lacked it
//     first; the dead letters name each one;
//   - bytes that are not the wire format, ids that the registry does not know, and values that do not fit are set aside
//     with the class of their error.
//
// A registry that does not answer, or does not answer as one, says nothing about a record. The record is tried again
// until the registry is back; nothing behind it on its partition is committed meanwhile.
//
// What delivers the records, sets them aside and commits them is dlq-consumer, with its promises and its settings: see
// there.
package schemaconsumer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	_ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf" // for schemas of that type
)

// Policy is what the application decides about records.
type Policy struct {
	// Read brings together the schemas of writer and reader.
	Read func(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error)
	// First says whether a missing field of a topic, in records by that schema, has not been warned of before.
	First func(topic, field string, id int) bool
	// Delivery is what dlq-consumer decides.
	Delivery *dlqconsumer.Policy
}

// Run is the application schema-consumer. Beside the settings of dlq-consumer it has reader-version, the version of
// each topic's schema that it reads by, counted from 1.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the usual one.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	version := int(env.Settings.Int("reader-version", 1)) // what is wrong with it dlq-consumer reports, with all else
	if version < 1 {
		return fmt.Errorf("setting reader-version: got %d, want a version of the schema, counted from 1", version)
	}
	if env.Registry == "" {
		return errors.New("no schema registry; set SCHEMA_REGISTRY_URL to its address")
	}
	client, err := schema.NewClient(env.Registry)
	if err != nil {
		return err
	}
	defer client.Close()
	c := &consumer{ctx: ctx, log: env.Log, registry: client, version: version, readers: map[string]*schema.Schema{},
		warned: map[warning]bool{}}
	for _, topic := range env.Inputs {
		_, err := c.reader(topic)
		if errors.Is(err, schema.ErrDenied) { // a registry that is down comes back; credentials that are wrong stay so
			return fmt.Errorf("schema-consumer: the schema to read %s by: %w", topic, err)
		}
		if err != nil && !errors.Is(err, schema.ErrUnavailable) {
			return fmt.Errorf("schema-consumer: the schema to read %s by: %w; register it, or set reader-version to another",
				topic, err)
		}
	}
	return dlqconsumer.RunWith(ctx, env, func(delivery *dlqconsumer.Policy) {
		c.Policy = Policy{Read: schema.Read, First: c.first, Delivery: delivery}
		delivery.Process = c.process
		delivery.Retries = math.MaxInt // a registry that is down comes back; giving up on it would set everything aside
		change(&c.Policy)
	})
}

// consumer is one running schema-consumer.
type consumer struct {
	ctx      context.Context // of the application; a request to the registry ends with it
	log      *slog.Logger
	registry *schema.Client
	version  int
	Policy

	mu      sync.Mutex
	readers map[string]*schema.Schema // by topic
	warned  map[warning]bool
}

// process reads one record. A tombstone has nothing to read.
func (c *consumer) process(r *kgo.Record, _ int) *dlqconsumer.Failure {
	if r.Value == nil {
		return nil
	}
	id, value, err := c.read(r)
	if err != nil {
		c.warn(r, id, err)
		return failure(err)
	}
	// Here the work would be done. What was read is logged instead, for everybody to see; a real application would not
	// show it.
	c.log.Info("read", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "schema", id,
		"value", string(value.JSON), "defaulted", strings.Join(value.Defaulted, ","))
	return nil
}

func (c *consumer) read(r *kgo.Record) (id int, value schema.Decoded, err error) {
	id, payload, err := schema.Unframe(r.Value)
	if err != nil {
		return id, value, err
	}
	reader, err := c.reader(r.Topic)
	if err != nil {
		return id, value, err
	}
	writer, err := c.registry.ByID(c.ctx, id)
	if err != nil {
		return id, value, err
	}
	value, err = c.Read(writer, reader, payload)
	return id, value, err
}

// warning is what is warned of once.
type warning struct {
	topic, field string
	id           int
}

// warn names the fields that a record lacks, each only once.
func (c *consumer) warn(r *kgo.Record, id int, err error) {
	var missing *schema.MissingError
	if !errors.As(err, &missing) {
		return
	}
	for _, field := range missing.Fields {
		if c.First(r.Topic, field, id) {
			c.log.Warn("warning", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "schema", id, "field", field,
				"text", "a required field is missing; this record and others like it are set aside")
		}
	}
}

func (c *consumer) first(topic, field string, id int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := warning{topic, field, id}
	was := c.warned[w]
	c.warned[w] = true
	return !was
}

// reader asks for the schema to read a topic by, until the registry has answered once.
func (c *consumer) reader(topic string) (*schema.Schema, error) {
	c.mu.Lock()
	known := c.readers[topic]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	_, s, err := c.registry.Version(c.ctx, schema.Subject(topic), c.version)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readers[topic] = s
	return s, nil
}

// failure is the class of an error, by which dead letters are told apart.
func failure(err error) *dlqconsumer.Failure {
	f := &dlqconsumer.Failure{Class: "schema-mismatch", Message: err.Error()}
	var missing *schema.MissingError
	switch {
	case errors.As(err, &missing):
		f.Class = "missing-field"
	case errors.Is(err, schema.ErrNotWireFormat):
		f.Class = "wire-format"
	case errors.Is(err, schema.ErrUnknown):
		f.Class = "unknown-schema"
	case errors.Is(err, schema.ErrUnsupported):
		f.Class = "unsupported-schema"
	case errors.Is(err, schema.ErrUnavailable):
		f.Class, f.Transient = "registry", true
	}
	return f
}
