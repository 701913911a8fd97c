package bulkproducer_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func env() app.Env { return app.Env{Name: "bulk", Outputs: []string{"events"}} }

type event struct {
	UserID string `json:"user_id"`
	Seq    int64  `json:"seq"`
}

// decode reads an event. JSON is slow under the race detector, so only one in a hundred events is held against it.
func decode(t *testing.T, r *kgo.Record) event {
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(r.Value), `{"user_id":"`), `","seq":`)
	digits, _, _ := strings.Cut(rest, ",")
	seq, err := strconv.ParseInt(digits, 10, 64)
	e := event{user, seq}
	if strict := (event{}); seq%100 == 0 {
		if err = json.Unmarshal(r.Value, &strict); e != strict {
			t.Fatalf("got %+v from %.100q, want %+v", e, r.Value, strict)
		}
	}
	if err != nil || user != string(r.Key) {
		t.Fatalf("got key %q and value %.100q (%v), want the user's id in both", r.Key, r.Value, err)
	}
	return e
}

func TestEachEventIsThereOnceInOrderPerUser(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 6)
	run := l.Start(t, bulkproducer.Run, env(), "events: 120_000\nusers: 500\nrecord-size: 80B")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=progress acknowledged=100000 ", "rate=")
	records := l.Read(t, "events")
	seen, last, place := make([]bool, 120_000), map[string]int64{}, map[string]int32{}
	for _, r := range records {
		e := decode(t, r)
		if before, ok := last[e.UserID]; ok && before >= e.Seq {
			t.Fatalf("got event %d of %s after %d, want them in order", e.Seq, e.UserID, before)
		}
		if at, ok := place[e.UserID]; ok && at != r.Partition {
			t.Fatalf("got %s on partitions %d and %d, want one", e.UserID, at, r.Partition)
		}
		last[e.UserID], place[e.UserID], seen[e.Seq] = e.Seq, r.Partition, true
		if len(r.Value) != 80 {
			t.Fatalf("got a value of %d bytes, want 80", len(r.Value))
		}
	}
	for seq, there := range seen {
		if !there {
			t.Fatalf("event %d is missing", seq)
		}
	}
	if len(records) != 120_000 || len(last) != 500 {
		t.Errorf("got %d records of %d users, want 120000 of 500", len(records), len(last))
	}
	var each [6]int
	for _, r := range records {
		each[r.Partition]++
	}
	run.Until(t, 1, "msg=done acknowledged=120000 refused=0 unknown=0 ",
		fmt.Sprintf("partitions=6 min=%d max=%d ", slices.Min(each[:]), slices.Max(each[:])))
}

func TestSameSettingsGiveTheSameEvents(t *testing.T) {
	t.Parallel()
	var users [3]string
	for i, seed := range []int{5, 5, 6} {
		l := lab.New(t)
		l.Topic(t, "events", 1)
		if err := l.Start(t, bulkproducer.Run, env(), fmt.Sprintf("events: 1000\nusers: 1_500_000\nseed: %d",
			seed)).Wait(t); err != nil {
			t.Fatal(err)
		}
		for _, r := range l.Read(t, "events") {
			users[i] += decode(t, r).UserID + " "
		}
	}
	if users[0] != users[1] || users[0] == users[2] {
		t.Errorf("got equal events for the same seed: %t, and for another: %t; want true and false", users[0] == users[1],
			users[0] == users[2])
	}
}

func TestRefusedEventsAreNamedCountedAndFatalAtTheEnd(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 3, "max.message.bytes", "5000")
	run := l.Start(t, bulkproducer.Run, env(), "events: 2500\nusers: 10\noversize-every: 1000\ncompression: none")
	err := run.Wait(t)
	if err == nil || !strings.Contains(err.Error(), "2 of 2500 events were refused, the first with MESSAGE_TOO_LARGE") {
		t.Errorf("got error %v, want 2 of 2500 refused with MESSAGE_TOO_LARGE", err)
	}
	run.Until(t, 1, "level=ERROR msg=refused key=user-00000", "seq=999 ", "error=\"MESSAGE_TOO_LARGE")
	run.Until(t, 1, "msg=refused ", "seq=1999 ")
	run.Until(t, 1, "msg=done acknowledged=2498 refused=2 unknown=0 ")
	if got := len(l.Read(t, "events")); got != 2498 {
		t.Errorf("got %d records, want 2498", got)
	}
}

func TestStopSendsWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 3)
	run := l.Start(t, bulkproducer.Run, env(), "events: 1G\nprogress-every: 10ms")
	run.Until(t, 1, "msg=progress ")
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	lines := run.Until(t, 1, "msg=interrupted ", "refused=0 unknown=0 ")
	var acknowledged int
	if _, err := fmt.Sscanf(lines[0], "level=INFO msg=interrupted acknowledged=%d", &acknowledged); err != nil {
		t.Fatal(err)
	}
	if got := len(l.Read(t, "events")); got != acknowledged {
		t.Errorf("got %d records, want the %d acknowledged ones", got, acknowledged)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	for settings, want := range map[string]string{
		"record-size: 40":   "want at least 47 bytes",
		"compression: zip":  "want none, gzip, snappy, lz4 or zstd",
		"users: 0":          "users 0",
		"topic: nowhere":    `topic "nowhere": UNKNOWN_TOPIC_OR_PARTITION`,
		"event: 5":          "events",
		"oversize-every: x": "oversize-every",
	} {
		err := l.Start(t, bulkproducer.Run, env(), settings).Wait(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q in it", settings, err, want)
		}
	}
	err := l.Start(t, bulkproducer.Run, app.Env{Name: "bulk"}, "").Wait(t)
	if diff := cmp.Diff("no output topic; name one, or set topic", fmt.Sprint(err)); diff != "" {
		t.Errorf("error differs (-want +got):\n%s", diff)
	}
}
