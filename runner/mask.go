package runner

import (
	"bytes"

	messages "github.com/cucumber/messages/go/v21"
)

// span is a range of lines, both ends included, counted from 1.
type span struct{ first, last int }

// mask returns the feature's source with every scenario but one, and every row of it but one, turned into blank lines:
// godog is given one scenario at a time, and its lines stay where they are.
func mask(f *feature, scenario *messages.Scenario, row *messages.TableRow) []byte {
	lines := bytes.Split(f.source, []byte("\n"))
	for _, s := range hidden(f.document.Feature, scenario, row, len(lines)) {
		for i := s.first; i <= s.last && i <= len(lines); i++ {
			lines[i-1] = nil
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// hidden lists the spans that do not belong to the scenario.
func hidden(f *messages.Feature, keep *messages.Scenario, row *messages.TableRow, end int) []span {
	var spans []span
	blocks := blocksOf(f)
	for i, b := range blocks {
		last := end
		if i+1 < len(blocks) {
			last = blocks[i+1].first - 1
		}
		switch {
		case b.scenario == keep && b.scenario != nil:
			spans = append(spans, hiddenRows(keep, row, last)...)
		case b.scenario != nil, b.rule != nil && !holds(b.rule, keep), b.inRule != nil && !holds(b.inRule, keep):
			spans = append(spans, span{b.first, last})
		}
	}
	return spans
}

// hiddenRows lists the rows and examples of an outline that are not the chosen row.
func hiddenRows(s *messages.Scenario, row *messages.TableRow, end int) []span {
	var spans []span
	for i, e := range s.Examples {
		last := end
		if i+1 < len(s.Examples) {
			last = firstLine(s.Examples[i+1].Location, s.Examples[i+1].Tags) - 1
		}
		chosen := false
		for _, r := range e.TableBody {
			chosen = chosen || r == row
		}
		if !chosen {
			spans = append(spans, span{firstLine(e.Location, e.Tags), last})
			continue
		}
		for _, r := range e.TableBody {
			if r != row {
				spans = append(spans, span{int(r.Location.Line), int(r.Location.Line)})
			}
		}
	}
	return spans
}

// block is a background, a scenario or the head of a rule, with the line it begins on, tags included.
type block struct {
	first    int
	scenario *messages.Scenario
	rule     *messages.Rule // of a rule's head
	inRule   *messages.Rule // of a background inside a rule
}

func blocksOf(f *messages.Feature) []block {
	var blocks []block
	for _, c := range f.Children {
		switch {
		case c.Background != nil:
			blocks = append(blocks, block{first: int(c.Background.Location.Line)})
		case c.Scenario != nil:
			blocks = append(blocks, block{first: firstLine(c.Scenario.Location, c.Scenario.Tags), scenario: c.Scenario})
		case c.Rule != nil:
			blocks = append(blocks, block{first: firstLine(c.Rule.Location, c.Rule.Tags), rule: c.Rule})
			for _, r := range c.Rule.Children {
				if r.Background != nil {
					blocks = append(blocks, block{first: int(r.Background.Location.Line), inRule: c.Rule})
				} else {
					blocks = append(blocks, block{first: firstLine(r.Scenario.Location, r.Scenario.Tags), scenario: r.Scenario})
				}
			}
		}
	}
	return blocks
}

func holds(r *messages.Rule, s *messages.Scenario) bool {
	for _, c := range r.Children {
		if c.Scenario == s {
			return true
		}
	}
	return false
}

func firstLine(l *messages.Location, tags []*messages.Tag) int {
	first := int(l.Line)
	for _, t := range tags {
		first = min(first, int(t.Location.Line))
	}
	return first
}
