package stateful_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
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
		"assignor: sticky":     `assignor: got "sticky"`,
		"commit-interval: 20s": "commit-interval: got 20s, want more than 0",
	} {
		l := newLab(t)
		err := l.Start(t, counter, env("c1"), settings).Wait(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
}
