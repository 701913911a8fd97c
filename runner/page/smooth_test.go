package page_test

import (
	"fmt"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// crowd is ten thousand facts of all styles, side by side on many partitions and applications over ten seconds, with
// faults all the way.
func crowd() []journal.Fact {
	var facts []journal.Fact
	kinds := []journal.Kind{journal.Processed, journal.GroupCommit, journal.ProduceAttempt, journal.Fetched,
		journal.DeadLettered, journal.Retried, journal.Processed, journal.Assigned, journal.Warning}
	for i := range 9_800 {
		ms := 10 + i
		app := fmt.Sprintf("worker-%d", i%6)
		f := record(ms, app, kinds[i%len(kinds)], int64(i))
		f.Partition = int32(i*7) % 48
		f.Request = request(ms, "Produce", int32(i+1))
		f.Request.Broker = int32(i % 3)
		if i%50 == 0 {
			fault := wire(ms, journal.FaultFired, f.Request, &journal.Fault{Action: "cut", Number: 1 + i/50})
			fault.App = app
			facts = append(facts, fault)
		}
		facts = append(facts, f)
	}
	return facts
}

// panning drags the timeline over its whole length and back for a time, and counts frames and marks that are drawn.
const panning = `(() => {
	const t = all.scenarios[0].timeline, box = t.canvas.getBoundingClientRect();
	const context = CanvasRenderingContext2D.prototype, fill = context.fill;
	const send = (type, x) => t.canvas.dispatchEvent(new PointerEvent(type,
		{pointerId: 1, clientX: x, clientY: box.top + 60}));
	let marks = 0, frames = 0, x = 0, by = -25, drawn = t.drawn, began = performance.now();
	context.fill = function () { marks++; return fill.apply(this, arguments); };
	t.marks.tiles.clear();
	t.marks.made = 0;
	window.panned = null;
	send('pointerdown', x);
	const frame = (now) => {
		frames++;
		if (t.view[0] <= t.full[0]) by = -25;
		if (t.view[1] >= t.full[1]) by = 25;
		send('pointermove', x += by);
		if (now - began < 2000) return requestAnimationFrame(frame);
		send('pointercancel', x);
		context.fill = fill;
		const seconds = (now - began) / 1000;
		window.panned = {Frames: frames / seconds, Drawn: t.drawn - drawn, Marks: marks, Tiles: t.marks.made,
			All: t.lanes.reduce((n, l) => n + (l.head ? 0 : l.facts.length), 0), Pixels: t.width / t.span * t.full[1]};
	};
	requestAnimationFrame(frame);
})()`

// TestManyFactsStaySmooth drags ten thousand facts. What the machine does beside it decides how many frames there are
// in a second, and not how much is drawn for them: each mark once, however long one drags.
func TestManyFactsStaySmooth(t *testing.T) {
	testenv.LongOnly(t, "pans ten thousand facts in a browser")
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "crowd.jsonl", crowd())
	r.Scenarios[2].Journal = writeJournal(t, folder, "passed.jsonl", story(9_900))
	b := browser.Open(t, write(t, folder, r, nil))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	if n := browser.Value[int](b, `all.scenarios[0].timeline.data.facts.length`); n < 9_900 {
		t.Errorf("got %d facts of a scenario that failed, want all", n)
	}
	for _, part := range []float64{0.5, 0.1} {
		b.Run(browser.Script(fmt.Sprintf(`all.scenarios[0].timeline.show(0, all.scenarios[0].timeline.full[1] * %g)`, part)))
		b.Until(settled)
		b.Run(browser.Script(panning))
		b.Until(`window.panned`)
		did := browser.Value[struct{ Frames, Drawn, Marks, Tiles, All, Pixels float64 }](b, `window.panned`)
		t.Logf("%.0f%% of it in view: %.0f frames a second; in %.0f of them %.0f marks were drawn, on %.0f tiles", part*100,
			did.Frames, did.Drawn, did.Marks, did.Tiles)
		// Marks on the border of two tiles are on both.
		if did.Drawn < 4 || did.Marks > 1.4*did.All || did.Tiles > did.Pixels/128+2 {
			t.Errorf("%g in view: got %+v, want every mark drawn once, and every tile", part, did)
		}
	}
	b.Run(browser.Script(`location.hash = 'join-33'`))
	b.Until(`all.scenarios[2].timeline`)
	b.Want(`/9911 facts; thinned, \d+ are left out \(\d+ processed/.test(document.getElementById('join-33').innerText) ||
		document.getElementById('join-33').innerText`, "true")
}

// TestMarksStandWhereTheirFactsAre looks at the pixels of marks, wherever the timeline was moved to.
func TestMarksStandWhereTheirFactsAre(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	const coloured = `(() => { const t = all.scenarios[0].timeline, ratio = devicePixelRatio;
		const lane = t.lanes.find((l) => l.name === 'faults'), f = lane.facts[0], copy = document.createElement('canvas');
		t.draw();
		copy.width = t.canvas.width, copy.height = t.canvas.height;
		const g = copy.getContext('2d', {willReadFrequently: true});
		g.drawImage(t.canvas, 0, 0);
		const y = Math.round((lane.y + lane.height / 2) * ratio);
		const is = (x, colour) => [...g.getImageData(Math.round(x * ratio), y, 1, 1).data].slice(0, 3)
			.every((n, i) => Math.abs(n - parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16)) < 4);
		return is(Math.round(t.x(f.at)), t.theme.failed) + ' ' + is(t.x(f.at) - 30, t.theme.back); })()`
	for _, moved := range []string{``, `t.show(320000, 340000)`, `t.show(329000 - 300, 329000 + 4000)`, `t.pan(0.013)`,
		`t.show(...t.full)`} {
		b.Run(browser.Script(`{ const t = all.scenarios[0].timeline; ` + moved + ` }`))
		b.Want(coloured, "true true")
	}
	// A style that is not shown is gone, and comes back.
	press := browser.Script(`[...document.querySelectorAll('#commits-7 .legend button')]
		.find((e) => /faults/.test(e.textContent)).click()`)
	b.Run(press)
	b.Want(coloured, "false true")
	b.Run(press)
	b.Want(coloured, "true true")
}

// TestSuiteIsUsableAtOnce opens a page of 500 scenarios. How long that takes is the machine's; what is made for it is
// not: a row for each scenario, and of the first that failed what is known of it, since nothing else is open.
func TestSuiteIsUsableAtOnce(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	b := browser.Open(t, suite(t, t.TempDir()))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	did := browser.Value[struct{ Ready, Shown, Typed float64 }](b, `(() => {
		const n = performance.getEntriesByType('navigation')[0], began = performance.now();
		const field = document.querySelector('input[type=search]');
		field.value = 'joins';
		field.dispatchEvent(new Event('input'));
		return {Ready: n.domContentLoadedEventEnd, Shown: performance.getEntriesByName('drawn')[0].startTime, Typed: performance.now() - began}; })()`)
	t.Logf("500 scenarios: usable after %.0f ms, the first timeline is drawn after %.0f ms; a letter typed takes %.1f ms",
		did.Ready, did.Shown, did.Typed)
	b.Want(`all.scenarios.filter((s) => s.timeline).length`, "1")
	b.Want(`document.querySelectorAll('.scenario .body').length`, "1")
	if n := browser.Value[int](b, `document.querySelectorAll('*').length`); n > 500*12+2000 {
		t.Errorf("got %d elements, want a few for each scenario", n)
	}
}
