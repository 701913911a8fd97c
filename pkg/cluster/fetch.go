package cluster

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	// cacheVariable names the cache folder when no option does.
	cacheVariable = "KAFKASPEC_CACHE"
	// fetchWithin bounds the fetch, and the wait for another process that fetches.
	fetchWithin = 15 * time.Minute
)

// Download is what Maven fetches into the cache folder, by a pom that names it.
type Download struct {
	Name, Version string // such as "Apache Kafka", "4.4.0"
	Folder        string // in the cache
	POM           []byte
	Goal          string // of Maven's dependency plugin: copy-dependencies, or unpack-dependencies for archives
	Megabytes     int
	Instead       string // what else to do where it cannot be fetched
}

func (d Download) String() string { return d.Name + " " + d.Version }

// kafkaDownload are the jars of a version of Apache Kafka.
func kafkaDownload(version string) Download {
	return Download{
		Name: "Apache Kafka", Version: version, Folder: "kafka-" + version, POM: kafka.POM(version),
		Goal: "copy-dependencies", Megabytes: 55,
		Instead: "set KAFKA_HOME to an unpacked Apache Kafka, or use --cluster embedded",
	}
}

// FetchKafka makes sure that the jars of a version of Apache Kafka, "" for the default, are in the cache folder and
// returns their home, which is laid out like an unpacked distribution: home/libs/*.jar. See Fetch and CheckVersion.
func FetchKafka(ctx context.Context, version, cacheDir string, progress io.Writer) (home string, err error) {
	return Fetch(ctx, kafkaDownload(cmp.Or(version, kafka.Version())), cacheDir, progress)
}

// Fetch makes sure that a download is in the cache folder and returns its home; what was fetched is in home/libs. The
// first call fetches it with Maven; later calls only look. An empty cacheDir is the folder that KAFKASPEC_CACHE names,
// or else kafkaspec in the user's cache folder. Several processes may call it at once; a call that fails or is
// interrupted leaves nothing half done. Every error is outcome.Environment.
func Fetch(ctx context.Context, d Download, cacheDir string, progress io.Writer) (home string, err error) {
	if progress == nil {
		progress = io.Discard
	}
	cache, err := d.cacheFolder(cacheDir)
	if err != nil {
		return "", err
	}
	home = filepath.Join(cache, d.Folder)
	damaged := error(nil)
	if d.complete(home) {
		if damaged = damage(home); damaged == nil || errors.Is(damaged, fs.ErrPermission) { // of a cache of somebody else
			return home, nil
		}
		_, _ = fmt.Fprintf(progress, "%s in %s: %v; it is fetched again\n", d, home, damaged)
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", outcome.Environmentf(err, "cannot make the cache folder for %s: %v; choose another one with %s", d.Name,
			err, cacheVariable)
	}
	lock, err := d.lockFetch(ctx, home+".lock", progress)
	if err != nil {
		return "", err
	}
	defer func() { _ = lock.Close() }()
	if d.complete(home) && damage(home) == nil { // by the process that had the lock
		return home, nil
	}
	d.sweepUnfinished(cache)
	if err := d.fetchInto(ctx, cache, home, progress); err != nil && damaged != nil {
		return home, outcome.Environmentf(err, "%s in the cache cannot be used: %v; and it could not be fetched again: %v", d,
			damaged, err)
	} else if err != nil {
		return home, err
	}
	return home, nil
}

// Cached says where a download is in the cache folder, or would be, and whether it is there whole. It fetches nothing.
func Cached(d Download, cacheDir string) (home string, whole bool, err error) {
	cache, err := d.cacheFolder(cacheDir)
	if err != nil {
		return "", false, err
	}
	home = filepath.Join(cache, d.Folder)
	return home, d.complete(home) && damage(home) == nil, nil
}

// CachedKafka is Cached for the version of Apache Kafka that local clusters run.
func CachedKafka(cacheDir string) (home string, whole bool, err error) {
	return Cached(kafkaDownload(kafka.Version()), cacheDir)
}

