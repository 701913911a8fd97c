package page_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestWindowsAreMarks draws a window when it was written, though its fact came at the end, in the lanes of its
// application and partition.
func TestWindowsAreMarks(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	request := request(200, "Produce", 30)
	f := wire(900, journal.WindowWritten, request, &journal.Window{Start: "2026-01-05T10:00:00Z",
		End: "2026-01-05T10:05:00Z", Written: at(200)})
	f.Topic, f.Offset, f.Key = "totals", 3, "m1"
	r.Scenarios[0].Journal = writeJournal(t, folder, "windows.jsonl", append(story(3), f))
	b := browser.Open(t, write(t, folder, r, nil))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	const line = `all.scenarios[0].timeline`
	b.Want(line+`.lanes.filter((l) => !l.head && l.facts.some((f) => f.kind === 'window' && f.at === 200000)).map((l) => l.name).join()`,
		"shipping,totals 0,broker 0")
	b.Want(`[...document.querySelectorAll('#commits-7 .legend button')].map((e) => e.textContent).filter((s) => /windows/.test(s)).length`,
		"1")
	b.Want(line+`.data.facts.every((f, i, all) => !i || all[i - 1].at <= f.at)`, "true")
	b.Run(browser.Script(line + `.onselect(` + line + `.data.facts.find((f) => f.kind === 'window'))`))
	b.Until(`/start\s+2026-01-05T10:00:00Z\s+end\s+2026-01-05T10:05:00Z/.test(document.querySelector('#commits-7 .fact').innerText)`)
}
