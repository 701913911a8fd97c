package wrong

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaZeroFilled gives a required field that is missing an empty text.
func schemaZeroFilled(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		right := p.Read
		p.Read = func(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
			value, err := right(writer, reader, payload)
			var missing *schema.MissingError
			if !errors.As(err, &missing) {
				return value, err
			}
			written, err := right(writer, writer, payload)
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
	})
}
