package dlqconsumer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Names differ between clusters, and a process knows logical ones in upper case only; topics and dice are the same.
func TestNamesAreFoundOnAnyCluster(t *testing.T) {
	topics := map[string]string{"my-orders": "ks-1-my-orders", "my-orders_dlq": "ks-1-letters", "aside": "ks-1-aside"}
	process := map[string]string{"MY_ORDERS": "ks-1-my-orders", "MY_ORDERS_DLQ": "ks-1-letters", "ASIDE": "ks-1-aside"}
	for _, c := range []struct {
		name           string
		input          string
		topics         map[string]string
		settings       string
		letter, source string
	}{
		{"embedded", "my-orders", nil, "", "my-orders_dlq", "my-orders"},
		{"shared", "ks-1-my-orders", topics, "", "ks-1-letters", "ks-1-my-orders"},
		{"shared, as process", "ks-1-my-orders", process, "", "ks-1-letters", "ks-1-my-orders"},
		{"not told of dead letters", "ks-1-my-orders", map[string]string{"MY_ORDERS": "ks-1-my-orders"}, "",
			"ks-1-my-orders_dlq", "ks-1-my-orders"},
		{"set", "ks-1-my-orders", topics, "dead-letter-topic: aside\nsource-name: my-orders", "ks-1-aside", "my-orders"},
		{"set, as process", "ks-1-my-orders", process, "dead-letter-topic: aside\nsource-name: my-orders", "ks-1-aside",
			"my-orders"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parsed, err := app.ParseSettings([]byte(c.settings), source.Place{File: "settings.yaml"})
			if err != nil {
				t.Fatal(err)
			}
			set, err := readSettings(app.Env{Group: "g", Inputs: []string{c.input}, Topics: c.topics, Settings: parsed})
			if err != nil {
				t.Fatal(err)
			}
			got := []string{set.letterTopics[c.input], set.sourceNames[c.input], set.diceNames[c.input]}
			if diff := cmp.Diff([]string{c.letter, c.source, "MY_ORDERS"}, got); diff != "" {
				t.Errorf("dead-letter topic, source, name for the dice differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBackoffDoublesUpToItsMost(t *testing.T) {
	set := settings{RetryBackoff: 100 * time.Millisecond, RetryMost: time.Second}
	var got []time.Duration
	for attempt := range 6 {
		got = append(got, set.backoff(attempt+1)/time.Millisecond)
	}
	if diff := cmp.Diff([]time.Duration{100, 200, 400, 800, 1000, 1000}, got); diff != "" {
		t.Errorf("backoff in ms differs (-want +got):\n%s", diff)
	}
	if got := set.backoff(1 << 30); got != time.Second {
		t.Errorf("got %v after a billion attempts, want 1s", got)
	}
}
