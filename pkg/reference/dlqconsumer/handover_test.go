package dlqconsumer_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

const quick = "\nheartbeat-interval: 50ms\nsession-timeout: 5s"

func member(name string) app.Env {
	return app.Env{Name: name, Group: "shipping", Inputs: []string{"orders"}}
}

// Members come and go while records are processed, retries included: each record has one fate all the same.
func TestHandoverRepeatsNothing(t *testing.T) {
	for _, mode := range []string{"transactional: false", "transactional: true"} {
		t.Run(mode, func(t *testing.T) {
			l := orders(t, 4)
			fill(t, l, 4, 500)
			settings := mode + quick + "\nfail-rate: 20%\nfail-transient: 1\ntransient-rate: 10%\nretry-backoff: 2ms\nbatch: " +
				"50\ncommit-every: 10ms"
			first := l.Start(t, dlqconsumer.Run, member("c1"), settings)
			first.Until(t, 100, "msg=processed ")
			second := l.Start(t, dlqconsumer.Run, member("c2"), settings)
			second.Until(t, 1, "msg=assigned ")
			if err := first.Stop(t); err != nil {
				t.Errorf("got %v, want nil after a graceful stop", err)
			}
			third := l.Start(t, dlqconsumer.Run, member("c3"), settings)
			third.Until(t, 1, "msg=assigned ")
			fill(t, l, 4, 100)
			committed := func(run *lab.Running, p int) bool {
				return len(run.Lines("msg=committed ", fmt.Sprintf("partition=%d offset=600 ", p))) > 0
			}
			for p := range 4 {
				second.UntilTrue(t, func() bool { return committed(second, p) || committed(third, p) }, third)
			}
			for _, run := range []*lab.Running{second, third} {
				if err := run.Stop(t); err != nil {
					t.Errorf("got %v, want nil after a graceful stop", err)
				}
			}
			all := fates(t, first, second, third)
			if len(all) != 2400 {
				t.Errorf("got the fate of %d records, want 2400", len(all))
			}
			set := 0
			for _, fate := range all {
				if fate == "dead-lettered" {
					set++
				}
			}
			letters := map[string]int{}
			for _, r := range l.Read(t, "orders_dlq") {
				letters[header(t, r, "dlq-source-partition")+"/"+header(t, r, "dlq-source-offset")]++
			}
			if len(letters) != set {
				t.Errorf("got dead letters of %d records, want the %d of the log", len(letters), set)
			}
			for place, n := range letters {
				if n != 1 || all[place] != "dead-lettered" {
					t.Errorf("got %d dead letters of %s, which the log calls %q; want one, dead-lettered", n, place, all[place])
				}
			}
		})
	}
}

// A member that is told by a commit that the group has gone on joins again and goes on behind that commit, which is
// made again though no more records come.
func TestRefusedCommitIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, refused := range []*kerr.Error{kerr.UnknownMemberID, kerr.RebalanceInProgress} {
		t.Run(refused.Message, func(t *testing.T) {
			l := orders(t, 1)
			l.RefuseCommit(refused)
			fill(t, l, 1, 10)
			run := l.Start(t, dlqconsumer.Run, env(), "")
			l.UntilCommitted(t, "shipping", "orders", map[int32]int64{0: 10})
			run.Until(t, 1, "msg=warning ", refused.Message)
		})
	}
}

func TestRestartGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	fill(t, l, 1, 10)
	run := l.Start(t, dlqconsumer.Run, env(), "")
	run.Until(t, 1, "msg=committed ", "offset=10 ")
	if err := run.Stop(t); err != nil {
		t.Fatal(err)
	}
	l.Values(t, "orders", 0, "late poison")
	again := l.Start(t, dlqconsumer.Run, env(), "")
	again.Until(t, 1, "msg=committed ", "offset=11 ")
	if got := len(fates(t, run, again)); got != 11 {
		t.Errorf("got the fate of %d records, want 11", got)
	}
}

// A record that waits for its next attempt holds back neither other partitions nor a stop.
func TestRetryHoldsBackOnlyItsPartition(t *testing.T) {
	t.Parallel()
	l := orders(t, 2)
	l.Values(t, "orders", 1, "{}")
	run := l.Start(t, dlqconsumer.Run, env(), "fail-transient: 1\ntransient-rate: 100%\nretry-backoff: "+
		"1h\nretry-backoff-max: 1h\nretries: 1\ncommit-every: 5ms\ndecode: none")
	run.Until(t, 1, "msg=retrying ", "partition=1 offset=0 ", "delay=1h0m0s")
	l.Values(t, "orders", 0, "{}")
	run.Until(t, 1, "msg=retrying ", "partition=0 offset=0 ") // it got its first attempt
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	if diff := cmp.Diff(map[int32]int64{}, l.Committed(t, "shipping", "orders")); diff != "" {
		t.Errorf("committed offsets differ (-want +got):\n%s", diff)
	}
}

// In a transaction, a dead letter that is refused takes the others with it: a reader sees none.
func TestRefusedDeadLetterAbortsTheTransaction(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	l.Topic(t, "orders_dlq", 1, "max.message.bytes", "2000")
	large := make([]byte, 3000)
	l.Values(t, "orders", 0, "{}", "poison", string(large), "{}")
	run := l.Start(t, dlqconsumer.Run, env(), "transactional: true")
	if err := run.Wait(t); err == nil {
		t.Error("got no error, want MESSAGE_TOO_LARGE")
	}
	if got := l.Read(t, "orders_dlq"); len(got) != 0 {
		t.Errorf("got %d dead letters, want none", len(got))
	}
	if diff := cmp.Diff(map[int32]int64{}, l.Committed(t, "shipping", "orders")); diff != "" {
		t.Errorf("committed offsets differ (-want +got):\n%s", diff)
	}
	l.Set(t, "orders_dlq", "max.message.bytes", "100000")
	again := l.Start(t, dlqconsumer.Run, env(), "transactional: true")
	again.Until(t, 1, "msg=committed ", "offset=4 ")
	if got := l.Read(t, "orders_dlq"); len(got) != 2 {
		t.Errorf("got %d dead letters, want 2", len(got))
	}
	if got := len(fates(t, run, again)); got != 4 {
		t.Errorf("got the fate of %d records, want 4", got)
	}
}

// A transaction that is left open by a member that died is aborted by its successor.
func TestSuccessorAbortsAnOpenTransaction(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	dead, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.TransactionalID("shipping-shipping"))
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	if err := dead.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := dead.ProduceSync(l.Ctx, &kgo.Record{Topic: "orders_dlq", Value: []byte("torn")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	l.Values(t, "orders", 0, "poison")
	run := l.Start(t, dlqconsumer.Run, env(), "transactional: true")
	run.Until(t, 1, "msg=committed ", "offset=1 ")
	if got := l.Read(t, "orders_dlq"); len(got) != 1 || string(got[0].Value) != "poison" {
		t.Errorf("got dead letters %v, want the one of this run only", got)
	}
}
