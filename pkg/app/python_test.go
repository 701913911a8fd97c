package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

const python = `import json, os, signal, sys, threading
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
def log(**fields): print(json.dumps(fields), flush=True)
log(event="assigned", topic=os.environ["KAFKA_TOPIC_ORDERS"], partition=0)
log(event="processed", topic=os.environ["KAFKA_TOPIC_ORDERS"], partition=0, offset=5, text="größer")
stop.wait()
sys.exit(0)
`

func TestPythonApplicationWithJSONLines(t *testing.T) {
	if out, err := exec.Command("python3", "-c", "print(1)").CombinedOutput(); err != nil {
		t.Skipf("skipped: python3 does not run: %v %s", err, out)
	}
	file := filepath.Join(t.TempDir(), "app.py")
	noError(t, os.WriteFile(file, []byte(python), 0o600))
	patterns, err := parsePatterns(t, `
patterns:
  processed: '"processed", "topic": "(?P<topic>[^"]*)", "partition": (?P<partition>\d+), "offset": (?P<offset>\d+)'
`)
	noError(t, err)
	d := app.Definition{Command: []string{"python3", file}, Patterns: patterns,
		Ready: app.Ready{Log: regexp.MustCompile(`"assigned"`)}}
	a, seen := begin(t, d, app.Env{Topics: map[string]string{"orders": "ks-1-orders"}})
	noError(t, a.WaitReady(t.Context()))
	seen.await(t, "processed offset=5 partition=0 topic=ks-1-orders")
	noError(t, a.Stop(t.Context()))
}
