package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	fixture "github.com/kafkaspec/kafkaspec/fixtures/registry"
	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	// startWithin is far above the 2 s that it takes, for machines that are busy.
	startWithin = 2 * time.Minute
	// instead is what to do without it.
	instead = "use --registry embedded"
	// apiPath is where Apicurio Registry 2.6 has Confluent's API.
	apiPath = "/apis/ccompat/v7"
	// lastLines of what it wrote are shown when it fails.
	lastLines = 10
)

// LocalOptions are the settings of the registry on this machine.
type LocalOptions struct {
	CacheDir string    // see cluster.Fetch
	Progress io.Writer // told what takes time; nil is nobody
}

func download() cluster.Download {
	return cluster.Download{
		Name: "Apicurio Registry", Version: fixture.Version(), Folder: "apicurio-registry-" + fixture.Version(),
		POM:  fixture.POM,
		Goal: "unpack-dependencies", Megabytes: 142, Instead: instead,
	}
}

// Fetch makes sure that Apicurio Registry is in the cache folder and returns its home. See cluster.Fetch.
func Fetch(ctx context.Context, cacheDir string, progress io.Writer) (string, error) {
	return cluster.Fetch(ctx, download(), cacheDir, progress)
}

// Cached says where Apicurio Registry is in the cache folder, or would be, and whether it is there whole.
func Cached(cacheDir string) (home string, whole bool, err error) {
	return cluster.Cached(download(), cacheDir)
}

// local is Apicurio Registry as a process, which keeps what it is given in memory.
type local struct {
	*shared
	process *child.Process
	output  *child.Tail
	release func() error // of its folder
}

// StartLocal starts Apicurio Registry and returns when it serves clients. It ends with Close, and with this process
// however it ends. Its level of compatibility is NONE unless told otherwise, where Confluent's is BACKWARD. Every error
// is outcome.Environment.
func StartLocal(ctx context.Context, o LocalOptions) (Backend, error) {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	java, _, err := cluster.FindJava(ctx, "the local schema registry", instead)
	if err != nil {
		return nil, err
	}
	home, err := Fetch(ctx, o.CacheDir, o.Progress)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	_, _ = fmt.Fprintf(o.Progress, "starting %s\n", download())
	l, err := launch(ctx, java, filepath.Join(home, "libs"))
	if err != nil {
		return nil, err
	}
	if err := l.ready(ctx); err != nil {
		return nil, errors.Join(err, l.process.Kill(), l.release())
	}
	_, _ = fmt.Fprintf(o.Progress, "started %s in %.1fs\n", download(), time.Since(began).Seconds())
	return l, nil
}

func launch(ctx context.Context, java, folder string) (*local, error) {
	jars, _ := filepath.Glob(filepath.Join(folder, "apicurio-registry-app-*-runner.jar"))
	if len(jars) != 1 {
		return nil, outcome.Environmentf(nil, "got %d apicurio-registry-app-…-runner.jar in %s, want one; delete the folder "+
			"above it to have it fetched again, or %s", len(jars), folder, instead)
	}
	ports, err := cluster.FreePorts(1)
	if err != nil {
		return nil, err
	}
	work, release, err := scratch.Folder("registry")
	if err != nil {
		return nil, err
	}
	output := &child.Tail{}
	process, err := child.Start(ctx, child.Spec{
		Path: java, Args: []string{"-XX:TieredStopAtLevel=1", "-Xmx256m", "-Djava.io.tmpdir=" + work, "-jar", jars[0]},
		Dir: work,
		Env: append(withoutQuarkus(os.Environ()), "QUARKUS_HTTP_HOST=127.0.0.1",
			fmt.Sprintf("QUARKUS_HTTP_PORT=%d", ports[0])),
		Stdout: output, Stderr: output,
	})
	if err != nil {
		return nil, errors.Join(outcome.Environmentf(err, "cannot start %s: %v; %s", download(), err, instead), release())
	}
	target := &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", ports[0]), Path: apiPath}
	// Nothing is deleted: it would be gone soon, and with others registering the same schema at that moment, Apicurio
	// Registry 2.6 loses the content of theirs.
	return &local{shared: &shared{target: target, name: "local " + download().String(), keeps: true}, process: process,
		output: output, release: release}, nil
}

// withoutQuarkus keeps settings meant for others from reaching the registry.
func withoutQuarkus(environ []string) []string {
	return slices.DeleteFunc(environ, func(entry string) bool {
		return strings.HasPrefix(entry, "QUARKUS_") || strings.HasPrefix(entry, "REGISTRY_")
	})
}

// ready waits until the registry answers, as long as its process lives.
func (l *local) ready(ctx context.Context) error {
	err := await.Until(ctx, await.Options{Within: startWithin, What: "the local schema registry to serve clients"},
		func(ctx context.Context) (bool, error) {
			if l.process.Ended() {
				return false, await.Permanent(errors.New("its process has ended"))
			}
			return ping(ctx, l.target.String()) == nil, nil
		})
	if err != nil && ctx.Err() == nil {
		return outcome.Environmentf(err, "cannot start %s: %v; %s; it wrote last:\n  %s", download(), err, instead,
			strings.Join(l.output.Last(lastLines), "\n  "))
	}
	return err
}

// Health implements cluster.HealthReporter.
func (l *local) Health() error {
	if l.process.Lives() {
		return nil
	}
	return outcome.Environmentf(nil, "the %s ended %s; it wrote last:\n  %s", l.Describe(), l.process.How(),
		strings.Join(l.output.Last(lastLines), "\n  "))
}

// Close kills the process: nobody needs what it holds. It reports that it had died before.
func (l *local) Close(ctx context.Context) error {
	return errors.Join(l.Health(), l.shared.Close(ctx), l.process.Kill(), l.release())
}
