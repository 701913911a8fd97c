package dbwriter_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// BenchmarkExactlyOnce writes 100,000 records into SQLite, and the same rows by a bare loop of batch inserts, in turns.
// The metric to hold is the ratio, at least 0.7. The bare loop inserts a row with each statement; ratio-to-20 is
// against one with as many rows in a statement as the application has.
func BenchmarkExactlyOnce(b *testing.B) {
	const each, partitions = 25_000, 4
	l := lab.New(b)
	l.Topic(b, "orders", partitions)
	for i := range each * partitions {
		l.Client.Produce(context.Background(), &kgo.Record{Topic: "orders", Partition: int32(i % partitions),
			Key: fmt.Appendf(nil, "user-%d", i%1000), Value: payload(i)}, nil)
	}
	if err := l.Client.Flush(l.Ctx); err != nil {
		b.Fatal(err)
	}
	var app float64
	bare := map[int]float64{} // by rows in a statement
	for i := 0; b.Loop(); i++ {
		for _, atOnce := range []int{1, 20} {
			start := time.Now()
			insertBare(b, newFile(b), each*partitions, atOnce)
			bare[atOnce] += time.Since(start).Seconds()
		}
		e := env(newFile(b))
		e.Group = fmt.Sprintf("writers-%d", i)
		start := time.Now()
		run := l.Start(b, dbwriter.Run, e, "batch: 2000")
		for p := range partitions {
			run.Until(b, 1, "msg=committed ", fmt.Sprintf("partition=%d offset=%d ", p, each))
		}
		app += time.Since(start).Seconds()
		if err := run.Stop(b); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*each*partitions/app, "records/s")
	b.ReportMetric(bare[1]/app, "ratio")
	b.ReportMetric(bare[20]/app, "ratio-to-20")
}

func payload(i int) []byte {
	return fmt.Appendf(nil, `{"order": %d, "user": "user-%d", "amount": 12.5, "currency": "EUR", "items": 3}`, i, i%1000)
}

// insertBare is the least that writing the rows takes: a prepared statement for so many rows, and a transaction for
// each 2000.
func insertBare(b *testing.B, file string, rows, atOnce int) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(`CREATE TABLE records (source_topic TEXT NOT NULL, source_partition INTEGER NOT NULL, source_offset BIGINT NOT NULL, key TEXT, value TEXT)`); err != nil {
		b.Fatal(err)
	}
	for done := 0; done < rows; {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		insert, err := tx.Prepare(`INSERT INTO records (source_topic, source_partition, source_offset, key, value) VALUES (?, ?, ?, ?, ?)` +
			strings.Repeat(", (?, ?, ?, ?, ?)", atOnce-1))
		if err != nil {
			b.Fatal(err)
		}
		for range min(2000, rows-done) / atOnce {
			var arguments []any
			for range atOnce {
				arguments = append(arguments, "orders", done%4, done/4, fmt.Sprintf("user-%d", done%1000), string(payload(done)))
				done++
			}
			if _, err := insert.Exec(arguments...); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
