package stateful

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// twoQueues is a session in which nothing but a fetch makes it look, with the queues of two topics that were empty when
// somebody looked.
func twoQueues(t *testing.T, l *lab.Lab) (s *session, users, payments *queue) {
	t.Helper()
	l.Topic(t, "users", 1)
	l.Topic(t, "payments", 1)
	users, payments = &queue{topic: "users", end: 0}, &queue{topic: "payments", end: 0}
	one := &task{ready: true, queues: []*queue{users, payments}}
	users.task, payments.task = one, one
	return &session{
		options: Options{Inputs: []string{"users", "payments"}, CommitEvery: time.Hour}, admin: l.Admin,
		tasks: map[int32]*task{0: one}, looked: time.Now().Add(time.Hour),
	}, users, payments
}

// A topic that was read to its end when somebody looked is not taken for read to its end after another topic's record
// was fetched: it may have got an older one before that.
func TestEndsAreLookedUpAgainAfterAFetch(t *testing.T) {
	l := lab.New(t)
	s, users, payments := twoQueues(t, l)
	l.Values(t, "users", 0, "a")
	s.look(l.Ctx)
	if !users.drained() {
		t.Fatal("got a look though nothing was fetched, want none so soon after the last")
	}
	fetched := kgo.Fetches{{Topics: []kgo.FetchTopic{{Topic: "payments",
		Partitions: []kgo.FetchPartition{{Records: []*kgo.Record{{Topic: "payments"}}}}}}}}
	if err := s.add(fetched); err != nil {
		t.Fatal(err)
	}
	s.look(l.Ctx)
	if users.drained() || users.end != 1 {
		t.Errorf("got users read to their end at %d, want their end to be 1 now, and the payment to wait", users.end)
	}
	if q, _ := (lane{users, payments}).first(); q != nil {
		t.Errorf("got the turn of %s, want nobody's before the next user is known", q.topic)
	}
}

// Where a partition ends is asked for once its queue is empty, and then at once: with records at hand it does not
// matter.
func TestEndsAreLookedUpWhenAQueueIsEmpty(t *testing.T) {
	l := lab.New(t)
	s, users, _ := twoQueues(t, l)
	l.Values(t, "users", 0, "a")
	var both []kgo.FetchTopic
	for _, topic := range s.options.Inputs {
		both = append(both, kgo.FetchTopic{Topic: topic,
			Partitions: []kgo.FetchPartition{{Records: []*kgo.Record{{Topic: topic}}}}})
	}
	if err := s.add(kgo.Fetches{{Topics: both}}); err != nil {
		t.Fatal(err)
	}
	s.look(l.Ctx)
	if users.end != -1 || !s.workable() {
		t.Fatalf("got users' end %d, workable %t, want the end not known any more, no look while both have a record at "+
			"hand, and work", users.end, s.workable())
	}
	users.pop()
	s.look(l.Ctx)
	if users.end != 1 || !users.drained() || !s.workable() {
		t.Errorf("got users' end %d, drained %t, workable %t, want a look that finds the users read to their end at 1",
			users.end, users.drained(), s.workable())
	}
}
