package wrong_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// verdict is what topics, log and exit say about a run of 20,000 events.
type verdict struct {
	misplaced int  // keys on a partition other than the default partitioner's
	torn      int  // keys on several partitions
	repeated  int  // events that are there twice
	honest    bool // the done line agrees with the topic, and exit code and refused lines with each other
	even      bool // no partition has more than twice the mean
}

func judge(t *testing.T, l *lab.Lab, running *lab.Running, err error) verdict {
	t.Helper()
	var v verdict
	right := kgo.StickyKeyPartitioner(nil).ForTopic("events")
	places, values, counts := map[string]map[int32]bool{}, map[string]bool{}, make([]int, 6)
	records := l.Read(t, "events")
	for _, r := range records {
		if places[string(r.Key)] == nil {
			places[string(r.Key)] = map[int32]bool{}
		}
		places[string(r.Key)][r.Partition] = true
		seq := string(bytes.SplitN(r.Value, []byte(","), 3)[1])
		if values[seq] {
			v.repeated++
		}
		values[seq] = true
		counts[r.Partition]++
	}
	for key, at := range places {
		if len(at) > 1 {
			v.torn++
		}
		if !at[int32(right.Partition(&kgo.Record{Key: []byte(key)}, 6))] || len(at) > 1 {
			v.misplaced++
		}
	}
	v.even = true
	for _, n := range counts {
		v.even = v.even && n <= 2*len(records)/6
	}
	refused := len(running.Lines("msg=refused "))
	done := running.Lines("msg=done ", fmt.Sprintf("acknowledged=%d refused=%d ", len(values), refused))
	v.honest = len(done) == 1 && len(values)+refused == 20_000 && (err != nil) == (refused > 0)
	return v
}

func TestWrongProducers(t *testing.T) {
	t.Parallel()
	const oversize = "oversize-every: 5000"
	for _, c := range []struct {
		name, settings string
		want           func(v verdict) bool
	}{
		{"", "", func(v verdict) bool { return v == verdict{honest: true, even: true} }},
		{"", oversize, func(v verdict) bool { return v == verdict{honest: true, even: true} }},
		{"bulk-random-partitioner", "", func(v verdict) bool { return v.torn > 1900 && v.even }},
		{"bulk-other-hash", "", func(v verdict) bool { return v.torn == 0 && v.misplaced > 1000 && v.even }},
		{"bulk-key-moved", "", func(v verdict) bool { return v.torn == 0 && v.misplaced == 1 }},
		{"bulk-key-moved", "seed: 2", func(v verdict) bool { return v.torn == 0 && v.misplaced == 1 }},
		{"bulk-counts-enqueued", oversize, func(v verdict) bool { return !v.honest && v.misplaced == 0 }},
		{"bulk-errors-swallowed", oversize, func(v verdict) bool { return !v.honest && v.misplaced == 0 }},
		{"bulk-duplicates", "", func(v verdict) bool { return v.repeated == 20 && v.misplaced == 0 }},
		{"bulk-skewed", "", func(v verdict) bool { return !v.even && v.misplaced == 0 }},
	} {
		t.Run(c.name+" "+c.settings, func(t *testing.T) {
			t.Parallel()
			run := bulkproducer.Run
			if c.name != "" {
				run = variant(t, c.name)
			}
			l := lab.New(t)
			l.Topic(t, "events", 6, "max.message.bytes", "20000")
			running := l.Start(t, run, app.Env{Name: "bulk", Outputs: []string{"events"}},
				"events: 20_000\nusers: 2000\n"+c.settings)
			err := running.Wait(t)
			if v := judge(t, l, running, err); !c.want(v) {
				t.Errorf("got %+v (error: %v), which is not what this variant must show", v, err)
			}
		})
	}
}
