package cluster

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/progress"
)

type columns struct{ bytes.Buffer }

func (*columns) Terminal() (int, bool) { return 100, true }

func TestMavenOutputAddsUp(t *testing.T) {
	var screen columns
	bar := progress.On(&screen)
	m := &mavenOutput{bar: bar, done: progress.Done{What: "fetching Apache Kafka", Unit: "bytes", Total: 90_000_000}}
	m.Most = 1 << 20
	for _, line := range []string{
		"Downloading from central: https://example.org/a.jar\n",
		"Downloaded from central: https://example.org/a.jar (35 kB at 1.0 MB/s)\nDownloaded from central: " +
			"https://example.org/b.pom (900 B at 12 kB/s)\n",
		"Downloaded from central: https://example.org/c.jar (5.9 MB at 8.2 MB/s)\n[INFO] a.jar (1 MB at home)\n",
	} {
		if _, err := m.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if m.done.Done != 5_935_900 {
		t.Errorf("got %d bytes, want 5935900", m.done.Done)
	}
	bar.End()
	if !strings.Contains(screen.String(), "fetching Apache Kafka [") || !strings.HasSuffix(screen.String(), "\r\x1b[2K") {
		t.Errorf("got %q, want a bar that is taken away", screen.String())
	}
}
