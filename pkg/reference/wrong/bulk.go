package wrong

import (
	"bytes"
	"context"
	"hash/crc32"
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
)

// bulkVariants are those of bulk-producer.
func bulkVariants() []Variant {
	type plan = bulkproducer.Plan
	return variants(bulkproducer.RunWith, []mistake[plan]{
		{"bulk-random-partitioner", "each event goes to a random partition", func(p *plan) {
			dice := rand.New(rand.NewPCG(uint64(p.Seed), 0))
			p.Client = append(p.Client, partitioner(func(_ *kgo.Record, _, partitions int) int { return dice.IntN(partitions) }))
		}},
		// It is consistent in itself, but a producer in Java puts the same user elsewhere.
		{"bulk-other-hash", "keys are placed by CRC-32, as librdkafka does by default, not by murmur2", func(p *plan) {
			p.Client = append(p.Client, kgo.RecordPartitioner(kgo.StickyKeyPartitioner(kgo.SaramaHasher(crc32.ChecksumIEEE))))
		}},
		{"bulk-key-moved", "one key goes to another partition than it should, and to different ones in runs with different " +
			"seeds", bulkKeyMoved},
		{"bulk-counts-enqueued", "events count as acknowledged when they are handed to the client: shows with oversize-every",
			func(p *plan) { p.Around = around(countsEnqueued) }},
		{"bulk-errors-swallowed", "refused events are neither logged nor counted, and the exit code is 0: shows with " +
			"oversize-every", func(p *plan) { p.Around = around(hearsNoErrors) }},
		{"bulk-duplicates", "every thousandth event is sent again by the application, as after a timeout of its own",
			func(p *plan) { p.Around = around(duplicates()) }},
		{"bulk-skewed", "every second event belongs to the same user: one partition has most of them", func(p *plan) {
			right := p.User
			p.User = func(seq int64) int64 {
				if seq%2 == 0 {
					return 0
				}
				return right(seq)
			}
		}},
	})
}

// bulkKeyMoved places the user of the first event by the seed as well, never where it belongs. All other users are
// right.
func bulkKeyMoved(p *bulkproducer.Plan) {
	var moved []byte
	p.Client = append(p.Client, partitioner(func(r *kgo.Record, right, partitions int) int {
		if moved == nil {
			moved = bytes.Clone(r.Key)
		}
		if partitions > 1 && bytes.Equal(r.Key, moved) {
			return (right + 1 + int(uint64(p.Seed)%uint64(partitions-1))) % partitions
		}
		return right
	}))
}

// partitioner places records by a function that is told the right partition.
func partitioner(place func(r *kgo.Record, right, partitions int) int) kgo.Opt {
	return kgo.RecordPartitioner(kgo.BasicConsistentPartitioner(func(topic string) func(*kgo.Record, int) int {
		right := kgo.StickyKeyPartitioner(nil).ForTopic(topic)
		return func(r *kgo.Record, partitions int) int { return place(r, right.Partition(r, partitions), partitions) }
	}))
}

// send is a way to send a record with a client.
type send func(ctx context.Context, client produce.Client, event *kgo.Record, promise func(*kgo.Record, error))

// around is a client that sends by another function.
func around(by send) produce.Around {
	return func(client produce.Client) produce.Client { return sender{client, by} }
}

type sender struct {
	produce.Client
	by send
}

func (s sender) Produce(ctx context.Context, event *kgo.Record, promise func(*kgo.Record, error)) {
	s.by(ctx, s.Client, event, promise)
}

// countsEnqueued measures how fast it can fill the client's buffer, and never hears of a refusal.
func countsEnqueued(ctx context.Context, client produce.Client, event *kgo.Record, promise func(*kgo.Record, error)) {
	client.Produce(ctx, copied(event), nil)
	promise(event, nil)
}

// hearsNoErrors has a promise that looks at successes only.
func hearsNoErrors(ctx context.Context, client produce.Client, event *kgo.Record, promise func(*kgo.Record, error)) {
	client.Produce(ctx, event, func(r *kgo.Record, err error) {
		if err == nil {
			promise(r, nil)
		}
	})
}

// duplicates does not trust the client to retry, and sends some events again: idempotence covers the client's own
// retries only.
func duplicates() send {
	sent := 0
	return func(ctx context.Context, client produce.Client, event *kgo.Record, promise func(*kgo.Record, error)) {
		if sent++; sent%1000 == 1 {
			client.Produce(ctx, copied(event), nil)
		}
		client.Produce(ctx, event, promise)
	}
}

// copied is an event with memory of its own, which outlives the promise.
func copied(event *kgo.Record) *kgo.Record {
	own := *event
	own.Key, own.Value = bytes.Clone(event.Key), bytes.Clone(event.Value)
	return &own
}
