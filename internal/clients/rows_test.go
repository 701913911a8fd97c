package clients_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// row is something that applications do. A driver gets what it is called there and settings, and says what came of it;
// "" in topics is the one that it is told as topic.
type row struct {
	name     string // in docs/clients.md
	does     string // what drivers call it
	settings map[string]string
	topics   map[string]int32 // that there are before, with their partitions
	before   func(*scene)
	want     string
	after    func(*scene) // looks at what is left in the cluster
	cut      string       // the API of which one answer is cut, for another run of the row
	delay    string       // the API of which three answers come late, for another run of the row
	login    login
}

const (
	sentOnce   = "30 sent"
	readOnce   = "30 read, sum 435"
	handedOver = "4, 2 and 2, 4"
)

var (
	one   = map[string]int32{"": 1}
	three = map[string]int32{"": 3}
	four  = map[string]int32{"": 4}
)

// eldest is the time of the first record of a row that asks for times; each next one is a second younger.
var eldest = time.Now().Add(-time.Hour).Truncate(time.Second)

var rows = slices.Concat([]row{
	{name: "produce", does: "produce", settings: sending("false", "none"), topics: three, want: sentOnce, after: sentAll,
		delay: "Produce"},
	{name: "produce idempotently", does: "produce", settings: sending("true", "none"), topics: three, want: sentOnce,
		after: sentAll, cut: "Produce", delay: "InitProducerID"},
}, codecs("none", "gzip", "snappy", "lz4", "zstd"), []row{
	{name: "consume in a group and commit", does: "consume", topics: three, before: fill(30), want: readOnce,
		after: committed(30), cut: "OffsetCommit", delay: "FindCoordinator"},
	{name: "group, range", does: "share", settings: strategy("range"), topics: four, want: handedOver, delay: "SyncGroup",
		cut: "Heartbeat"},
	{name: "group, cooperative-sticky", does: "share", settings: strategy("cooperative-sticky"), topics: four,
		want: handedOver, delay: "SyncGroup"},
	{name: "group, KIP-848", does: "share", settings: strategy("consumer"), topics: four, want: handedOver,
		cut: "ConsumerGroupHeartbeat"},
	{name: "static members, classic", does: "static", settings: strategy("range"), topics: four, want: "the same"},
	{name: "static members, KIP-848", does: "static", settings: strategy("consumer"), topics: four, want: "the same"},
	{name: "manual assignment, seek and committed offsets", does: "assign", topics: map[string]int32{"": 2},
		before: fillPartition(1, 10), want: "offsets 3 to 9, committed 10 and none", delay: "OffsetFetch"},
	{name: "subscribe to a regular expression", does: "pattern", topics: map[string]int32{"-a": 1, "-b": 1},
		before: fillBoth("-a", "-b"), want: "10 read from 2 topics"},
	{name: "transactions with offsets", does: "transactions", topics: map[string]int32{"": 1, "-in": 1},
		before: fillIn(5), want: "a0 a1 a2 a3 a4 c0 c1 c2 c3 c4", after: inCommitted(5), cut: "EndTxn",
		delay: "TxnOffsetCommit"},
	{name: "offsets for times", does: "times", settings: map[string]string{
		"at": strconv.FormatInt(eldest.Add(5*time.Second).UnixMilli(), 10)}, topics: one, before: fill(10),
		want: "5 and the end"},
	{name: "Admin: create, describe, add partitions, delete", does: "admin-topics",
		want: "3, TOPIC_ALREADY_EXISTS, 5, deleted"},
	{name: "Admin: configs", does: "admin-configs", topics: one, before: retain("12345"),
		want: "12345, 54321, INVALID_CONFIG"},
	{name: "Admin: list and describe groups", does: "admin-groups", topics: one, before: leaveCommit(7),
		want: "EMPTY, 7"},
	{name: "Admin: set a group's offsets, delete it", does: "admin-offsets", topics: one, before: leaveCommit(7),
		want: "3, deleted"},
	{name: "Admin: delete records, list offsets", does: "admin-records", topics: one, before: fill(10), want: "4 to 10"},
	{name: "Kafka Streams, exactly_once_v2", does: "streams", topics: map[string]int32{"": 2, "-in": 2},
		before: fillIn(30), want: "{0=10, 1=10, 2=10}"},
	{name: "SCRAM-SHA-256", does: "produce", settings: sending("true", "none"), topics: three, want: sentOnce,
		after: sentAll, login: login{mechanism: "SCRAM-SHA-256"}},
	{name: "TLS and SCRAM-SHA-512", does: "produce", settings: sending("true", "none"), topics: three, want: sentOnce,
		after: sentAll, login: login{mechanism: "SCRAM-SHA-512", tls: true}},
})

