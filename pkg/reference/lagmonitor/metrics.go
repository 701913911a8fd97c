package lagmonitor

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the monitor's numbers for Prometheus. Each has the labels topic and partition, and group.
type metrics struct {
	registry                                  *prometheus.Registry
	lag, committed, start, end, alert, status *prometheus.GaugeVec
	looks                                     *prometheus.CounterVec
}

func newMetrics(group string) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	gauge := func(name, help string, more ...string) *prometheus.GaugeVec {
		v := prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "lag_monitor_" + name, Help: help, ConstLabels: prometheus.Labels{"group": group},
		}, append([]string{"topic", "partition"}, more...))
		m.registry.MustRegister(v)
		return v
	}
	m.lag = gauge("lag", "Offsets from where the group goes on reading to the end of the log.")
	m.committed = gauge("committed_offset", "Offset the group has committed; -1 for none.")
	m.start = gauge("start_offset", "First offset of the log.")
	m.end = gauge("end_offset", "Offset behind the last one that can be read.")
	m.alert = gauge("alert", "1 while an alert is raised.")
	m.status = gauge("status", "1 for the status the partition has.", "status")
	m.looks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "lag_monitor_looks_total", Help: "Looks at the cluster.", ConstLabels: prometheus.Labels{"group": group},
	}, []string{"result"})
	m.registry.MustRegister(m.looks)
	return m
}

func (m *metrics) looked(err error) {
	result := "complete"
	if err != nil {
		result = "failed"
	}
	m.looks.WithLabelValues(result).Inc()
}

func (m *metrics) set(p Partition, lag int64, w *watch) {
	number := strconv.Itoa(int(p.Number))
	m.lag.WithLabelValues(p.Topic, number).Set(float64(lag))
	m.committed.WithLabelValues(p.Topic, number).Set(float64(p.Committed))
	m.start.WithLabelValues(p.Topic, number).Set(float64(p.Start))
	m.end.WithLabelValues(p.Topic, number).Set(float64(p.End))
	m.alert.WithLabelValues(p.Topic, number).Set(one(w.alarm.Raised))
	for _, s := range statuses {
		m.status.WithLabelValues(p.Topic, number, string(s)).Set(one(s == w.status))
	}
}

func one(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// serve answers GET /metrics until stop is called. An empty address serves nothing.
func (m *metrics) serve(address string, log *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve metrics: %w; set metrics-address to another address, or to \"\" for none", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // always an error: that it was closed
	log.Info("metrics", "address", "http://"+listener.Addr().String()+"/metrics")
	return func() { _ = server.Close(); serving.Wait() }, nil
}
