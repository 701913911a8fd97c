package stateful_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestTopicsThatCannotWorkAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		partitions int32
		policy     string
		want       string
	}{
		"partitions": {3, "compact", `topic "state" has 3 partitions, want 4`},
		"policy":     {4, "delete", `topic "state" has cleanup.policy=delete, want compact`},
	} {
		t.Run(name, func(t *testing.T) {
			l := lab.New(t)
			l.Topic(t, "events", 4)
			l.Topic(t, "numbers", 1)
			l.Topic(t, "state", c.partitions, "cleanup.policy", c.policy)
			err := l.Start(t, counter, env("c1"), quick).Wait(t)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	for settings, want := range map[string]string{
		"assignor: sticky":             `assignor: got "sticky"`,
		"assignor: cooperative-sticky": "assignor: got cooperative-sticky with several input topics",
		"commit-interval: 20s":         "commit-interval: got 20s, want more than 0",
	} {
		parsed, err := app.ParseSettings([]byte(settings), source.Place{File: "settings.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = stateful.Defaults(app.Env{Group: "g", Inputs: []string{"left", "right"}, Settings: parsed})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
}
