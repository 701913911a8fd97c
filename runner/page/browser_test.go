package page_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// picture keeps what is on the screen, where pictures are wanted.
func picture(b *browser.Tab, name string) {
	if folder := testenv.Pictures(); folder != "" {
		b.Picture(filepath.Join(folder, name+".png"))
	}
}

const shown = `[...document.querySelectorAll('details.scenario')].filter((e) => e.checkVisibility()).length`

func TestFilters(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil))
	b.Want(shown, "5")
	b.Want("document.title", "2 failed, 1 inconclusive, 8 passed, 1 not applicable · kafkaspec")
	b.Want(`/Not started, as the run was interrupted\s+b.feature:2 +later/.test(document.body.innerText)`, "true")
	b.Want(`/b.feature:9 +often: 7 more passed/.test(document.body.innerText)`, "true")
	b.Run(chromedp.SendKeys(`input[type=search]`, "joins PROCESSED"))
	b.Want(shown, "2")
	b.Want(`document.querySelector('[role=status]').textContent`, "2 of 5")
	b.Run(chromedp.Click(`button.passed`))
	b.Want(shown, "1")
	b.Run(chromedp.Click(`button.passed`), browser.Script(`for (const [field, to] of [['input[type=search]', ''], ['select[aria-label=tag]', '@dlq']]) {
			const e = document.querySelector(field);
			e.value = to;
			e.dispatchEvent(new Event(e.tagName === 'SELECT' ? 'change' : 'input'));
		}`))
	b.Want(shown, "1")
	b.Want(`document.querySelectorAll('table.rank').length`, "2")
	b.Want(`document.querySelectorAll('table.rank')[1].textContent.includes('1 of 2 passed')`, "true")
}

func TestLinkOpensItsScenario(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil)+"#join-33")
	b.Until(`document.querySelector('#join-33 canvas')`)
	b.Want(`document.getElementById('join-33').open`, "true")
	b.Want(`document.getElementById('commits-7').open`, "false")
	b.Run(browser.Script(`location.hash = 'join-33-run-2'`))
	b.Until(`document.querySelector('#join-33-run-2 .body')`)
	b.Until(`document.getElementById('join-33-run-2').innerText.includes('the journal is not there any more')`)
}

func TestTimeline(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil))
	b.Until(`document.querySelector('#commits-7 canvas') && all.scenarios[0].timeline.drawn > 0`)
	const line, panel = `all.scenarios[0].timeline`, `document.querySelector('#commits-7 .fact').innerText`
	b.Want(line+`.lanes.map((l) => l.head || l.name).join()`,
		"steps,faults,applications,shipping,partitions,orders 0,brokers,broker 0")
	picture(b, "report-light")

	b.Run(chromedp.Click(`#commits-7 .findings li li:nth-child(2) .link`)) // the record that was committed first
	b.Want(line+`.selected.offset`, "43")
	b.Until(panel + `.includes('said by the application')`)
	picture(b, "report-finding")

	b.Run(chromedp.Click(`#commits-7 .tools button[title^="zoom in"]`))
	if got := browser.Value[float64](b, `(`+line+`.view[1] - `+line+`.view[0]) / `+line+`.full[1]`); got > 0.6 {
		t.Errorf("got %g of all in view after zooming in, want half", got)
	}
	b.Run(chromedp.Focus(`#commits-7 canvas`), chromedp.KeyEvent("0"), chromedp.KeyEvent(kb.ArrowLeft))
	b.Want(line+`.view[0]`, "0")

	// A click on the fault selects it, and what it struck is named.
	b.Run(chromedp.ScrollIntoView(`#commits-7 canvas`))
	spot := browser.Value[[]float64](b, `(() => { const t = `+line+`, box = t.canvas.getBoundingClientRect();
		const lane = t.lanes.find((l) => l.name === 'faults');
		return [box.left + t.x(lane.facts[0].at), box.top + lane.y + 13]; })()`)
	b.Run(chromedp.MouseClickXY(spot[0], spot[1]))
	b.Want(line+`.selected.kind`, "fault-fired")
	b.Until(panel + `.includes('what it struck')`)
	b.Run(chromedp.KeyEvent(kb.ArrowRight))
	b.Want(line+`.selected.error`, "no answer")
	b.Want(panel+`.includes('disturbed by')`, "true")
}

