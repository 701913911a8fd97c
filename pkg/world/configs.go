package world

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// CheckTopicConfig finds what is wrong with a topic's configuration before anything is started. Names of other vendors
// are taken as they are.
func CheckTopicConfig(s app.Settings) error {
	for _, known := range topicconfig.Planned() {
		if !s.Has(known.Name) {
			continue
		}
		value := s.String(known.Name, "")
		if want := known.Want(value); want != "" {
			return s.Refuse(known.Name, value, want)
		}
	}
	err := s.Err()
	unknown, ok := errors.AsType[source.Errors](err)
	if !ok {
		return err
	}
	return slices.DeleteFunc(unknown, func(e *source.Error) bool {
		return strings.Contains(e.Error(), `"confluent.`) || strings.Contains(e.Error(), `"redpanda.`)
	}).Err()
}

// Compacted tells whether compaction may take records from the topic's log.
func (t *Topic) Compacted(ctx context.Context) (bool, error) {
	answer, err := t.world.answer(ctx, journal.Answer{Question: "cleanup policy", Of: t.Name},
		func(ctx context.Context, a *journal.Answer) (err error) {
			a.Text, err = t.cleanupPolicy(ctx)
			return err
		})
	return compactsBy(answer.Text), err
}

func compactsBy(policy string) bool { return strings.Contains(policy, "compact") }

func (t *Topic) cleanupPolicy(ctx context.Context) (string, error) {
	configs, err := t.world.Admin().DescribeTopicConfigs(ctx, t.Physical)
	if err != nil {
		return "", fmt.Errorf("could not look: the configuration of %q: %w", t.Name, err)
	}
	for _, of := range configs {
		for _, c := range of.Configs {
			if c.Key == "cleanup.policy" {
				return c.MaybeValue(), of.Err
			}
		}
	}
	return "", nil
}
