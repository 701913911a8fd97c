package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	// startAttempts is how often brokers are started again because a port was taken in between.
	startAttempts = 3
	// startWithin is far above the 3 to 7 s that it takes, for machines that are busy.
	startWithin = 2 * time.Minute
)

// LocalOptions are the settings of Apache Kafka brokers on this machine.
type LocalOptions struct {
	Brokers   int                      // 1 or 3; 0 is 1
	Version   string                   // of Apache Kafka, see CheckVersion; "" is the one that kafkaspec is tried on most
	CacheDir  string                   // of the fetched jars, see FetchKafka
	KafkaHome string                   // used instead of fetched jars; "" is the environment's KAFKA_HOME
	Progress  io.Writer                // told what takes time; nil is nobody
	KeepLogs  string                   // folder that broker logs are copied to when brokers fail; "" keeps none
	Redact    func(text string) string // takes secrets out of what is kept; nil: there are none
	// Properties of every broker, over those that make tests quick. Clients use the listener called CLIENTS.
	Properties map[string]string
	// Access is how clients get in when Properties ask for a login or TLS.
	Access access.Access
}

// StartLocal starts brokers as child processes and returns when all of them serve clients. They end with Close, and
// with this process however it ends. Every error is outcome.Environment, except one about the options.
func StartLocal(ctx context.Context, o LocalOptions) (Backend, error) {
	if o.Brokers == 0 {
		o.Brokers = 1
	}
	if o.Brokers != 1 && o.Brokers != 3 {
		return nil, fmt.Errorf("got %d local brokers, want 1 or 3; use --cluster local or --cluster local:3", o.Brokers)
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Version != "" {
		if err := CheckVersion(o.Version); err != nil {
			return nil, err
		}
	}
	found, err := findInstallation(ctx, o)
	if err != nil {
		return nil, err
	}
	if found, err = withClassArchive(ctx, found, o); err != nil {
		return nil, err
	}
	l, err := startInFolder(ctx, o, found)
	if err != nil {
		return nil, err
	}
	return l, nil
}

// startInFolder starts brokers with a work folder of their own. After a failure nothing is left.
func startInFolder(ctx context.Context, o LocalOptions, found installation) (*local, error) {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	folder, release, err := scratch.Folder("brokers")
	if err != nil {
		return nil, err
	}
	l := &local{options: o, installation: found, folder: folder, release: release, id: newKafkaID()}
	if err := l.start(ctx); err != nil {
		l.keepLogs()
		return nil, errors.Join(l.asEnvironment(ctx, err), l.discard())
	}
	return l, nil
}

// local is Apache Kafka on this machine.
type local struct {
	*shared
	options      LocalOptions
	installation installation
	folder       string
	release      func() error
	id           string // of the cluster
	brokers      []*broker
}

func (l *local) description() Description {
	return Description{Kind: KindLocal, Name: "Apache Kafka", Version: l.installation.version, Brokers: l.options.Brokers,
		Shared: true}
}

// start starts all brokers, again with other ports if one was taken.
func (l *local) start(ctx context.Context) error {
	began := time.Now()
	_, _ = fmt.Fprintf(l.options.Progress, "starting %s\n", l.description())
	if err := os.WriteFile(filepath.Join(l.folder, "log4j2.properties"), kafka.Logging, 0o644); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := l.startOnce(ctx)
		var death *deathError
		if errors.As(err, &death) && death.portTaken() && attempt < startAttempts {
			l.shut()
			if err := l.killAll(); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(l.options.Progress, "started %s in %.1fs\n", l.description(), time.Since(began).Seconds())
		return nil
	}
}

func (l *local) startOnce(ctx context.Context) error {
	ports, err := FreePorts(2 * l.options.Brokers)
	if err != nil {
		return err
	}
	pairs, ids := make([][2]int, l.options.Brokers), make([]int32, l.options.Brokers)
	var bootstrap []string
	for i := range pairs {
		pairs[i], ids[i] = [2]int{ports[2*i], ports[2*i+1]}, int32(i)
		bootstrap = append(bootstrap, fmt.Sprintf("127.0.0.1:%d", pairs[i][0]))
	}
	if l.shared, err = newShared(bootstrap, l.options.Access, l.description()); err != nil {
		return err
	}
	prepared, err := atEach(ids, func(id int32) (*broker, error) { return l.prepare(ctx, id, pairs) })
	if err != nil {
		return err
	}
	l.brokers = prepared
	for _, b := range l.brokers {
		if err := b.start(ctx); err != nil {
			return err
		}
	}
	if err := l.ready(ctx); err != nil {
		return err
	}
	return l.warmUp(ctx)
}

// asEnvironment makes every failure of a start one of the environment; an interrupt stays an interrupt.
func (l *local) asEnvironment(ctx context.Context, err error) error {
	if ctx.Err() != nil || outcome.IsEnvironment(err) {
		return err
	}
	return outcome.Environmentf(err, "cannot start the %s: %v", l.description(), err)
}

func (l *local) Open(ctx context.Context, needs Needs) (Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := l.Health(); err != nil {
		return nil, err
	}
	opened, err := l.openFor(ctx, needs)
	if err != nil {
		return nil, err
	}
	opened.seeds = l.answering
	return &localSession{sharedSession: opened, local: l, touched: map[int32]bool{}}, nil
}

// answering are the addresses of the brokers that are neither down nor paused, or all if none is up.
func (l *local) answering() []string {
	var up []string
	for i, b := range l.brokers {
		if down, paused := b.state(); !down && !paused {
			up = append(up, l.bootstrap[i])
		}
	}
	if up == nil {
		return l.bootstrap
	}
	return up
}

// Health implements HealthReporter.
func (l *local) Health() error {
	var dead error
	for _, b := range l.brokers {
		dead = errors.Join(dead, b.health())
	}
	return dead
}

// Close kills the brokers, since nobody needs what they hold, and deletes their data. It reports a broker that had died
// before.
func (l *local) Close(context.Context) error {
	died := l.Health()
	if died != nil {
		l.keepLogs()
	}
	return errors.Join(died, l.discard())
}

func (l *local) discard() error {
	if l.shared != nil {
		l.shut()
	}
	return errors.Join(l.killAll(), l.release())
}

func (l *local) killAll() error {
	var failed error
	for _, b := range l.brokers {
		failed = errors.Join(failed, b.discard())
	}
	return failed
}

// keepLogs copies the brokers' logs for a failure of theirs. It fails silently: the failure itself says more.
func (l *local) keepLogs() {
	folder := l.options.KeepLogs
	if folder == "" || os.MkdirAll(folder, 0o755) != nil {
		return
	}
	for _, b := range l.brokers {
		if text, err := os.ReadFile(b.logFile()); err == nil {
			if l.options.Redact != nil {
				text = []byte(l.options.Redact(string(text)))
			}
			_ = os.WriteFile(filepath.Join(folder, fmt.Sprintf("broker-%d.log", b.id)), text, 0o644)
		}
	}
}
