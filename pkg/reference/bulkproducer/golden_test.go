package bulkproducer_test

import (
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// golden is the table made with Kafka's Java client: partitions by number of partitions and key.
func golden(t *testing.T) map[int32]map[string]int32 {
	t.Helper()
	file, err := os.Open("../../../fixtures/partitions/partitions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	table, rows := map[int32]map[string]int32{}, csv.NewReader(file)
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil {
		t.Fatal(err)
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return table
		}
		if err != nil {
			t.Fatal(err)
		}
		key, err1 := hex.DecodeString(row[0])
		partitions, err2 := strconv.Atoi(row[1])
		partition, err3 := strconv.Atoi(row[2])
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatalf("got row %q, want key_hex,partitions,partition", row)
		}
		if table[int32(partitions)] == nil {
			table[int32(partitions)] = map[string]int32{}
		}
		table[int32(partitions)][string(key)] = int32(partition)
	}
}

// The client as bulk-producer uses it, with the default partitioner, agrees with Kafka's Java client on every key.
func TestDefaultPartitionerAgreesWithJava(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	client, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	keys := 0
	for partitions, table := range golden(t) {
		topic := "golden-" + strconv.Itoa(int(partitions))
		l.Topic(t, topic, partitions)
		var records []*kgo.Record
		for key := range table {
			records = append(records, &kgo.Record{Topic: topic, Key: []byte(key)})
		}
		if err := client.ProduceSync(l.Ctx, records...).FirstErr(); err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if want := table[string(r.Key)]; r.Partition != want {
				t.Errorf("got partition %d of %d for key %x, want %d", r.Partition, partitions, r.Key, want)
			}
		}
		keys = len(table)
	}
	if keys < 2000 {
		t.Errorf("got %d keys, want at least 2000; make the table again", keys)
	}
}
