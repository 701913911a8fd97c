package builtin

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

func compile(text string) (*phrase.Phrase, error) {
	registry := steps.NewRegistry()
	registerParams(registry)
	return registry.Params().Compile(text)
}

func TestReadRequests(t *testing.T) {
	any := func(change func(*wire.Selection)) wire.Selection {
		r := wire.Every("")
		change(&r)
		return r
	}
	for text, want := range map[string]wire.Selection{
		`the next 3 Produce requests`:  any(func(r *wire.Selection) { r.Times, r.API = 3, "Produce" }),
		`the next Produce request`:     any(func(r *wire.Selection) { r.Times, r.API = 1, "Produce" }),
		`the next request to "orders"`: any(func(r *wire.Selection) { r.Times, r.Topic = 1, "orders" }),
		`the next 1 produce request`:   any(func(r *wire.Selection) { r.Times, r.API = 1, "Produce" }),
		`the next 1_000 requests`:      any(func(r *wire.Selection) { r.Times = 1000 }),
		`every Fetch request`:          any(func(r *wire.Selection) { r.API = "Fetch" }),
		`every request from "app"`:     any(func(r *wire.Selection) { r.App = "app" }),
		`2.5% of Produce requests`:     any(func(r *wire.Selection) { r.Rate, r.API = 0.025, "Produce" }),
		`every request from now on`:    any(func(*wire.Selection) {}),
		`every Heartbeat request of group "a b" for 1m30s`: any(func(r *wire.Selection) {
			r.API, r.Group, r.For = "Heartbeat", "a b", 90*time.Second
		}),
		`every EndTxn request of transactional id "t-1" from "a \"b\""`: any(func(r *wire.Selection) {
			r.API, r.TransactionalID, r.App = "EndTxn", "t-1", `a "b"`
		}),
		`100% of Produce requests from "app" to "orders" partition 1 at broker 2 after the first 20 from now on`: any(func(r *wire.Selection) {
			r.Rate, r.API, r.App, r.Topic, r.Partition, r.Broker, r.After = 1, "Produce", "app", "orders", 1, 2, 20
		}),
		`the next 5 Produce requests at broker 0 to "orders" for 2s`: any(func(r *wire.Selection) {
			r.Times, r.API, r.Broker, r.Topic, r.For = 5, "Produce", 0, "orders", 2*time.Second
		}),
	} {
		p, err := compile("{requests} {fate}")
		if err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"fail", "fails"} {
			values, err := p.Read(text + " " + verb + " with NOT_LEADER_OR_FOLLOWER")
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			if diff := cmp.Diff(want, values[0].Value); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
}

func TestReadChanges(t *testing.T) {
	p, err := compile("{broker} is {change}")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []cluster.BrokerChange{cluster.BrokerStopped, cluster.BrokerStarted, cluster.BrokerKilled,
		cluster.BrokerPaused, cluster.BrokerResumed, cluster.BrokerRestarted} {
		values, err := p.Read("broker 2 is " + string(want))
		if err != nil || values[1].Value != want {
			t.Errorf("got %v (%v), want %s", values, err, want)
		}
	}
	if _, err := p.Read("broker 2 is puased"); err == nil || !strings.Contains(err.Error(), "did you mean paused?") {
		t.Errorf("got error %v, want the nearest change", err)
	}
}

func TestRequestsNameWhatStandsInThem(t *testing.T) {
	p, err := compile("{requests} {fate}")
	if err != nil {
		t.Fatal(err)
	}
	values, err := p.Read(`every request from "shipping" to "orders" of group "g" is held`)
	if err != nil {
		t.Fatal(err)
	}
	want := []phrase.Value{{Param: "app", Text: "shipping", Value: "shipping"},
		{Param: "topic", Text: "orders", Value: "orders"},
		{Param: "group", Text: "g", Value: "g"}}
	if diff := cmp.Diff(want, values[0].Inner); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What has the form of {requests} and does not read as such is told as a bad value, not as an unknown step.
func TestRequestsNameBadParts(t *testing.T) {
	p, err := compile("{requests} {fate}")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`the next 0 Produce requests`:                                 `behind "the next": got 0, want 1 or more`,
		`the next x3 Produce requests`:                                "",
		`the next 3x Produce requests`:                                `got "3x", want a whole number`,
		`the next 3 Produced requests`:                                `write Produce`,
		`0% of Fetch requests`:                                        `got 0% of the requests, want more than 0%`,
		`120% of Fetch requests`:                                      `got 120% of the requests`,
		`every Fetch request form "app"`:                              `got "form" behind the requests, want one of from, to, partition`,
		`every Fetch request from "app" from "other"`:                 `got "from" twice`,
		`every Fetch request from 3`:                                  `got 3, want a name in double quotes`,
		`every Fetch request from ""`:                                 `got an empty application name`,
		`every Fetch request to "or ders"`:                            `got topic name "or ders"`,
		`every Fetch request partition 1`:                             `got a partition without its topic`,
		`every Fetch request to "orders" partition -1`:                `got -1, want 0 or more`,
		`every Fetch request to "orders" partition "1"`:               `want a whole number`,
		`every Fetch request of groups "g"`:                           `did you mean of group?`,
		`every Fetch request for 5x`:                                  `got "5x", want a duration`,
		`every Fetch request for 5s from now on`:                      `got from now on for requests that are counted or timed`,
		`every Fetch request from "app" after the first 0`:            `got 0, want 1 or more`,
		`the next 3 Fetch requests from now on`:                       `got from now on for requests that are counted or timed`,
		`every Fetch request from "app" is held is delayed by 5ms is`: "",
	} {
		_, err := p.Read(text + " are delayed by 50ms")
		if matches := p.Matches(text + " are delayed by 50ms"); matches != (want != "") {
			t.Errorf("%s: got a match %v, want %v", text, matches, want != "")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want it to contain %q", text, err, want)
		}
	}
}

func TestQuantiles(t *testing.T) {
	p, err := compile("the {quantile} latency")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"p50", "p99.9", "max"} {
		if values, err := p.Read("the " + text + " latency"); err != nil || values[0].Value != text {
			t.Errorf("got %v (%v), want %s", values, err, text)
		}
	}
	want := `got percentile "p98", want one of p50, p90, p99, p99.9, max`
	if _, err := p.Read("the p98 latency"); err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func FuzzRequests(f *testing.F) {
	f.Add(`2% of Fetch requests from "a" to "b" partition 1 at broker 2 for 2s`)
	f.Fuzz(func(_ *testing.T, text string) { _, _ = parseRequests(text) })
}
