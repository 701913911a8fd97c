package page_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// wrong is what axe-core found: each rule with the elements that break it.
const wrong = `axeResult.violations.map((v) => v.id + ': ' + v.help + '\n' +
	v.nodes.slice(0, 5).map((n) => '  ' + n.target.join(' ') + '\n  ' + n.html.slice(0, 200)).join('\n')).join('\n')`

// TestAccessible holds the page in both themes, with all that can be opened, against the rules of axe-core: contrast,
// names of what can be used, order of headings, what the keyboard reaches.
func TestAccessible(t *testing.T) {
	axe := testenv.Axe(t)
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "slow.jsonl", append(story(40), slowGroup()...))
	b := browser.Open(t, write(t, folder, r, nil))
	figures := filepath.Join(folder, "figures.html")
	err := report.WriteFile(figures, func(file *os.File) error { return sampleFigures.Write(file) })
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]*browser.Tab{"report": b, "figures": browser.Open(t, figures)}
	b.Run(browser.Script(`for (const s of all.scenarios) s.element.open = true`))
	b.Until(`document.querySelectorAll('canvas').length > 1 && all.scenarios[0].timeline.drawn > 0`)
	b.Run(browser.Script(`for (const d of document.querySelectorAll('details')) d.open = true;
		all.scenarios[0].timeline.onselect(all.scenarios[0].timeline.data.facts[8])`))
	for name, tab := range pages {
		tab.Run(browser.Script(axe))
		for _, theme := range []string{"light", "dark"} {
			tab.Theme(theme)
			tab.Run(browser.Script(`window.axeResult = null; axe.run().then((r) => { window.axeResult = r; })`))
			tab.Until(`window.axeResult`)
			if found := browser.Value[string](tab, wrong); found != "" {
				t.Errorf("%s, %s:\n%s", name, theme, found)
			}
			if passed := browser.Value[int](tab, `axeResult.passes.length`); passed < 5 {
				t.Errorf("%s, %s: got %d rules that were looked at, want more", name, theme, passed)
			}
		}
	}
}