// unfinished begins the names of folders that become part of the cache when they are whole. Only the process that has
// the download's lock makes them.
func (d Download) unfinished() string { return ".unfinished-" + d.Folder + "-" }

// sweepUnfinished deletes what processes left that were killed in the middle. It needs the lock.
func (d Download) sweepUnfinished(cache string) {
	left, _ := filepath.Glob(filepath.Join(cache, d.unfinished()+"*"))
	for _, folder := range left {
		_ = os.RemoveAll(folder)
	}
}

func (d Download) cacheFolder(option string) (string, error) {
	if option == "" {
		option = os.Getenv(cacheVariable)
	}
	if option == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", outcome.Environmentf(err, "cannot find a cache folder for %s: %v; name one with %s", d.Name, err,
				cacheVariable)
		}
		option = filepath.Join(user, "kafkaspec")
	}
	return filepath.Abs(option)
}

// complete tells whether home holds what this very pom names. The pom in it is written last.
func (d Download) complete(home string) bool {
	pom, err := os.ReadFile(filepath.Join(home, "pom.xml"))
	return err == nil && bytes.Equal(pom, d.POM)
}

func (d Download) lockFetch(ctx context.Context, name string, progress io.Writer) (*flock.Flock, error) {
	var lock *flock.Flock
	var told sync.Once
	err := await.Until(ctx, await.Options{
		Within:   fetchWithin,
		What:     "another kafkaspec to finish fetching " + d.Name,
		Progress: func(what string) { told.Do(func() { _, _ = fmt.Fprintln(progress, "waiting for", what) }) },
	}, func(context.Context) (locked bool, err error) {
		lock, locked, err = scratch.TryLock(name)
		return locked, err
	})
	if err != nil {
		return nil, outcome.Environmentf(err,
			"cannot lock %s: %v; end the other process, or choose another cache folder with %s", name, err, cacheVariable)
	}
	return lock, nil
}

// fetchInto fills a folder beside home and renames it when it is whole.
func (d Download) fetchInto(ctx context.Context, cache, home string, progress io.Writer) error {
	maven, err := exec.LookPath("mvn")
	if err != nil {
		return outcome.Environmentf(err, "fetching %s needs Maven, and mvn was not found: install Maven, or %s", d, d.Instead)
	}
	temporary, err := os.MkdirTemp(cache, d.unfinished())
	if err != nil {
		return outcome.Environmentf(err, "cannot write to the cache folder: %v; choose another one with %s", err,
			cacheVariable)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	if err := os.Chmod(temporary, 0o755); err != nil { // a cache may be shared
		return err
	}
	pom := filepath.Join(temporary, "fetch.xml")
	if err := os.WriteFile(pom, d.POM, 0o644); err != nil {
		return outcome.Environmentf(err, "cannot write to the cache folder: %v; make room or choose another one with %s", err,
			cacheVariable)
	}
	_, _ = fmt.Fprintf(progress, "fetching %s with Maven into %s (once, about %d MB)\n", d, home, d.Megabytes)
	if err := d.runMaven(ctx, maven, pom, filepath.Join(temporary, "libs"), progress); err != nil {
		return err
	}
	if err := writeSums(temporary); err != nil {
		return outcome.Environmentf(err, "Maven gave what is not whole: %v; delete it from Maven's own repository (usually "+
			"~/.m2/repository) to have it fetched again", err)
	}
	if err := os.Rename(pom, filepath.Join(temporary, "pom.xml")); err != nil {
		return err
	}
	// Jars of an older pom with the same version.
	if err := os.RemoveAll(home); err != nil {
		return outcome.Environmentf(err, "cannot replace the old jars in the cache folder: %v; delete %s", err, home)
	}
	if err := os.Rename(temporary, home); err != nil {
		return outcome.Environmentf(err, "cannot finish the cache folder: %v; delete %s", err, home)
	}
	_, _ = fmt.Fprintf(progress, "fetched %s\n", d)
	return nil
}
