package windower_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

const quick = "session-timeout: 1s\nheartbeat-interval: 50ms\ncommit-interval: 20ms\ntransaction-timeout: 2s\n"

var day = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// at is a clock time of the day.
func at(t testing.TB, clock string) time.Time {
	t.Helper()
	parsed, err := time.Parse("15:04:05.999", clock)
	if err != nil {
		t.Fatal(err)
	}
	return day.Add(time.Duration(parsed.Hour())*time.Hour + time.Duration(parsed.Minute())*time.Minute +
		time.Duration(parsed.Second())*time.Second + time.Duration(parsed.Nanosecond()))
}

// event reads "partition key clock amount".
func event(t testing.TB, text string) *kgo.Record {
	t.Helper()
	var p int32
	var key, clock, amount string
	if _, err := fmt.Sscan(text, &p, &key, &clock, &amount); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &kgo.Record{Topic: "readings", Partition: p, Key: []byte(key), Value: []byte(`{"amount":` + amount + `}`),
		Timestamp: at(t, clock)}
}

func send(t testing.TB, l *lab.Lab, events ...string) {
	t.Helper()
	for _, e := range events {
		l.Send(t, event(t, e))
	}
}

func newLab(t testing.TB, partitions int32) *lab.Lab {
	l := lab.New(t)
	l.Topic(t, "readings", partitions)
	l.Topic(t, "readings_windows", 1)
	l.Topic(t, "readings_late", 1)
	l.Topic(t, "readings_changelog", partitions, "cleanup.policy", "compact")
	return l
}

func env(name string) app.Env {
	return app.Env{Name: name, Group: "metering", Inputs: []string{"readings"}}
}

// names are what stands around the values of a window.
var names = regexp.MustCompile(`"(start|end)":"2026-01-05T|"\w+":|["{}]`)

// windows is what was emitted: "key start count sum min max".
func windows(t testing.TB, l *lab.Lab) []string {
	t.Helper()
	var all []string
	for _, r := range l.Read(t, "readings_windows") {
		all = append(all, string(r.Key)+" "+names.ReplaceAllString(string(r.Value), ""))
	}
	return all
}

// until waits for so many windows.
func until(t testing.TB, l *lab.Lab, n int) (got []string) {
	t.Helper()
	l.Until(t, fmt.Sprint(n, " windows"), func() bool {
		got = windows(t, l)
		return len(got) >= n
	}, func() string { return fmt.Sprintf("%q", got) })
	return got
}

func TestWindowsOfOnePartition(t *testing.T) {
	for name, c := range map[string]struct {
		events []string
		want   []string
		late   int
	}{
		"count, sum, min, max of each key": {
			[]string{"0 a 10:00:00 5", "0 b 10:01:00 2.5", "0 a 10:04:59.999 -3", "0 a 10:06:00 1"},
			[]string{"a 10:00:00Z,10:05:00Z,2,2,-3,5", "b 10:00:00Z,10:05:00Z,1,2.5,2.5,2.5"}, 0,
		},
		"the end belongs to the next window": {
			[]string{"0 a 10:05:00 1", "0 a 10:11:00 1"},
			[]string{"a 10:05:00Z,10:10:00Z,1,1,1,1"}, 0,
		},
		"out of order within grace": {
			[]string{"0 a 10:00:00 1", "0 a 10:05:59.999 1", "0 a 10:04:00 1", "0 a 10:06:00 1"},
			[]string{"a 10:00:00Z,10:05:00Z,2,2,1,1"}, 0,
		},
		"late beyond grace": {
			[]string{"0 a 10:00:00 1", "0 a 10:06:00 1", "0 a 10:04:59.999 1"},
			[]string{"a 10:00:00Z,10:05:00Z,1,1,1,1"}, 1,
		},
		"late for a window without events": {
			[]string{"0 a 10:06:00 1", "0 a 10:04:59.999 1", "0 a 10:11:00 1"},
			[]string{"a 10:05:00Z,10:10:00Z,1,1,1,1"}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, 1)
			send(t, l, c.events...)
			l.Start(t, windower.Run, env("w"), quick)
			got := until(t, l, len(c.want))
			l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: int64(len(c.events))})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("windows differ (-want +got):\n%s", diff)
			}
			if late := l.Read(t, "readings_late"); len(late) != c.late {
				t.Errorf("got %d late records, want %d", len(late), c.late)
			}
		})
	}
}

