// Package bench measures a cluster with the applications of pkg/reference/benchmark, keeps what it found as a result
// that says how it was found, and holds one result against another.
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// Params says what to measure.
type Params struct {
	Load       benchmark.Load
	Intake     benchmark.Intake // what it shares with the load is taken from there
	Partitions int32
	Kafkaspec  string           // version, for the result
	Tell       func(p Progress) // called about once a second, by one goroutine at a time; may be nil
}

// Progress is how far a measurement is.
type Progress struct {
	Elapsed      time.Duration
	Acknowledged int64           // so far
	Interval     benchmark.Point // what was received in the last interval
}

// Check says what cannot be measured.
func (p Params) Check() error {
	if p.Partitions < 1 || p.Partitions > 10_000 {
		return fmt.Errorf("got %d partitions, want 1 to 10000", p.Partitions)
	}
	if err := p.Load.Check(); err != nil {
		return err
	}
	if share := p.Load.Share; share.Count > int(p.Partitions) {
		return fmt.Errorf("got %d partitions for %d processes, want at least one for each", p.Partitions, share.Count)
	}
	if p.Load.Share.Count > 0 && p.Load.Begin.IsZero() {
		return errors.New("got a share without the time at which all shares begin")
	}
	return p.shared().Check()
}

// shared is the intake with what it has from the load.
func (p Params) shared() benchmark.Intake {
	in := p.Intake
	in.Topic, in.Events, in.WarmUp, in.Producers, in.Progress = p.Load.Topic, p.Load.Events, p.Load.WarmUp,
		p.Load.Producers, p.Load.Progress
	in.Share, in.Begin = p.Load.Share, p.Load.Begin
	return in
}

// topicName is the logical name of the topic that is written and read.
const topicName = "kafkaspec-bench"

// name is that of a topic: the session's own, or one that all shares derive from when they begin, and that kafkaspec
// clean finds.
func (p Params) name(names *cluster.Names, logical string) string {
	if p.Load.Share.Count == 0 {
		return names.Topic(logical)
	}
	return fmt.Sprintf("ks-%08x-%08x-%s", uint32(p.Load.Begin.Unix()), p.Load.Share.Count, logical)
}

// Run makes a topic, sends the load and receives it at the same time. An error means that there is no result; what was
// wrong with the events is in it.
func Run(ctx context.Context, session cluster.Session, p Params) (Result, error) {
	p.Load.Topic = p.name(session.Names(), topicName)
	if err := p.Check(); err != nil {
		return Result{}, err
	}
	replication, err := makeTopic(ctx, session, p.Load.Topic, p.Partitions)
	if err != nil {
		return Result{}, err
	}
	env := app.Env{Name: "kafkaspec-bench", Bootstrap: session.Bootstrap(), Access: session.Access()}
	base, err := env.ClientOptions()
	if err != nil {
		return Result{}, err
	}
	result := describe(session.Describe(), p)
	result.Settings.Replication = int(replication)
	if p.Load.Share.Count > 0 {
		result.Clock = readClock(ctx, session, p.name(session.Names(), clockName))
	}
	if late := time.Since(p.Load.Begin); !p.Load.Begin.IsZero() && late > 0 {
		return Result{}, outcome.Environmentf(nil, "the load was to begin at %s and the cluster was ready %s later; give a "+
			"later time", p.Load.Begin.Format(time.RFC3339), late.Round(time.Millisecond))
	}
	err = result.measure(ctx, base, p)
	result.Memory = peakMemory()
	if ctx.Err() != nil {
		return result, ctx.Err()
	}
	return result, err
}

// measure fills in what the two sides found. A producer that fails ends the consumer, which would wait for nothing.
func (r *Result) measure(ctx context.Context, base []kgo.Opt, p Params) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	var mu sync.Mutex
	var now Progress
	tell := func(change func()) {
		mu.Lock()
		defer mu.Unlock()
		change()
		now.Elapsed = time.Since(began)
		if p.Tell != nil {
			p.Tell(now)
		}
	}
	var both sync.WaitGroup
	var sendErr, readErr error
	both.Go(func() {
		r.Producer, sendErr = benchmark.Produce(ctx, base, p.Load, func(acknowledged int64) {
			mu.Lock()
			defer mu.Unlock()
			now.Acknowledged = acknowledged
		})
		if sendErr != nil {
			stop()
			return
		}
		r.Settings.Batch = r.Producer.Batch
	})
	both.Go(func() {
		r.Consumer, readErr = benchmark.Consume(reading, base, p.shared(),
			func(point benchmark.Point) { tell(func() { now.Interval = point }) })
	})
	both.Wait()
	return errors.Join(sendErr, readErr)
}

// makeTopic makes the topic on as many brokers as there are, up to three.
func makeTopic(ctx context.Context, session cluster.Session, topic string, partitions int32) (replication int16,
	err error) {
	client, err := session.Client()
	if err != nil {
		return 0, err
	}
	defer client.Close()
	replication = int16(min(max(session.Describe().Brokers, 1), 3))
	_, err = kadm.NewClient(client).CreateTopic(ctx, partitions, replication, nil, topic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return 0, fmt.Errorf("create the topic to measure with: %w; see what the user may do on the cluster", err)
	}
	return replication, cluster.AwaitTopics(ctx, client, map[string]int32{topic: partitions})
}

// describe says how the result came about.
func describe(d cluster.Description, p Params) Result {
	r := Unfinished(p)
	r.Unfinished = false
	r.Cluster = baseline.Cluster{Kind: d.Kind, Name: d.Name, Version: d.Version, Brokers: d.Brokers}
	r.Versions = versions(p.Kafkaspec, d.Kind == cluster.KindEmbedded)
	return r
}

// Unfinished is what a result says until there is one: a process that is killed leaves it behind.
func Unfinished(p Params) Result {
	return Result{
		Unfinished: true, Taken: time.Now().UTC().Truncate(time.Second),
		Versions: versions(p.Kafkaspec, false),
		Machine:  Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.GOMAXPROCS(0)},
		Settings: Settings{Load: p.Load, Partitions: p.Partitions, Consumers: p.Intake.Consumers, Untimed: p.Intake.Untimed},
	}
}

// versions are those of what takes part in this process.
func versions(kafkaspec string, embedded bool) map[string]string {
	found := map[string]string{"kafkaspec": kafkaspec, "go": runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return found
	}
	for _, module := range info.Deps {
		switch name, franz := strings.CutPrefix(module.Path, "github.com/twmb/franz-go"); {
		case franz && name == "":
			found["franz-go"] = module.Version
		case franz && name == "/pkg/kfake" && embedded:
			found["kfake"] = module.Version
		}
	}
	return found
}

// peakMemory is the most that this process had resident, which Linux tells as VmHWM in /proc/self/status, in kB. The
// figure that getrusage gives is that of the process which started this one, if that was larger.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}
