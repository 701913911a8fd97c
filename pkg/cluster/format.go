package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
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

// format has Kafka's own tool format one data folder, of which prepare makes one for each broker: the tool takes a
// second, and the folders differ in two ids only.
func (l *local) format(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(l.folder, "log4j2.properties"), kafka.Logging, 0o644); err != nil {
		return err
	}
	config := filepath.Join(l.folder, "format.properties")
	ports := make([][2]int, l.options.Brokers)
	for i := range ports {
		ports[i] = [2]int{firstPort + 2*i, firstPort + 2*i + 1} // only checked for their form
	}
	if err := os.WriteFile(config, []byte(properties(0, ports, l.formatted(), l.options.Properties)), 0o644); err != nil {
		return err
	}
	var output bytes.Buffer
	spec := l.java("128m")("kafka.tools.StorageTool", "format", "--cluster-id", newKafkaID(), "--config", config)
	spec.Stdout, spec.Stderr = &output, &output
	process, err := child.Start(ctx, spec)
	if err != nil {
		return err
	}
	select {
	case <-process.Done():
	case <-ctx.Done():
		return errors.Join(ctx.Err(), process.Kill())
	}
	if code, signal := process.Exit(); code != 0 {
		return fmt.Errorf("formatting the brokers' data folder ended with exit code %d%s:\n%s", code, signal,
			bytes.TrimSpace(output.Bytes()))
	}
	return nil
}

func (l *local) formatted() string { return filepath.Join(l.folder, "formatted") }

// prepare gives one broker its folder, settings and data folder, replacing those of an earlier attempt.
func (l *local) prepare(id int, ports [][2]int) (*broker, error) {
	b := &broker{id: int32(id), folder: filepath.Join(l.folder, fmt.Sprintf("broker-%d", id)), command: l.java("512m")}
	if err := os.RemoveAll(b.folder); err != nil {
		return nil, err
	}
	if err := os.CopyFS(b.dataFolder(), os.DirFS(l.formatted())); err != nil {
		return nil, err
	}
	identity := filepath.Join(b.dataFolder(), "meta.properties")
	text, err := os.ReadFile(identity)
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		switch key, _, _ := bytes.Cut(line, []byte("=")); string(key) {
		case "node.id":
			lines[i] = fmt.Appendf(nil, "node.id=%d", id)
		case "directory.id":
			lines[i] = []byte("directory.id=" + newKafkaID())
		}
	}
	if err := os.WriteFile(identity, bytes.Join(lines, []byte("\n")), 0o644); err != nil {
		return nil, err
	}
	settings := properties(id, ports, b.dataFolder(), l.options.Properties)
	return b, os.WriteFile(b.configFile(), []byte(settings), 0o644)
}
