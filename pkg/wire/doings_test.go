package wire

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// What applications do while a fault is at work; each returns what they were answered.

func produceOne(options ...kgo.Opt) func(*stand) string {
	return func(s *stand) string {
		return nameOf(s.client("app", options...).ProduceSync(s.ctx, s.record("orders", 0)).FirstErr())
	}
}

func produceSize(size int) func(*stand) string {
	return func(s *stand) string {
		record := s.record("orders", 0)
		record.Value = make([]byte, size)
		return nameOf(s.client("app", kgo.ProducerBatchCompression(kgo.NoCompression())).ProduceSync(s.ctx,
			record).FirstErr())
	}
}

// produceEverywhere sends one request about every partition.
func produceEverywhere(s *stand) string {
	producer := s.client("app", kgo.ProducerLinger(100*time.Millisecond))
	return nameOf(producer.ProduceSync(s.ctx, s.record("orders", 0), s.record("orders", 1),
		s.record("payments", 0)).FirstErr())
}

// produceMany sends one record after another, each whatever became of the last.
func produceMany(n int) func(*stand) string {
	return func(s *stand) string {
		producer, accepted := s.client("app", notIdempotent...), 0
		for range n {
			if producer.ProduceSync(s.ctx, s.record("orders", 0)).FirstErr() == nil {
				accepted++
			}
		}
		return fmt.Sprintf("%d of %d", accepted, n)
	}
}

// besides lets another application produce as well.
func besides(other string) func(*stand) string {
	return func(s *stand) string {
		mine := produceOne()(s)
		return mine + ", " + other + ": " + nameOf(s.client(other).ProduceSync(s.ctx, s.record("orders", 0)).FirstErr())
	}
}

// releasing holds a record back until it is seen not to arrive.
func releasing(s *stand) string {
	done := make(chan error, 1)
	s.client("app").Produce(s.ctx, s.record("orders", 0), func(_ *kgo.Record, err error) { done <- err })
	awaitFired(s.ctx, s.t, s.handle, 1)
	held := await.Options{What: "the held record in the topic"}
	if err := await.Never(s.ctx, 100*time.Millisecond, held, func(context.Context) (bool, error) {
		return len(done) > 0 ||
			written(s) > 0, nil
	}); err != nil {
		s.t.Fatal(err)
	}
	s.handle.Remove()
	return nameOf(<-done)
}

// isolated produces while nothing of the application gets through, and something of another one does.
func isolated(s *stand) string {
	done := make(chan error, 1)
	s.client("app").Produce(s.ctx, s.record("orders", 0), func(_ *kgo.Record, err error) { done <- err })
	awaitFired(s.ctx, s.t, s.handle, 2)
	if err := s.client("other").ProduceSync(s.ctx, s.record("payments", 0)).FirstErr(); err != nil {
		s.t.Fatal(err)
	}
	if n := written(s); n != 1 || len(done) > 0 {
		s.t.Errorf("got %d records and %d answers while isolated, want that of the other application only", n, len(done))
	}
	s.handle.Remove()
	return nameOf(<-done)
}

// betweenResets produces before all connections are reset, and after.
func betweenResets(s *stand) string {
	producer := s.client("app")
	if err := producer.ProduceSync(s.ctx, s.record("orders", 0)).FirstErr(); err != nil {
		return nameOf(err)
	}
	if s.proxy.Reset("app") == 0 {
		s.t.Error("got no connection reset, want those of the producer")
	}
	return nameOf(producer.ProduceSync(s.ctx, s.record("orders", 0)).FirstErr())
}

// commit commits offsets of two groups.
func commit(s *stand) string {
	admin := kadm.NewClient(s.client("app"))
	var answers string
	for _, group := range []string{"billing", "shipping"} {
		var offsets kadm.Offsets
		offsets.AddOffset(s.topic("orders"), 0, 7, -1)
		answer, err := admin.CommitOffsets(s.ctx, s.group(group), offsets)
		if err == nil {
			err = answer.Error()
		}
		answers = nameOf(err)
	}
	return answers
}

// transact commits two transactions of one record.
func transact(s *stand) string {
	for _, id := range []string{"a", "b"} {
		producer := s.client("app", kgo.TransactionalID(s.id(id)))
		if err := producer.BeginTransaction(); err != nil {
			return nameOf(err)
		}
		if err := producer.ProduceSync(s.ctx, s.record("orders", 0)).FirstErr(); err != nil {
			return nameOf(err)
		}
		if err := producer.EndTransaction(s.ctx, kgo.TryCommit); err != nil {
			return nameOf(err)
		}
	}
	return "NONE"
}
