package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/internal/typeschema"
)

// npm is a package of Cucumber's own. Without it the test is skipped.
func npm(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(testenv.NodeModules(), "@cucumber", name)
	if _, err := os.Stat(folder); err != nil || testenv.NodeModules() == "" {
		t.Skipf("no @cucumber/%s here: what others make of the messages is not tried (make clients fetches it)", name)
	}
	return folder
}

// TestCucumberFitsItsSchema holds messages against the JSON Schema that Cucumber publishes.
func TestCucumberFitsItsSchema(t *testing.T) {
	schema, err := os.ReadFile(filepath.Join(npm(t, "messages"), "messages.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	validate, err := typeschema.Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Results{"sample": sample(), "hostile": hostileResults(), "under": under(),
		"none": {}} {
		var text bytes.Buffer
		if err := Cucumber(&text, r); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text.Bytes()) {
			if err := validate(line); err != nil {
				t.Errorf("%s: %s%v", name, line, err)
			}
		}
	}
	if validate([]byte(`{"testCase": {"id": "1"}}`)) == nil {
		t.Error("got no error of a test case without steps, want the schema looked at")
	}
}

// TestCucumberIsShownByItsFormatter has the HTML formatter of Cucumber read the messages.
func TestCucumberIsShownByItsFormatter(t *testing.T) {
	formatter, err := filepath.Abs(npm(t, "html-formatter"))
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skipf("no Node here: %v", err)
	}
	var text bytes.Buffer
	if err := Cucumber(&text, under()); err != nil {
		t.Fatal(err)
	}
	shown := exec.Command(node, "--input-type=module", "--eval", `
		const {CucumberHtmlStream} = await import(process.argv[1]);
		const html = new CucumberHtmlStream();
		html.on('error', (e) => { console.error(e); process.exit(1); });
		html.pipe(process.stdout);
		const lines = (await import('readline')).createInterface({input: process.stdin});
		for await (const line of lines) html.write(JSON.parse(line));
		html.end();`, "file://"+filepath.Join(formatter, "dist", "src", "index.js"))
	shown.Stdin, shown.Stderr = &text, os.Stderr
	page, err := shown.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<html", `"dataTable":{"rows":[{"cells":[{"value":"key"}`, `"mediaType":"yaml"`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("got a page of %d bytes without %s", len(page), want)
		}
	}
}
