package profile

import (
	"os"
	"regexp"
	"testing"
	"time"
)

// TestDocumentedGrace reads the example of docs/applications.md, and the same with a timeout of stop.
func TestDocumentedGrace(t *testing.T) {
	text, err := os.ReadFile("../../docs/applications.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?m)^```yaml\n(  ledger:\n(?:    .*\n)*    grace: .*\n)```$").FindSubmatch(text)
	if example == nil {
		t.Fatal("got no example of grace in docs/applications.md")
	}
	for more, want := range map[string]time.Duration{"": 20 * time.Second, "    stop: {timeout: 7s}\n": 7 * time.Second} {
		p, err := Parse("kafkaspec.yaml", []byte("applications:\n"+string(example[1])+more), os.LookupEnv)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := p.Application("ledger"); err != nil || a.Grace != want {
			t.Errorf("with %q: got grace %v (%v), want %v", more, a.Grace, err, want)
		}
	}
}
