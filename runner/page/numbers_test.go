package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// slowGroup writes 100 records to two partitions and commits them 4 at a time, 20 times. A second consumer says what it
// received.
func slowGroup() []journal.Fact {
	facts := []journal.Fact{event(5, "shipping", journal.Started)}
	for partition := range int32(2) {
		f := wire(10, journal.Fetched, request(10, "Fetch", partition),
			&journal.Fetch{HighWatermark: 40 + 20*int64(partition)})
		f.Partition = partition
		facts = append(facts, f)
	}
	for i := range 20 {
		f := wire(100+i*50, journal.GroupCommit, request(100+i*50, "OffsetCommit", int32(10+i)),
			&journal.Commit{Member: "m1", Generation: 1, ProducerID: -1, ProducerEpoch: -1})
		f.Offset = int64(2 * (i + 1))
		f.Partition = int32(i % 2)
		facts = append(facts, f, record(101+i*50, "shipping", journal.Processed, int64(i)))
	}
	for i := range 5 {
		f := event(1000+i*200, "meter", journal.Progress)
		f.Detail = journal.LogEvent{"received": fmt.Sprint(1000 * (i + 1)), "p50": "2ms", "p99": fmt.Sprint(10+i, "ms")}
		facts = append(facts, f)
	}
	return facts
}

func TestCharts(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "slow.jsonl", slowGroup())
	l := readFacts(t, readPage(t, write(t, folder, r, nil)).Scenarios[0].Facts)
	var got []string
	for _, c := range l.N {
		for _, s := range c.Series {
			most := 0.0
			for i, v := range s.Points {
				if i%2 == 1 || c.Bars {
					most = max(most, v)
				}
			}
			got = append(got, fmt.Sprintf("%s: %s: %g, at the end %g %s", c.Title, s.Name, most, s.Points[len(s.Points)-1],
				c.Unit))
		}
	}
	want := `Lag: shipping on orders: 98, at the end 22 records
Throughput: processed by shipping: 22.222, at the end 0 records/s
Throughput: received by meter: 22222.222, at the end 22222.222 records/s
Latency: OffsetCommit p50: 2, at the end 2 ms
Latency: OffsetCommit p99: 2, at the end 2 ms
Latency: meter p50: 2, at the end 2 ms
Latency: meter p99: 14, at the end 14 ms
Balance of partitions: orders 0: 40, at the end 40 records
Balance of partitions: orders 1: 60, at the end 60 records`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestNumbersAreDrawn(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "slow.jsonl", slowGroup())
	b := browser.Open(t, write(t, folder, r, nil))
	b.Until(`document.querySelector('#commits-7 .charts')`)
	b.Want(`[...document.querySelectorAll('#commits-7 .chart figcaption')].map((e) => e.innerText).join('; ')`,
		"Lag, records; Throughput, records/s; Latency, ms; Balance of partitions, records")
	b.Want(`document.querySelector('#commits-7 .chart svg').getAttribute('aria-label')`,
		"Lag over time: shipping on orders most 98, at the end 22 records")
	b.Want(`document.querySelector('#commits-7 .chart li').innerText`, "shipping on orders: most 98, at the end 22")
}

var sampleFigures = page.Figures{Title: "Throughput </script>", Rows: [][2]string{{"settings", hostile}},
	Charts: []page.Chart{
		{Title: "Latency", Unit: "ms", Series: []page.Series{{Name: "p50", Points: []float64{1, 5, 2, 7}},
			{Name: "p50, baseline", Baseline: true, Points: []float64{1, 4, 2, 6}}}},
		{Title: "none", Unit: "ms"},
		{Title: "Throughput", Unit: "records/s", Bars: true,
			Series: []page.Series{{Name: "produced", Points: []float64{12_345}}}},
	}}

func TestFiguresAreDrawn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.html")
	if err := report.WriteFile(file, func(file *os.File) error { return sampleFigures.Write(file) }); err != nil {
		t.Fatal(err)
	}
	b := browser.Open(t, file)
	b.Want(`document.querySelectorAll('.chart').length`, "2")
	b.Want(`[...document.querySelectorAll('polyline')].map((e) => e.getAttribute('stroke-dasharray')).join()`, "0,4 3")
	b.Want(`new Set([...document.querySelectorAll('polyline')].map((e) => e.getAttribute('stroke'))).size`, "1")
	b.Want(`document.querySelector('.bars').innerText.replace(/\s+/g, ' ')`, "produced 12.3k")
	b.Want(`document.title`, "Throughput </script> · kafkaspec")
}