func sending(idempotent, codec string) map[string]string {
	return map[string]string{"idempotent": idempotent, "codec": codec}
}

func strategy(name string) map[string]string { return map[string]string{"strategy": name} }

// codecs are rows that send with a codec. What was sent is read by franz-go, what franz-go sends by the client.
func codecs(names ...string) (all []row) {
	for _, codec := range names {
		all = append(all,
			row{name: "codec " + codec + ", sent", does: "produce", settings: sending("true", codec), topics: one,
				want: sentOnce, after: sentWith(codec)},
			row{name: "codec " + codec + ", read", does: "consume", topics: one, before: fillWith(codec), want: readOnce})
	}
	return all
}

// fill sends records 0 to n-1 to the row's topic, one after the other in its partitions.
func fill(n int) func(*scene) {
	return func(s *scene) { s.send("", numbered(n, -1)) }
}

func fillPartition(partition int32, n int) func(*scene) {
	return func(s *scene) { s.send("", numbered(n, partition)) }
}

func fillIn(n int) func(*scene) { return func(s *scene) { s.send("-in", numbered(n, 0)) } }

func fillBoth(suffixes ...string) func(*scene) {
	return func(s *scene) {
		for _, suffix := range suffixes {
			s.send(suffix, numbered(5, 0))
		}
	}
}

func fillWith(codec string) func(*scene) {
	return func(s *scene) { s.send("", numbered(30, 0), kgo.ProducerBatchCompression(compressions[codec])) }
}

// numbered has values 0 to n-1; partition -1 is each in its turn of three.
func numbered(n int, partition int32) []*kgo.Record {
	all := make([]*kgo.Record, n)
	for i := range all {
		all[i] = &kgo.Record{Value: []byte(strconv.Itoa(i)), Partition: partition,
			Timestamp: eldest.Add(time.Duration(i) * time.Second)}
	}
	return all
}

// sentAll holds that each of 30 records is there once, with the key and the header that it was sent with.
func sentAll(s *scene) {
	got := make(map[string]int)
	for _, r := range s.read("", 30) {
		value := string(r.Value)
		got[value]++
		n, _ := strconv.Atoi(value)
		if key := "k" + strconv.Itoa(n%5); string(r.Key) != key || len(r.Headers) != 1 || r.Headers[0].Key != "n" ||
			string(r.Headers[0].Value) != value {
			s.Errorf("value %s: got key %s, headers %v, want key %s and a header n of the value", value, r.Key, r.Headers, key)
		}
	}
	if len(got) != 30 {
		s.Errorf("got %d different values, want 30: %v", len(got), slices.Sorted(maps.Keys(got)))
	}
}

var compressions = map[string]kgo.CompressionCodec{"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression()}

func sentWith(codec string) func(*scene) {
	return func(s *scene) {
		want := slices.Index([]string{"none", "gzip", "snappy", "lz4", "zstd"}, codec)
		for _, r := range s.read("", 30) {
			if got := r.Attrs.CompressionType(); int(got) != want {
				s.Fatalf("offset %d: got codec %d, want %d, %s", r.Offset, got, want, codec)
			}
		}
		sentAll(s)
	}
}

// committed holds that the row's group has committed so much in all partitions together.
func committed(want int64) func(*scene) { return func(s *scene) { s.wantCommitted("", want) } }

func inCommitted(want int64) func(*scene) { return func(s *scene) { s.wantCommitted("-in", want) } }

func retain(milliseconds string) func(*scene) {
	return func(s *scene) { s.configure("retention.ms", milliseconds) }
}

func leaveCommit(at int64) func(*scene) {
	return func(s *scene) {
		s.send("", numbered(10, 0))
		s.commit(at)
	}
}

// ways are those to run a row: undisturbed, and with each of its faults.
func (r row) ways() []string {
	all := []string{direct, wired}
	if r.cut != "" {
		all = append(all, cut)
	}
	if r.delay != "" {
		all = append(all, delayed)
	}
	return all
}

// line is how a driver is told of a row.
func (r row) line(settings map[string]string) string {
	words := []string{r.does}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		words = append(words, name+"="+settings[name])
	}
	return strings.Join(words, " ")
}
