package features_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// explained are the features of testdata/failures, with what the report must say of each. Where links is not
// empty, one of the facts below the first finding has this text.
var explained = []struct {
	name  string
	says  []string // in the part of the page about the failure
	links string
}{
	{"lost", []string{"Look at first", "missing row: commit the offset only after its row is in the database",
		"no row in table records", "the record at offset 24 counts as done", "\"writer\" was killed"},
		"group-commit writer orders"},
	{"repeated", []string{"duplicate: look for retries without idempotence", "2 faults fired before",
		"seq 0 was read before"},
		"retrying sender events"},
	{"reordered", []string{"processed out of order: work on the records of one key one after the other",
		"after first had processed offset"}, "processed first orders"},
	{"commit-ahead", []string{"commit ahead: commit only after the record is processed or its dead letter acknowledged",
		"3 faults fired before", "before the dead letter of this record was acknowledged"},
		"produce-attempt shipping orders_dlq"},
	{"two-owners", []string{"two owners: look at the assignor of the group's leader", "was given it while"},
		"group-assigned second orders:0,1,2,3"},
	{"late-window", []string{"window missing: look for", "nothing was written to \"readings_windows\"",
		"every active partition is at 2026-01-05T12:30:00Z or later"}, ""},
	{"wrong-schema", []string{"Expected, and what comes closest", "value.email", "absent", "read with default",
		"they were not written by the schema their id names"}, ""},
	{"died", []string{"application \"shipping\" ended by itself", "MESSAGE_TOO_LARGE",
		"got 10 processed records, want at least 20"}, ""},
	{"fault-never-fired", []string{"a fault fired", "of 20 times: the next 20 OffsetCommit requests from \"shipping\"",
		"declare fewer, or have more such requests sent", "faults fired"}, ""},
	{"slow", []string{"\"shipping\" was at work all the time, and is slow:", "a second", "records not consumed"}, ""},
}

const failures = "testdata/failures"

// TestFailuresAreExplained plants a failure of each kind, and looks whether the report alone explains it. make pictures
// has it take the pictures of docs/when-it-fails.md again.
func TestFailuresAreExplained(t *testing.T) {
	testenv.LongOnly(t, "waits for what planted failures never do")
	testenv.EmbeddedOnly(t, "looks at the report")
	besideOthers(t)
	folder, await := t.TempDir(), 6*time.Second
	results, err := runner.Execute(context.Background(), runner.Params{Paths: []string{failures}, Cluster: "embedded",
		Await: await, Parallel: 4, Seed: 1, References: reference.Applications(), Report: folder})
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) != len(explained) {
		t.Fatalf("got %d scenarios, want one for each row", len(results.Scenarios))
	}
	told := browser.Open(t, filepath.Join(folder, page.Name))
	told.Run(chromedp.EmulateViewport(1180, 1000))
	for _, e := range explained {
		want := report.Failed
		if e.name == "fault-never-fired" {
			want = report.Inconclusive
		}
		for _, s := range results.Scenarios {
			if filepath.Base(s.File) == e.name+".feature" && s.Status != want {
				t.Errorf("%s: got %s, want %s", e.name, s.Status, want)
			}
		}
		anchor := e.name + "-4"
		told.Run(browser.Script(`location.hash = '` + anchor + `'`))
		told.Until(`document.querySelector('#` + anchor + ` .failure') &&
			all.scenarios.find((s) => s.anchor === '` + anchor + `').timeline.drawn > 0`)
		text := browser.Value[string](told, `document.querySelector('#`+anchor+` .failure').innerText`)
		for _, want := range e.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: got\n%s\nwant %q in it", e.name, text, want)
			}
		}
		links := browser.Value[string](told, `[...document.querySelectorAll('#`+anchor+` .findings li li')]
			.map((e) => e.innerText).join('\n')`)
		if !strings.Contains(links, e.links) {
			t.Errorf("%s: got the facts\n%s\nwant %q among them", e.name, links, e.links)
		}
		if into := testenv.Pictures(); into != "" {
			told.Run(browser.Script(`for (const c of document.querySelectorAll('#` + anchor + ` .columns')) {
				c.style.display = 'block';
				c.firstChild.hidden = true; // the steps are in the feature
			}`))
			told.PictureOf("#"+anchor, filepath.Join(into, e.name+".png"), 1120)
		}
	}
}

// TestFailuresHavePictures holds the pictures against docs/when-it-fails.md: each is shown, and all are small together.
func TestFailuresHavePictures(t *testing.T) {
	text, err := os.ReadFile("../docs/when-it-fails.md")
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	for _, e := range explained {
		info, err := os.Stat(filepath.Join("../docs/failures", e.name+".png"))
		if err != nil {
			t.Errorf("%v; make pictures takes them", err)
			continue
		}
		size += info.Size()
		if !strings.Contains(string(text), "](failures/"+e.name+".png)") {
			t.Errorf("docs/when-it-fails.md does not show failures/%s.png", e.name)
		}
	}
	if size > 600_000 {
		t.Errorf("got %d bytes of pictures, want at most 600 kB", size)
	}
}
