package benchmark_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestWrongSettingsAreRefused(t *testing.T) {
	out, in := app.Env{Outputs: []string{"events"}}, app.Env{Inputs: []string{"events"}}
	for _, c := range []struct {
		name, settings, want string
		run                  app.Func
		env                  app.Env
	}{
		{"codec", "compression: lzma", `got compression "lzma"`, benchmark.RunProducer, out},
		{"acks", "acks: 1", `got acks "1", want all, leader or none`, benchmark.RunProducer, out},
		{"no event", "events: 0", "got 0 events, want 1 to", benchmark.RunProducer, out},
		{"all warm-up", "{events: 10, warm-up: 10}", "want fewer than the 10", benchmark.RunProducer, out},
		{"too small", "record-size: 30", "got record-size 30, want at least 5", benchmark.RunProducer, out},
		{"no rate", "rate: -5", "got rate -5", benchmark.RunProducer, out},
		{"no buffer", "buffer: 0", "got buffer 0", benchmark.RunProducer, out},
		{"batch of nothing", "batch-size: 0", "got batch-size 0, want at least 512 bytes, for one event of 100, and at " +
			"most 104858624; leave it out for the usual 262144", benchmark.RunProducer, out},
		{"negative batch", "batch-size: -5", `batch-size: got "-5", want a size such as`, benchmark.RunProducer, out},
		{"batch smaller than an event", "{record-size: 1KiB, batch-size: 1KiB}",
			"got batch-size 1024, want at least 1104 bytes", benchmark.RunProducer, out},
		{"batch larger than any", "batch-size: 1GiB", "got batch-size 1073741824, want at least 512", benchmark.RunProducer,
			out},
		{"unknown", "event: 5", `did you mean "events"?`, benchmark.RunProducer, out},
		{"no topic to write", "", "got 0 output topics", benchmark.RunProducer, in},
		{"no consumer", "consumers: 0", "got consumers 0", benchmark.RunConsumer, in},
		{"no producer", "producers: 0", "got 0 producers", benchmark.RunConsumer, in},
		{"no topic to read", "", "got 0 input topics", benchmark.RunConsumer, out},
		{"a group", "", "got a group, want none", benchmark.RunConsumer, app.Env{Inputs: []string{"events"}, Group: "g"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := lab.New(t)
			c.env.Name = "bench"
			err := l.Start(t, c.run, c.env, c.settings).Wait(t)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestProducerStopsWhenTold(t *testing.T) {
	l := lab.New(t)
	l.Topic(t, "events", 2)
	running := l.Start(t, benchmark.RunProducer, app.Env{Name: "bench", Outputs: []string{"events"}},
		"{events: 1M, rate: 500, progress-every: 10ms}")
	running.Until(t, 3, "msg=progress")
	if err := running.Stop(t); err != nil {
		t.Errorf("got %v, want being told to stop to be no error", err)
	}
	if lines := running.Lines("msg=interrupted "); len(lines) != 1 || len(running.Lines("msg=done ")) != 0 {
		t.Errorf("got %v, want one line that says so and none that says it is done", lines)
	}
}

func TestConsumerGivesUpOnAMissingTopic(t *testing.T) {
	l := lab.New(t)
	err := l.Start(t, benchmark.RunConsumer, app.Env{Name: "bench", Inputs: []string{"nowhere"}}, "").Wait(t)
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v, want the topic to be named", err)
	}
}
