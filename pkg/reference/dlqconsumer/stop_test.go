package dlqconsumer_test

import (
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// Told to stop while the coordinator cannot end the transaction, it ends in good order: nothing of the transaction
// counts, so nothing is lost.
func TestStopsThoughTheTransactionCannotEnd(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	asked := make(chan struct{})
	once := sync.OnceFunc(func() { close(asked) })
	l.Fake.ControlKey(int16(kmsg.EndTxn), func(request kmsg.Request) (kmsg.Response, error, bool) {
		l.Fake.KeepControl()
		once()
		answer := request.ResponseKind().(*kmsg.EndTxnResponse)
		answer.ErrorCode = kerr.ConcurrentTransactions.Code
		return answer, nil, true
	})
	l.Send(t, &kgo.Record{Topic: "orders", Value: []byte("poison")})
	running := l.Start(t, dlqconsumer.Run, member("c1"), "transactional: true"+quick)
	select {
	case <-asked:
	case <-l.Ctx.Done():
		t.Fatal("no transaction was ended")
	}
	if err := running.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	running.Until(t, 1, "stopped before the transaction ended")
	if got := l.Committed(t, "shipping", "orders"); len(got) != 0 {
		t.Errorf("got committed offsets %v, want none", got)
	}
}