// The slowest active partition decides, and one that is idle does not, whichever instance has it.
func TestSlowestActivePartition(t *testing.T) {
	for instances := 1; instances <= 2; instances++ {
		t.Run(fmt.Sprintf("%d instances", instances), func(t *testing.T) {
			l := newLab(t, 2)
			var runs []*lab.Running
			for i := range instances {
				runs = append(runs, l.Start(t, windower.Run, env(fmt.Sprintf("w%d", i)), quick+"idle-after: 30m"))
				runs[i].Until(t, 1, "msg=restored ")
			}
			send(t, l, "0 a 10:00:00 1", "1 b 10:01:00 1", "0 a 10:20:00 1") // b's partition is slow
			l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: 2, 1: 1})
			send(t, l, "1 b 10:05:59.999 1") // still
			l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: 2, 1: 2})
			if got := windows(t, l); len(got) > 0 {
				t.Fatalf("got %q, want none before the slowest partition has passed", got)
			}
			send(t, l, "1 b 10:06:00 1")
			want := []string{"a 10:00:00Z,10:05:00Z,1,1,1,1", "b 10:00:00Z,10:05:00Z,1,1,1,1"}
			got := until(t, l, 2)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("windows differ (-want +got):\n%s", diff)
			}
			send(t, l, "0 a 10:36:00.001 1") // now b's partition is idle
			if got := until(t, l, 4); !slices.Contains(got, "b 10:05:00Z,10:10:00Z,2,2,1,1") ||
				!slices.Contains(got, "a 10:20:00Z,10:25:00Z,1,1,1,1") {
				t.Errorf("got %q, want the windows of both partitions up to 10:35", got)
			}
			send(t, l, "1 b 10:07:00 1") // and wakes up: too late for its window
			l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: 3, 1: 4})
			if got, late := windows(t, l), l.Read(t, "readings_late"); len(got) != 4 || len(late) != 1 {
				t.Errorf("got %d windows and %d late records, want 4 and 1", len(got), len(late))
			}
		})
	}
}

// An event that cannot be read is kept with the reason.
func TestUnreadableEventsAreSetAside(t *testing.T) {
	l := newLab(t, 1)
	for _, r := range []*kgo.Record{
		{Key: []byte("a"), Value: []byte("no json")}, {Key: []byte("a"), Value: []byte(`{"other": 1}`)},
		{Key: []byte("a"), Value: []byte(`{"amount": "1"}`)}, {Value: []byte(`{"amount": 1}`)},
		{Key: []byte("a"), Value: []byte(`{"amount": 1e300}`)},
	} {
		r.Topic, r.Timestamp = "readings", at(t, "10:00:00")
		l.Send(t, r)
	}
	l.Start(t, windower.Run, env("w"), quick)
	l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: 5})
	details := map[string]bool{}
	for _, r := range l.Read(t, "readings_late") {
		details[string(r.Headers[1].Value)] = true
		if string(r.Headers[0].Value) != "unreadable" {
			t.Errorf("got reason %s, want unreadable", r.Headers[0].Value)
		}
	}
	if len(details) != 5 {
		t.Errorf("got the reasons %q, want five", slices.Sorted(maps.Keys(details)))
	}
}

// What is emitted does not depend on how much is read at a time, nor on how often it stops: it is what the judge of
// windows wants.
func TestSameOutputAtAnySpeed(t *testing.T) {
	for _, speed := range []string{"commit-interval: 500ms", "commit-interval: 1ms", "restarts"} {
		t.Run(speed, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 3)
			var sent []*kgo.Record
			send := func(to int) {
				first := len(sent)
				for i := first; i < to; i++ { // a minute between events, up to four minutes out of order
					p := i % 3
					moment := day.Add(time.Duration(i)*20*time.Second - time.Duration(i*i%13)*20*time.Second)
					sent = append(sent, &kgo.Record{Topic: "readings", Partition: int32(p), Key: fmt.Appendf(nil, "p%d-%d", p, i%7),
						Value: fmt.Appendf(nil, `{"amount":%d}`, i%101), Timestamp: moment.Add(time.Hour)})
				}
				l.Send(t, sent[first:]...)
			}
			settings := quick + "idle-after: 10m\n"
			if speed == "restarts" {
				for range 5 {
					send(len(sent) + 500) // so each has something to commit, however fast the one before was
					run := l.Start(t, windower.Run, env("w"), strings.Replace(settings, "20ms", "1ms", 1))
					run.Until(t, 1, "msg=committed ")
					if err := run.Stop(t); err != nil {
						t.Fatal(err)
					}
				}
			} else {
				settings = strings.Replace(settings, "commit-interval: 20ms", speed, 1)
			}
			send(3000)
			l.Start(t, windower.Run, env("w"), settings)
			l.UntilCommitted(t, "metering", "readings", map[int32]int64{0: 1000, 1: 1000, 2: 1000})
			if late := l.Read(t, "readings_late"); len(late) == 0 {
				t.Error("got no late records, want some: nothing is shown without")
			}
			// the last windows may be emitted in a transaction behind the last offsets'
			var result verdict.Result
			l.Until(t, "the windows", func() bool {
				result = judge(t, l, sent, 10*time.Minute)
				return result.Outcome == verdict.Pass
			}, func() string { return fmt.Sprint(result.Err()) })
		})
	}
}

func TestBadSettings(t *testing.T) {
	for settings, want := range map[string]string{
		"size: 0s":                `setting size: got 0s`,
		"size: 1500us":            `setting size: got 1.5ms`,
		`field: ""`:               `setting field: got an empty name`,
		"grace: -1s":              `grace: got "-1s", want a duration`,
		"windows-topics: x":       `did you mean "windows-topic"?`,
		"late-topic: readings":    `topic "readings" would be read and written`,
		"windows-topic: nowhere":  `topic "nowhere": UNKNOWN_TOPIC_OR_PARTITION`,
		"transaction-timeout: 0s": `commit-interval: got 100ms, want more than 0 and less than transaction-timeout`,
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 1)
			err := l.Start(t, windower.Run, env("w"), settings).Wait(t)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
