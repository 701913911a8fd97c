package wrong

import (
	"context"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaUnknownFieldError takes a field that the reader does not know for a record it cannot read.
func schemaUnknownFieldError(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		right := p.Read
		p.Read = func(writer, reader *schema.Schema, payload []byte) (schema.Decoded, error) {
			value, err := right(writer, reader, payload)
			if err == nil && len(value.Ignored) > 0 {
				return value, &schema.MismatchError{Field: strings.Join(value.Ignored, ", "), Reason: "unknown field"}
			}
			return value, err
		}
	})
}
