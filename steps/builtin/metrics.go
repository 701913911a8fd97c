package builtin

// Metrics: the numbers an application serves for Prometheus.

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// metricsPatience bounds one request for metrics; the step asks again.
const metricsPatience = 5 * time.Second

// showsMetric reads a number that the application serves in Prometheus' text format, at the address that its log names
// (the log pattern "metrics", field address). The series is the one whose labels topic and partition are those given.
// Not looked at: other metrics, and what they were before.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | poll | 20ms |
//	And 4 records are in "orders" partition 0
//	Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 4
func showsMetric(ctx context.Context, a *world.Application, metric string, topic *world.Topic, partition int64,
	want float64) error {
	text, err := metrics(ctx, a)
	if err != nil {
		return err
	}
	var values []float64
	for _, line := range sample.FindAllStringSubmatch(text, -1) {
		labels := map[string]string{}
		for _, l := range label.FindAllStringSubmatch(line[2], -1) {
			labels[l[1]] = l[2]
		}
		value, err := strconv.ParseFloat(line[3], 64)
		if err == nil && line[1] == metric && labels["topic"] == topic.Physical &&
			labels["partition"] == strconv.FormatInt(partition, 10) {
			values = append(values, value)
		}
	}
	if !slices.Equal(values, []float64{want}) {
		return fmt.Errorf("application %q: got the values %v of metric %s for %q partition %d, want %v", a.Name, values,
			metric, topic.Name, partition, want)
	}
	return nil
}

// Prometheus' text format, as far as it is needed here: a line name{label="value",…} number, and a label in it. The
// names of topics hold nothing that would be escaped.
var (
	sample = regexp.MustCompile(`(?m)^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)`)
	label  = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)
)

// metrics asks an application for its metrics, in Prometheus' text format.
func metrics(ctx context.Context, a *world.Application) (string, error) {
	told := a.Facts(journal.Metrics)
	if len(told) == 0 {
		return "", fmt.Errorf("application %q has logged no line of the kind \"metrics\" yet, which names the address",
			a.Name)
	}
	address := told[len(told)-1].Fields()["address"]
	ctx, cancel := context.WithTimeout(ctx, metricsPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", world.Final(fmt.Errorf("application %q: its line of the kind \"metrics\" gives address=%q: %w", a.Name,
			address, err))
	}
	// No connection is kept: nothing may be left over at the end of the scenario.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("could not look: metrics of %q: %w", a.Name, err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return "", fmt.Errorf("could not look: metrics of %q: %w", a.Name, err)
	case answer.StatusCode != http.StatusOK:
		return "", fmt.Errorf("could not look: metrics of %q: %s answers %s", a.Name, address, answer.Status)
	}
	world.Answered(ctx, fmt.Sprintf("application %q", a.Name))
	return string(text), nil
}
