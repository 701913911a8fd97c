package wrong

import (
	"cmp"
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// evolveVariants are those of schema-producer.
func evolveVariants() []Variant {
	return append(variants(schemaproducer.RunWith, []mistake[schemaproducer.Plan]{
		{"evolve-first-id", "only the first version is registered, and all are written under its id",
			ids(func(ask func() (int, error), last int) (int, error) {
				if last > 0 {
					return last, nil
				}
				return ask()
			})},
		{"evolve-id-behind", "records are encoded by their version, and carry the id of the one before", evolveIDBehind},
		// It takes ids for numbers that follow each other, and so does not need the registry.
		{"evolve-id-guessed", "a registry that does not answer is not waited for: the last id and one is taken for the " +
			"next one's: shows with a registry that is down", ids(func(ask func() (int, error), last int) (int, error) {
			id, err := ask()
			if errors.Is(err, schema.ErrUnavailable) {
				return last + 1, nil
			}
			return id, err
		})},
		{"evolve-outage-fatal", "a registry that does not answer ends the application: shows with a registry that is down",
			ids(func(ask func() (int, error), _ int) (int, error) {
				id, err := ask()
				if errors.Is(err, schema.ErrUnavailable) {
					err = errors.New(err.Error()) // one error like another
				}
				return id, err
			})},
		// Idempotence needs acks=all, so it goes as well.
		{"evolve-acks-one", "acks=1: shows on the wire", func(p *schemaproducer.Plan) {
			p.Client = append(p.Client, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
		}},
	}),
		Variant{"evolve-refusal-ignored", "a version that is refused is written under the last id before the application " +
			"fails: shows with a version that is not compatible", evolveRefusalIgnored},
		Variant{"evolve-refusal-swallowed", "a version that is refused, and what comes behind it, is dropped, and the exit " +
			"code is 0: shows with a version that is not compatible", swallowed(schemaproducer.Run)})
}

// ids gives the id of each version otherwise: ask asks the registry, and last is the id before, or 0.
func ids(give func(ask func() (int, error), last int) (int, error)) func(*schemaproducer.Plan) {
	return func(p *schemaproducer.Plan) {
		right, last := p.Register, 0
		p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
			id, err := give(func() (int, error) { return right(ctx, s) }, last)
			last = id
			return id, err
		}
	}
}

func evolveIDBehind(p *schemaproducer.Plan) {
	right, last := p.Register, 0
	p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
		id, err := right(ctx, s)
		if err != nil {
			return 0, err
		}
		before := cmp.Or(last, id)
		last = id
		return before, nil
	}
}

// evolveRefusalIgnored complains only in the end.
func evolveRefusalIgnored(ctx context.Context, env app.Env) error {
	var refused error
	err := schemaproducer.RunWith(ctx, env, ids(func(ask func() (int, error), last int) (int, error) {
		id, err := ask()
		if errors.Is(err, schema.ErrRefused) {
			refused = err
			return last, nil
		}
		return id, err
	}))
	return errors.Join(err, refused)
}
