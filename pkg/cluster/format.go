package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// java is a command in the brokers' Java. Only its quick compiler is used: brokers of a test do not live long enough
// for the thorough one to pay.
func (l *local) java(heap string) func(arguments ...string) child.Spec {
	return func(arguments ...string) child.Spec {
		options := append(slices.Clone(l.installation.options), "-XX:TieredStopAtLevel=1", "-Xmx"+heap,
			"-Djava.awt.headless=true",
			"-Djava.io.tmpdir="+l.folder, // the native part of a codec is unpacked there, and a killed broker leaves it
			"-Dlog4j2.configurationFile="+filepath.Join(l.folder, "log4j2.properties"), "-cp", l.installation.classPath())
		return child.Spec{Path: l.installation.java, Args: append(options, arguments...)}
	}
}

// prepare gives one broker its folder and settings, replacing those of an earlier attempt, and has Kafka's own tool
// format its data folder.
func (l *local) prepare(ctx context.Context, id int32, ports [][2]int) (*broker, error) {
	b := &broker{id: id, folder: filepath.Join(l.folder, fmt.Sprintf("broker-%d", id)), command: l.java("512m")}
	if err := errors.Join(os.RemoveAll(b.folder), os.Mkdir(b.folder, 0o755)); err != nil {
		return nil, err
	}
	settings := properties(int(id), ports, b.dataFolder(), l.options.Properties)
	if err := os.WriteFile(b.configFile(), []byte(settings), 0o644); err != nil {
		return nil, err
	}
	var output bytes.Buffer
	spec := l.java("128m")("kafka.tools.StorageTool", "format", "--cluster-id", l.id, "--config", b.configFile())
	spec.Stdout, spec.Stderr, spec.Dir = &output, &output, b.folder // where Java writes its hs_err files, too
	process, err := child.Start(ctx, spec)
	if err != nil {
		return nil, err
	}
	select {
	case <-process.Done():
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), process.Kill())
	}
	if code, signal := process.Exit(); code != 0 {
		return nil, fmt.Errorf("formatting the brokers' data folder ended with exit code %d%s:\n%s", code, signal,
			bytes.TrimSpace(output.Bytes()))
	}
	return b, nil
}
