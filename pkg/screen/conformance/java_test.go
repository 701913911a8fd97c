package conformance_test

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

const (
	topicTool    = "org.apache.kafka.tools.TopicCommand"
	configTool   = "org.apache.kafka.tools.ConfigCommand"
	producerTool = "org.apache.kafka.tools.ConsoleProducer"
	consumerTool = "org.apache.kafka.tools.consumer.ConsoleConsumer"
	groupTool    = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
	shareTool    = "org.apache.kafka.tools.consumer.ConsoleShareConsumer"
)

// javaCalls are what Kafka's own tools are asked to do, in this order: their Admin, producer and consumers of all kinds
// read every answer of the embedded broker.
var javaCalls = []struct {
	does, tool, args, input, want string
}{
	{"create a topic", topicTool, "--create --topic t --partitions 3 --config retention.ms=1000", "", "Created topic t."},
	{"a misspelt setting", topicTool, "--create --topic u --config retention.mss=1", "",
		"Unknown topic config name: retention.mss"},
	{"a name that is not allowed", topicTool, "--create --topic a/b", "", "is invalid"},
	{"describe topics", topicTool, "--describe", "", "PartitionCount: 3"},
	{"more partitions", topicTool, "--alter --topic t --partitions 4", "", ""},
	{"alter a setting", configTool, "--alter --entity-type topics --entity-name t --add-config segment.ms=9000", "",
		"Completed updating config for topic t."},
	{"describe settings", configTool, "--describe --entity-type topics --entity-name t --all", "",
		"DYNAMIC_TOPIC_CONFIG:segment.ms=9000"},
	{"produce", producerTool, "--topic t --reader-property parse.key=true --reader-property key.separator=:",
		"a:one\nb:two\nc:three\n", ""},
	{"consume by the classic protocol", consumerTool, "--topic t --group classic --from-beginning --max-messages 3", "",
		"three"},
	{"consume by the new protocol", consumerTool,
		"--topic t --group new --from-beginning --max-messages 3 --consumer-property group.protocol=consumer", "", "three"},
	{"list groups", groupTool, "--list", "", "new"},
	{"describe groups", groupTool, "--describe --all-groups", "", "LOG-END-OFFSET"},
	{"reset offsets", groupTool, "--reset-offsets --group classic --topic t --to-earliest --execute", "", "NEW-OFFSET"},
	{"delete a group", groupTool, "--delete --group classic", "", "was successful"},
	{"a setting of a share group", configTool,
		"--alter --entity-type groups --entity-name shared --add-config share.auto.offset.reset=earliest", "", "Completed"},
	{"consume as a share group", shareTool, "--topic t --group shared --max-messages 3", "", "three"},
	{"delete a topic", topicTool, "--delete --topic t", "", ""},
	{"list topics", topicTool, "--list", "", ""},
}

// TestJavaTools runs Kafka's own command-line tools against the embedded broker.
func TestJavaTools(t *testing.T) {
	testenv.NeedLocal(t, "Java")
	home, err := cluster.FetchKafka(t.Context(), "", "", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(t.Context(), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	for _, c := range javaCalls {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		args := []string{"-XX:TieredStopAtLevel=1", "-cp", filepath.Join(home, "libs", "*"), c.tool,
			"--bootstrap-server", session.Bootstrap()[0]}
		java := exec.CommandContext(ctx, "java", append(args, strings.Fields(c.args)...)...)
		var out bytes.Buffer
		java.Stdin, java.Stdout, java.Stderr = strings.NewReader(c.input), &out, &out
		err := java.Run()
		cancel()
		failed := err != nil && !strings.HasPrefix(c.does, "a ") || strings.Contains(out.String(), "Exception: null")
		if failed || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: got %v and %q, want %q", c.does, err, out.String(), c.want)
		}
	}
}
