package cluster

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// A Java class archive (JEP 350) holds the classes of a broker the way Java keeps them in memory. With it brokers start
// in half the time, and it is shared between them. It is made once per Java and home, by a broker that is started and
// stopped for it. It is a help and never a need: without it, or with one that does not fit, Java starts as usual.

// withClassArchive adds the archive to the installation, making it if it is not there yet.
func withClassArchive(ctx context.Context, found installation, o LocalOptions) (installation, error) {
	if !found.fetched { // a home that is not ours is used as it is
		return found, nil
	}
	key := sha256.Sum256([]byte(found.javaVersion + found.classPath()))
	name := fmt.Sprintf("classes-%x.jsa", key[:8])
	archive := filepath.Join(filepath.Dir(found.home), name)
	dropDamaged(archive)
	if _, err := os.Stat(archive); errors.Is(err, os.ErrNotExist) {
		if err := prepareClassArchive(ctx, found, archive, o.Progress); err != nil {
			return found, err
		}
	}
	if info, err := os.Stat(archive); err == nil && info.Size() > 0 {
		found.options = append(found.options, "-XX:SharedArchiveFile="+archive)
	}
	return found, nil
}

// prepareClassArchive makes the archive unless another process does. Its errors are about the lock and ctx only.
func prepareClassArchive(ctx context.Context, found installation, archive string, progress io.Writer) error {
	lock, err := kafkaDownload(found.version).lockFetch(ctx, found.home+".lock", progress)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if _, err := os.Stat(archive); err == nil {
		return nil
	}
	kafkaDownload(found.version).sweepUnfinished(filepath.Dir(archive))
	_, _ = fmt.Fprintln(progress, "preparing a Java class archive, so that brokers start faster (once)")
	err = makeClassArchive(ctx, found, archive)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		_, _ = fmt.Fprintf(progress, "got no class archive, which does no harm: %v\n", err)
		_ = os.WriteFile(archive, nil, 0o644) // empty: do not try each time
	}
	return nil
}

// makeClassArchive runs a broker of its own, since Java writes the archive at its orderly end.
func makeClassArchive(ctx context.Context, found installation, archive string) (err error) {
	temporary, err := os.MkdirTemp(filepath.Dir(archive), kafkaDownload(found.version).unfinished())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	made := filepath.Join(temporary, "classes.jsa")
	found.options = append(found.options, "-XX:ArchiveClassesAtExit="+made)
	trainee, err := startInFolder(ctx, LocalOptions{Brokers: 1}, found)
	if err != nil {
		return err
	}
	stopped := trainee.brokers[0].end(func(process *child.Process) error { return process.Stop(ctx) })
	if err := errors.Join(stopped, trainee.discard()); err != nil {
		return err
	}
	sum, err := sumOf(made)
	if err != nil {
		return err
	}
	if err := os.WriteFile(archive+sumSuffix, []byte(sum), 0o644); err != nil {
		return err
	}
	return os.Rename(made, archive)
}

// sumSuffix names the file with an archive's checksum.
const sumSuffix = ".sha256"

// dropDamaged deletes an archive that is not what Java wrote, so that it is made again: Java may end by SIGBUS on one
// that was cut off. One without a checksum, of an older version, is made again too.
func dropDamaged(archive string) {
	info, err := os.Stat(archive)
	if err != nil || info.Size() == 0 {
		return
	}
	want, _ := os.ReadFile(archive + sumSuffix)
	if got, err := sumOf(archive); err == nil && got != string(want) {
		_ = os.Remove(archive)
	}
}
