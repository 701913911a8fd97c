package dlqconsumer_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// BenchmarkConsume reads 200,000 records, one in ten of which becomes a dead letter.
func BenchmarkConsume(b *testing.B) {
	const each, partitions = 50_000, 4
	for _, mode := range []string{"transactional: false", "transactional: true"} {
		b.Run(mode, func(b *testing.B) {
			l := lab.New(b)
			l.Topic(b, "orders", partitions)
			l.Topic(b, "orders_dlq", 1)
			for i := range each * partitions {
				l.Client.Produce(context.Background(), &kgo.Record{Topic: "orders", Partition: int32(i % partitions),
					Value: fmt.Appendf(nil, `{"seq": %d}`, i)}, nil)
			}
			if err := l.Client.Flush(l.Ctx); err != nil {
				b.Fatal(err)
			}
			var seconds float64
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				env := member("c1")
				env.Group = fmt.Sprintf("shipping-%d", i)
				run := l.Start(b, dlqconsumer.Run, env, mode+"\nfail-rate: 10%")
				for p := range partitions {
					run.Until(b, 1, "msg=committed ", fmt.Sprintf("partition=%d offset=%d ", p, each))
				}
				seconds += time.Since(start).Seconds()
				if err := run.Stop(b); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*each*partitions/seconds, "records/s")
		})
	}
}
