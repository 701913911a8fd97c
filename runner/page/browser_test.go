package page_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// tab is a page in a browser. What the page says in the console, errors above all, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu   sync.Mutex
	said []string
}

// open shows a file in Chromium.
func open(t *testing.T, file string) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(testenv.Chromium(t)), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 1000), chromedp.Env("TMPDIR="+t.TempDir())) // it leaves a folder there
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	b := &tab{t: t}
	b.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.said = append(b.said, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
		case *runtime.EventConsoleAPICalled:
			b.said = append(b.said, fmt.Sprintf("console.%s %s", e.Type, e.Args[0].Value))
		case *log.EventEntryAdded:
			b.said = append(b.said, e.Entry.Text)
		case *cdpage.EventJavascriptDialogOpening:
			b.said = append(b.said, "dialog: "+e.Message)
		}
	}))
	t.Cleanup(cancel)
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.said) > 0 {
			t.Errorf("got in the browser's console, want nothing:\n%s", strings.Join(b.said, "\n"))
		}
	})
	b.run(chromedp.Navigate("file://"+file), chromedp.WaitReady("#page header"))
	return b
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// value is what a script gives.
func value[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// until waits for a script to be true.
func (b *tab) until(script string) {
	b.t.Helper()
	poll := chromedp.Poll[chromedp.Void]("Boolean("+script+")", chromedp.WithPollingTimeout(20*time.Second))
	if _, err := chromedp.Run(b.ctx, poll); err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
}

// want compares what a script gives.
func (b *tab) want(script, want string) {
	b.t.Helper()
	if got := value[string](b, "String("+script+")"); got != want {
		b.t.Errorf("%s: got %q, want %q", script, got, want)
	}
}

// picture keeps what is on the screen, where pictures are wanted.
func (b *tab) picture(name string) {
	b.t.Helper()
	folder := testenv.Pictures()
	if folder == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// theme is what the system of the reader prefers.
func (b *tab) theme(name string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}); err != nil {
		b.t.Fatal(err)
	}
}

const shown = `[...document.querySelectorAll('details.scenario')].filter((e) => e.checkVisibility()).length`

func TestFilters(t *testing.T) {
	folder := t.TempDir()
	b := open(t, write(t, folder, sample(t, folder), nil))
	b.want(shown, "5")
	b.want("document.title", "2 failed, 1 inconclusive, 8 passed, 1 not applicable · kafkaspec")
	b.want(`/Not started, as the run was interrupted\s+b.feature:2 +later/.test(document.body.innerText)`, "true")
	b.want(`/b.feature:9 +often: 7 more passed/.test(document.body.innerText)`, "true")
	b.run(chromedp.SendKeys(`input[type=search]`, "joins PROCESSED"))
	b.want(shown, "2")
	b.want(`document.querySelector('[role=status]').textContent`, "2 of 5")
	b.run(chromedp.Click(`button.passed`))
	b.want(shown, "1")
	b.run(chromedp.Click(`button.passed`), script(`for (const [field, to] of [['input[type=search]', ''], ['select[aria-label=tag]', '@dlq']]) {
			const e = document.querySelector(field);
			e.value = to;
			e.dispatchEvent(new Event(e.tagName === 'SELECT' ? 'change' : 'input'));
		}`))
	b.want(shown, "1")
	b.want(`document.querySelectorAll('table.rank').length`, "2")
	b.want(`document.querySelectorAll('table.rank')[1].textContent.includes('1 of 2 passed')`, "true")
}

func TestLinkOpensItsScenario(t *testing.T) {
	folder := t.TempDir()
	b := open(t, write(t, folder, sample(t, folder), nil)+"#join-33")
	b.until(`document.querySelector('#join-33 canvas')`)
	b.want(`document.getElementById('join-33').open`, "true")
	b.want(`document.getElementById('commits-7').open`, "false")
	b.run(script(`location.hash = 'join-33-run-2'`))
	b.until(`document.querySelector('#join-33-run-2 .body')`)
	b.until(`document.getElementById('join-33-run-2').innerText.includes('the journal is not there any more')`)
}