// What stands under a step is folded, but under the one that failed.
func TestTablesOfSteps(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Steps[0].Table = [][]string{{"cleanup.policy", "compact"}}
	r.Scenarios[0].Steps[1].Doc = &report.Doc{Text: "- a\n- b"}
	for i := range 250 {
		r.Scenarios[0].Steps[2].Table = append(r.Scenarios[0].Steps[2].Table, []string{strings.Repeat("key", i), "<b>v</b>"})
	}
	b := browser.Open(t, write(t, folder, r, nil))
	b.Until(`document.querySelector('#commits-7 .under')`)
	b.Want(`[...document.querySelectorAll('#commits-7 .under')].map((e) => e.firstChild.textContent + ' ' + e.open).join()`,
		"1 row false,2 lines false,201 rows true")
	b.Want(`[...document.querySelectorAll('#commits-7 .failed .under tr')].at(-1).textContent`, "… and 50 more rows")
	b.Want(`document.querySelector('#commits-7 .failed .under td + td').textContent`, "<b>v</b>")
	b.Run(chromedp.EmulateViewport(380, 800))
	b.Want(`document.documentElement.scrollWidth <= 380`, "true")
}

func TestThemes(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil))
	const back = `getComputedStyle(document.body).backgroundColor`
	b.Theme("dark")
	b.Want(back, "rgb(15, 19, 24)")
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	picture(b, "report-dark")
	b.Run(chromedp.Click(`header button`))
	b.Want(back, "rgb(255, 255, 255)")
	b.Theme("light")
	b.Want(back, "rgb(255, 255, 255)")
	b.Run(chromedp.EmulateViewport(390, 800))
	b.Want(`document.documentElement.scrollWidth <= 390`, "true")
	picture(b, "report-phone")
}

// hostile is what a record, a name or a log line may hold.
const hostile = "<script>alert(1)</script><img src=x onerror=alert(2)></script><!--]]>\x00\x1b[31m\u202e\u2028${alert(3)}'\"`\xff" +
	"::error::x"

func TestHostileTexts(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	facts := story(3)
	for i := range facts {
		facts[i].App, facts[i].Text, facts[i].Error = hostile, hostile, hostile
		if facts[i].Topic != "" {
			facts[i].Topic = strings.ToValidUTF8(hostile, "")
		}
	}
	facts[4].Key = strings.Repeat("k", 10<<20)
	s := &r.Scenarios[0]
	s.Feature, s.Name, s.File, s.Rule, s.Tags = hostile, hostile, hostile, hostile, []string{hostile}
	s.Steps[0].Table, s.Steps[0].Doc = [][]string{{hostile}, {strings.Repeat(hostile, 100_000)}}, nil
	s.Steps[1].Doc = &report.Doc{Text: strings.Repeat(hostile, 100_000), MediaType: hostile}
	s.Steps[0].Text, s.Steps[0].Notes = strings.Repeat(hostile, 100_000), []string{hostile}
	s.Failure.Message, s.Failure.Rerun = strings.Repeat(hostile, 100_000), hostile
	s.Failure.AppLines[0].App, s.Failure.AppLines[0].Lines = hostile, []string{hostile}
	s.Failure.Findings[0].Detail = hostile
	r.Scenarios[1].Failure.Differences[0].Fields[0].Got = hostile
	r.Cluster = hostile
	s.Journal = writeJournal(t, folder, "hostile.jsonl", facts)
	file := write(t, folder, r, nil)
	if info, err := os.Stat(file); err != nil || info.Size() > 1<<20 {
		t.Errorf("got a page of %d bytes (%v), want long values cut", info.Size(), err)
	}
	b := browser.Open(t, file)
	b.Run(browser.Script(`for (const s of all.scenarios) s.element.open = true`))
	b.Until(`document.querySelector('details.scenario canvas') && all.scenarios[0].timeline.drawn > 0`)
	b.Want(`document.querySelectorAll('img, iframe, object').length + document.scripts.length`, "2")
	b.Want(`document.querySelector('.name').innerText.includes('<script>alert(1)</script><img src=x')`, "true")
	b.Want(`/[\u0000\u001b\u202e]/.test(document.body.innerText)`, "false")
}
