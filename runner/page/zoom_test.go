package page_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// settled says that nothing is left to be drawn sharper.
const settled = `all.scenarios[0].timeline.marks.settled && !all.scenarios[0].timeline.pending`

// zooming turns the wheel over the timeline, from all of it to a fiftieth and back, for a time.
const zooming = `(() => {
	const t = all.scenarios[0].timeline, box = t.canvas.getBoundingClientRect();
	const context = CanvasRenderingContext2D.prototype, fill = context.fill;
	let marks = 0, frames = 0, by = -15, drawn = t.drawn, began = performance.now(), worst = 0, last = began;
	context.fill = function () { marks++; return fill.apply(this, arguments); };
	t.marks.made = 0;
	window.zoomed = null;
	const frame = (now) => {
		frames++;
		worst = Math.max(worst, now - last);
		last = now;
		if (t.span <= t.full[1] / 50) by = 15;
		if (t.span >= t.full[1]) by = -15;
		t.canvas.dispatchEvent(new WheelEvent('wheel',
			{deltaY: by, ctrlKey: true, clientX: box.left + box.width / 3, clientY: box.top + 60, cancelable: true}));
		if (now - began < 3000) return requestAnimationFrame(frame);
		context.fill = fill;
		const seconds = (now - began) / 1000;
		window.zoomed = {Frames: frames / seconds, Drawn: t.drawn - drawn, Marks: marks, Tiles: t.marks.made,
			All: t.lanes.reduce((n, l) => n + (l.head ? 0 : l.facts.length), 0), Worst: worst};
	};
	requestAnimationFrame(frame);
})()`

// TestZoomingStaysSmooth zooms ten thousand facts. The frames in a second are the machine's, and not how much is drawn
// for them: a tile now and then, in place of all that is in view.
func TestZoomingStaysSmooth(t *testing.T) {
	testenv.LongOnly(t, "zooms ten thousand facts in a browser")
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "crowd.jsonl", crowd())
	b := browser.Open(t, write(t, folder, r, nil))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	b.Run(browser.Script(`all.scenarios[0].timeline.show(...all.scenarios[0].timeline.full)`), browser.Script(zooming))
	b.Until(`window.zoomed`)
	did := browser.Value[struct{ Frames, Drawn, Marks, Tiles, All, Worst float64 }](b, `window.zoomed`)
	t.Logf("%.0f frames a second, the longest %.0f ms; in %.0f of them %.0f marks were drawn, on %.0f tiles", did.Frames,
		did.Worst, did.Drawn, did.Marks, did.Tiles)
	if did.Drawn < 4 || did.Tiles > 1.5*did.Drawn+20 || did.Marks > did.All*(did.Drawn/5+1) {
		t.Errorf("got %+v, want a tile or two a frame", did)
	}

	// When it rests, all of it is as sharp as if it had never been zoomed.
	b.Until(settled)
	b.Want(`(() => { const t = all.scenarios[0].timeline, shown = () => t.canvas.toDataURL();
		t.draw();
		const before = shown();
		t.marks.tiles.clear();
		t.draw();
		return shown() === before; })()`, "true")
}

// TestStretchedMarksStandWhereTheirFactsAre looks at the pixels of marks while the timeline is being zoomed.
func TestStretchedMarksStandWhereTheirFactsAre(t *testing.T) {
	folder := t.TempDir()
	b := browser.Open(t, write(t, folder, sample(t, folder), nil))
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	b.Run(browser.Script(`all.scenarios[0].timeline.marks.many = true`)) // as if there were
	for _, view := range []string{`320000, 340000`, `310000, 350000`, `328000, 331000`, `...t.full`} {
		const found = `(() => { const t = all.scenarios[0].timeline, lane = t.lanes.find((l) => l.name === 'faults');
			t.show(%s);
			do {
				t.marks.changed = Infinity; // it goes on
				t.draw();
			} while (t.marks.missing);
			const copy = document.createElement('canvas'), g = copy.getContext('2d', {willReadFrequently: true});
			copy.width = t.canvas.width, copy.height = t.canvas.height;
			g.drawImage(t.canvas, 0, 0);
			const y = Math.round((lane.y + lane.height / 2) * devicePixelRatio);
			const red = (x) => { const [r, g_, b] = g.getImageData(Math.round(x * devicePixelRatio), y, 1, 1).data;
				return r > 120 && r > 1.5 * g_ && r > 1.5 * b; };
			const x = t.x(lane.facts[0].at);
			return [t.marks.settled, red(x), red(x - 30)].join(); })()`
		b.Want(strings.Replace(found, "%s", view, 1), "false,true,false")
	}
}
