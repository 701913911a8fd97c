package record

import (
	"os"
	"path/filepath"
	"testing"
)

func BenchmarkGenerator100Bytes(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(fixtures, "generators", "events.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	generators, err := ParseGenerators("events.yaml", text)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range sortedKeys(generators) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for r := range generators[name].Records(1, int64(b.N)) {
				size += len(r.Key) + len(r.Value)
			}
			b.ReportMetric(float64(size)/float64(b.N), "bytes/record")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
