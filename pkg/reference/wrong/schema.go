package wrong

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaVariants are those of schema-consumer.
func schemaVariants() []Variant {
	type policy = schemaconsumer.Policy
	return append(variants(schemaconsumer.RunWith, []mistake[policy]{
		{"schema-unknown-field-error", "a field that the reader does not know makes a record unreadable",
			func(p *policy) { p.Read = knownFieldsOnly }},
		{"schema-zero-filled", "a required field that is missing is filled with nothing, and the record processed",
			func(p *policy) { p.Read = zeroFilled }},
		{"schema-id-ignored", "every record is read as if the reader's own version had written it",
			func(p *policy) {
				p.Read = func(_, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
					return schema.Read(reader, reader, payload)
				}
			}},
		{"schema-first-message", "every record is taken for the first message of its schema",
			func(p *policy) { p.Read = firstMessage }},
		{"schema-warns-each-record", "a missing field is warned of for every record that lacks it",
			func(p *policy) { p.First = func(string, string, int) bool { return true } }},
		{"schema-never-warns", "records that lack a field are set aside without a warning",
			func(p *policy) { p.First = func(string, string, int) bool { return false } }},
		{"schema-drops-unreadable", "records that cannot be read are reported and committed, but not set aside",
			func(p *policy) { p.Delivery.Around = around(unsent) }},
		{"schema-letter-unframed", "dead letters have lost the id of their schema: their value is not the record's",
			func(p *policy) {
				letters(func(letter *kgo.Record, _ *dlqconsumer.Failure) {
					if _, payload, err := schema.Unframe(letter.Value); err == nil {
						letter.Value = payload
					}
				})(p.Delivery)
			}},
		{"schema-outage-dead-lettered", "records are set aside because the registry does not answer: shows with a registry " +
			"that is down", func(p *policy) { takeAs(p.Delivery, false) }},
	}), Variant{"schema-newest-assumed", "every record is read as if the newest version had written it: shows with old " +
		"records behind new ones", schemaNewestAssumed})
}

// schemaNewestAssumed does not look at the ids of records.
func schemaNewestAssumed(ctx context.Context, env app.Env) error {
	registry, err := schema.NewClient(env.Registry)
	if err != nil {
		return err
	}
	defer registry.Close()
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.Read = func(_, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
			_, newest, err := registry.Version(ctx, schema.Subject(env.Inputs[0]), schema.Latest)
			if err != nil {
				return schema.Decoded{}, err
			}
			return schema.Read(newest, reader, payload)
		}
	})
}

// firstMessage does not look at the indexes of a message: one of them and one byte here, as those of a second message.
func firstMessage(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
	if len(payload) > 1 && payload[0] == 2 {
		payload = append([]byte{0}, payload[2:]...)
	}
	return schema.Read(writer, reader, payload)
}

// knownFieldsOnly takes a field that the reader does not know for a record it cannot read.
func knownFieldsOnly(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
	value, err := schema.Read(writer, reader, payload)
	if err == nil && len(value.Ignored) > 0 {
		return value, &schema.MismatchError{Field: strings.Join(value.Ignored, ", "), Reason: "unknown field"}
	}
	return value, err
}

// zeroFilled gives a required field that is missing an empty text.
func zeroFilled(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
	value, err := schema.Read(writer, reader, payload)
	var missing *schema.MissingError
	if !errors.As(err, &missing) {
		return value, err
	}
	written, err := schema.Read(writer, writer, payload)
	if err != nil {
		return value, err
	}
	fields := map[string]any{}
	if err := json.Unmarshal(written.JSON, &fields); err != nil {
		return value, err
	}
	for _, name := range missing.Fields {
		fields[name] = ""
	}
	written.JSON, err = json.Marshal(fields)
	return written, err
}
