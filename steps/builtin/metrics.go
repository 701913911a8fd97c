package builtin

// Metrics: the numbers an application serves for Prometheus.

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// metricsPatience bounds one request for metrics; the step asks again.
const metricsPatience = 5 * time.Second

// showsMetric reads a number that the application serves in Prometheus' text format, at the address that its log names
// (the log pattern "metrics", field address). The series is the one whose labels topic and partition are those given.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | poll | 20ms |
//	And 4 records are in "orders" partition 0
//	Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 4
func showsMetric(ctx context.Context, name, metric, topic string, partition int64, want float64) error {
	w := world.FromContext(ctx)
	t, err := w.Topic(topic)
	if err != nil {
		return err
	}
	families, err := metrics(w, ctx, name)
	if err != nil {
		return err
	}
	var values []float64
	for _, m := range families[metric].GetMetric() {
		if label(m, "topic") == t.Physical && label(m, "partition") == strconv.FormatInt(partition, 10) {
			values = append(values, value(m))
		}
	}
	if !slices.Equal(values, []float64{want}) {
		return fmt.Errorf("application %q: got the values %v of metric %s for %q partition %d, want %v", name, values, metric,
			topic, partition, want)
	}
	return nil
}

// metrics asks an application for its metrics.
func metrics(w *world.World, ctx context.Context, name string) (map[string]*dto.MetricFamily, error) {
	told := w.Facts(name, journal.Metrics)
	if len(told) == 0 {
		return nil, fmt.Errorf("application %q has logged no line of the kind \"metrics\" yet, which names the address", name)
	}
	address := told[len(told)-1].Fields()["address"]
	ctx, cancel := context.WithTimeout(ctx, metricsPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, world.Final(fmt.Errorf("application %q: its line of the kind \"metrics\" gives address=%q: %w", name, address,
			err))
	}
	// No connection is kept: nothing may be left over at the end of the scenario.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("could not look: metrics of %q: %w", name, err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("could not look: metrics of %q: %w", name, err)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("could not look: metrics of %q: %s answers %s", name, address, answer.Status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(string(text)))
	if err != nil {
		return nil, fmt.Errorf("could not look: metrics of %q at %s: %w", name, address, err)
	}
	return families, nil
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// value is that of a gauge, a counter, or a metric without a type.
func value(m *dto.Metric) float64 {
	switch {
	case m.Gauge != nil:
		return m.GetGauge().GetValue()
	case m.Counter != nil:
		return m.GetCounter().GetValue()
	}
	return m.GetUntyped().GetValue()
}
