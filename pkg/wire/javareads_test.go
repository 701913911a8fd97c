package wire

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// aboutOne is a request of an API about one partition of one topic, as far as such requests name any.
func aboutOne(key kmsg.Key, version int16) kmsg.Request {
	request := requestOf(key, version)
	for _, holder := range holders(structure(request)) {
		topics := field(holder, "Topics", reflect.Slice)
		if !topics.IsValid() || topics.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		topic := grow(topics)
		if name := topic.FieldByName("Topic"); name.IsValid() {
			if name.Kind() == reflect.Pointer {
				name.Set(reflect.New(name.Type().Elem()))
			}
			reflect.Indirect(name).SetString("orders")
		}
		if id := topic.FieldByName("TopicID"); id.IsValid() {
			id.Set(reflect.ValueOf([16]byte{1}))
		}
		if partitions := field(topic, "Partitions", reflect.Slice); partitions.IsValid() {
			grow(partitions)
		}
	}
	if find, ok := request.(*kmsg.FindCoordinatorRequest); ok {
		find.CoordinatorKeys = []string{"shipping"}
	}
	if offsets, ok := request.(*kmsg.OffsetFetchRequest); ok {
		offsets.Groups = []kmsg.OffsetFetchRequestGroup{{Group: "shipping"}}
	}
	return request
}

// madeUp is the body of what the wire answers in place of the broker.
func madeUp(key kmsg.Key, version, code int16) []byte {
	request := aboutOne(key, version)
	answer := refuse(request, code)
	refuseParts(answer, partitionsOf(request), code)
	return answer.AppendTo(nil)
}

// TestJavaReadsWhatIsMadeUp has Kafka's own client read the answer that a fault makes up, for each API that can be
// refused and each version of it.
func TestJavaReadsWhatIsMadeUp(t *testing.T) {
	testenv.NeedLocal(t, "the jars of Apache Kafka and a JDK")
	home := os.Getenv("KAFKA_HOME")
	if home == "" {
		var err error
		if home, err = kafka.FetchKafka(t.Context(), "", "", os.Stderr); err != nil {
			t.Fatal(err)
		}
	}
	var lines strings.Builder
	answers := 0
	for key, a := range apis() {
		if a.name == "" || !refusable(kmsg.Key(key)) {
			continue
		}
		for version := range a.newest + 1 {
			fmt.Fprintf(&lines, "%d %d %s\n", key, version, hex.EncodeToString(madeUp(kmsg.Key(key), version, 3)))
			answers++
		}
	}
	command := exec.CommandContext(t.Context(), "java", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(home, "libs", "*"),
		filepath.Join(fixtures, "ReadAnswers.java"))
	command.Stdin, command.Stderr = strings.NewReader(lines.String()), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	problems, read, found := strings.Cut(string(output), "read ")
	if problems != "" {
		t.Errorf("got answers that Java cannot read:\n%s", problems)
	}
	count := 0
	if _, err := fmt.Sscan(read, &count); !found || err != nil || count < answers/2 {
		t.Errorf("got %d answers read (%v), want most of %d", count, err, answers)
	}
	t.Logf("read %d of %d", count, answers)
}

// TestASharedPartitionThatIsRefusedHasRecords holds the same without Java for the one answer that was not readable: the
// records of a shared partition are empty and not null.
func TestASharedPartitionThatIsRefusedHasRecords(t *testing.T) {
	for version := range int16(3) {
		answer := kmsg.NewPtrShareFetchResponse()
		answer.SetVersion(version)
		if err := answer.ReadFrom(madeUp(kmsg.ShareFetch, version, 3)); err != nil {
			t.Fatal(err)
		}
		if p := answer.Topics[0].Partitions[0]; p.ErrorCode != 3 || p.Records == nil {
			t.Errorf("version %d: got %+v, want the error and records that are empty and not null", version, p)
		}
	}
}

// TestMadeUpAnswersHaveTheirError reads back what the wire makes up, for each API that can be refused and each version.
// DescribeLogDirs has no place for an error before version 3.
func TestMadeUpAnswersHaveTheirError(t *testing.T) {
	for key, a := range apis() {
		if a.name == "" || !refusable(kmsg.Key(key)) {
			continue
		}
		for version := range a.newest + 1 {
			request := aboutOne(kmsg.Key(key), version)
			answer := request.ResponseKind()
			if err := answer.ReadFrom(madeUp(kmsg.Key(key), version, 3)); err != nil {
				t.Errorf("%s version %d: %v", a.name, version, err)
				continue
			}
			if old := kmsg.Key(key) == kmsg.DescribeLogDirs && version < 3; !old && !hasCode(structure(answer), 3) {
				t.Errorf("%s version %d: got %+v, want the error in it", a.name, version, answer)
			}
		}
	}
}

// hasCode tells whether a message has an error code in it somewhere.
func hasCode(v reflect.Value, code int16) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && hasCode(v.Elem(), code)
	case reflect.Slice:
		for i := range v.Len() {
			if hasCode(v.Index(i), code) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "ErrorCode" && v.Field(i).Int() == int64(code) || hasCode(v.Field(i), code) {
				return true
			}
		}
	}
	return false
}