func TestTimeline(t *testing.T) {
	folder := t.TempDir()
	b := open(t, write(t, folder, sample(t, folder), nil))
	b.until(`document.querySelector('#commits-7 canvas') && all.scenarios[0].timeline.drawn > 0`)
	const line, panel = `all.scenarios[0].timeline`, `document.querySelector('#commits-7 .fact').innerText`
	b.want(line+`.lanes.map((l) => l.head || l.name).join()`,
		"steps,faults,applications,shipping,partitions,orders 0,brokers,broker 0")
	b.picture("report-light")

	b.run(chromedp.Click(`#commits-7 .findings li li:nth-child(2) .link`)) // the record that was committed first
	b.want(line+`.selected.offset`, "43")
	b.until(panel + `.includes('said by the application')`)
	b.picture("report-finding")

	b.run(chromedp.Click(`#commits-7 .tools button[title^="zoom in"]`))
	if got := value[float64](b, `(`+line+`.view[1] - `+line+`.view[0]) / `+line+`.full[1]`); got > 0.6 {
		t.Errorf("got %g of all in view after zooming in, want half", got)
	}
	b.run(chromedp.Focus(`#commits-7 canvas`), chromedp.KeyEvent("0"), chromedp.KeyEvent(kb.ArrowLeft))
	b.want(line+`.view[0]`, "0")

	// A click on the fault selects it, and what it struck is named.
	b.run(chromedp.ScrollIntoView(`#commits-7 canvas`))
	spot := value[[]float64](b, `(() => { const t = `+line+`, box = t.canvas.getBoundingClientRect();
		const lane = t.lanes.find((l) => l.name === 'faults');
		return [box.left + t.x(lane.facts[0].at), box.top + lane.y + 13]; })()`)
	b.run(chromedp.MouseClickXY(spot[0], spot[1]))
	b.want(line+`.selected.kind`, "fault-fired")
	b.until(panel + `.includes('what it struck')`)
	b.run(chromedp.KeyEvent(kb.ArrowRight))
	b.want(line+`.selected.error`, "no answer")
	b.want(panel+`.includes('disturbed by')`, "true")
}

func TestThemes(t *testing.T) {
	folder := t.TempDir()
	b := open(t, write(t, folder, sample(t, folder), nil))
	const back = `getComputedStyle(document.body).backgroundColor`
	b.theme("dark")
	b.want(back, "rgb(15, 19, 24)")
	b.until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	b.picture("report-dark")
	b.run(chromedp.Click(`header button`))
	b.want(back, "rgb(255, 255, 255)")
	b.theme("light")
	b.want(back, "rgb(255, 255, 255)")
	b.run(chromedp.EmulateViewport(390, 800))
	b.want(`document.documentElement.scrollWidth <= 390`, "true")
	b.picture("report-phone")
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
	b := open(t, file)
	b.run(script(`for (const s of all.scenarios) s.element.open = true`))
	b.until(`document.querySelector('details.scenario canvas') && all.scenarios[0].timeline.drawn > 0`)
	b.want(`document.querySelectorAll('img, iframe, object').length + document.scripts.length`, "2")
	b.want(`document.querySelector('.name').innerText.includes('<script>alert(1)</script><img src=x')`, "true")
	b.want(`/[\u0000\u001b\u202e]/.test(document.body.innerText)`, "false")
}

// TestManyFactsStaySmooth draws ten thousand facts again and again, as dragging does.
func TestManyFactsStaySmooth(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "many.jsonl", story(9_900))
	r.Scenarios[2].Journal = writeJournal(t, folder, "passed.jsonl", story(9_900))
	b := open(t, write(t, folder, r, nil))
	b.until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	if n := value[int](b, `all.scenarios[0].timeline.data.facts.length`); n < 9_900 {
		t.Errorf("got %d facts of a scenario that failed, want all", n)
	}
	frame := value[float64](b, `(() => { const t = all.scenarios[0].timeline, took = [];
		for (let i = 0; i < 60; i++) { t.view = [i * 1000, t.full[1] - 60000 + i * 1000]; const began = performance.now();
			t.draw(); took.push(performance.now() - began); }
		return took.sort((a, b) => a - b)[30]; })()`)
	t.Logf("a frame takes %.1f ms", frame)
	if frame > 1000.0/30 {
		t.Errorf("got %.1f ms for a frame, want 30 frames a second", frame)
	}
	b.run(script(`location.hash = 'join-33'`))
	b.until(`all.scenarios[2].timeline`)
	b.want(`/9911 facts; thinned, \d+ are left out \(\d+ processed/.test(document.getElementById('join-33').innerText) ||
		document.getElementById('join-33').innerText`, "true")
}
