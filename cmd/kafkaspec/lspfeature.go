package main

// A feature as it stands in an editor. It is read line by line, since while somebody types it is seldom whole.

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

// editedFeature is the text of a feature and the steps in it.
type editedFeature struct {
	lines  []string
	blocks []editedBlock
	steps  []editedStep
}

// editedBlock is what a keyword with a colon begins.
type editedBlock struct {
	background bool
	rule       int               // how many rules begin before it; 0: it is in none
	row        map[string]string // the first row of the examples, by column
}

// editedStep is a line with a step.
type editedStep struct {
	line, start int // where its text begins, in bytes of the line
	text        string
	kind        steps.Keyword // what And and But stand for
	block       int
}

// keywordLines find the lines with keywords of a language.
type keywordLines struct {
	runner.Keywords
	block, step *regexp.Regexp
}

var languages sync.Map // keywordLines by all that their features may write

func keywordsOf(text string) keywordLines {
	k := runner.KeywordsOf(text)
	blocks, written := slices.Sorted(maps.Keys(k.Blocks)), slices.Sorted(maps.Keys(k.Steps))
	name := strings.Join(written, "|")
	if known, ok := languages.Load(name); ok {
		if lines, ok := known.(keywordLines); ok {
			return lines
		}
	}
	lines := keywordLines{k, regexp.MustCompile(`^\s*(` + oneOf(blocks) + `):`),
		regexp.MustCompile(`^\s*(` + oneOf(written) + `)[ \t]*`)}
	languages.Store(name, lines)
	return lines
}

// oneOf matches any of the words, the longest first.
func oneOf(words []string) string {
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	for i, word := range words {
		words[i] = strings.ReplaceAll(regexp.QuoteMeta(word), " ", `[ \t]`)
	}
	return strings.Join(words, "|")
}

func readFeature(text string) *editedFeature {
	f := &editedFeature{blocks: []editedBlock{{}}}
	kind, fence, rules := steps.Any, "", 0
	var header []string // of a table of examples; nil outside of one
	examples, keywords := false, keywordsOf(text)
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		f.lines = append(f.lines, line)
		bare := strings.TrimSpace(line)
		if fence != "" || strings.HasPrefix(bare, `"""`) || strings.HasPrefix(bare, "```") {
			fence = fenceBehind(fence, bare)
			continue
		}
		last := &f.blocks[len(f.blocks)-1]
		if m := keywords.block.FindStringSubmatch(line); m != nil {
			begins := keywords.Blocks[m[1]]
			header, examples = nil, begins == "Examples"
			if examples {
				continue
			}
			if begins == "Rule" {
				rules++
			}
			kind = steps.Any
			f.blocks = append(f.blocks, editedBlock{background: begins == "Background", rule: rules})
		} else if examples && strings.HasPrefix(bare, "|") {
			cells := cellsOf(bare)
			if header == nil {
				header = cells
			} else if last.row == nil {
				last.row = map[string]string{}
				for c := range min(len(header), len(cells)) {
					last.row[header[c]] = cells[c]
				}
			}
		} else if m := keywords.step.FindStringSubmatch(line); m != nil {
			if k := keywords.Steps[strings.ReplaceAll(m[1], "\t", " ")]; k != steps.Any {
				kind = k
			}
			f.steps = append(f.steps, editedStep{line: i, start: len(m[0]), text: line[len(m[0]):], kind: kind,
				block: len(f.blocks) - 1})
		}
	}
	return f
}

// fenceBehind is the fence of the doc string in which the line behind this one stands; "" for none.
func fenceBehind(fence, line string) string {
	switch {
	case fence == "":
		return line[:3]
	case strings.HasPrefix(line, fence):
		return ""
	}
	return fence
}

func cellsOf(row string) (cells []string) {
	for _, cell := range strings.Split(strings.Trim(row, "|"), "|") {
		cells = append(cells, strings.TrimSpace(cell))
	}
	return cells
}

// stepAt is the step in the line of a position, and how many bytes of its text are before that: fewer than 0 within
// the keyword.
func (f *editedFeature) stepAt(at lspPosition) (s editedStep, before int, found bool) {
	for _, s := range f.steps {
		if s.line == at.Line {
			return s, bytesBefore(f.lines[s.line], at.Character) - s.start, true
		}
	}
	return editedStep{}, 0, false
}

// filled is the step's text with the values of the first row of its outline.
func (f *editedFeature) filled(s editedStep, text string) string {
	for column, value := range f.blocks[s.block].row {
		text = strings.ReplaceAll(text, "<"+column+">", value)
	}
	return text
}

// around lists the steps of the scenario in which this one stands: its own and those of the backgrounds.
func (f *editedFeature) around(s editedStep) (all []editedStep) {
	own := f.blocks[s.block]
	for _, other := range f.steps {
		b := f.blocks[other.block]
		if other.block == s.block || b.background && (b.rule == 0 || b.rule == own.rule) {
			all = append(all, other)
		}
	}
	return all
}

// span is the range of the bytes from one to another of a line.
func (f *editedFeature) span(line, from, to int) lspRange {
	text := f.lines[line]
	return lspRange{lspPosition{line, unitsOf(text[:from])}, lspPosition{line, unitsOf(text[:to])}}
}

// unitsOf counts the code units that a text has in UTF-16.
func unitsOf(text string) (units int) {
	for _, r := range text {
		units += utf16.RuneLen(r)
	}
	return units
}

// bytesBefore are the bytes of a line before a character that is counted in UTF-16; all of them behind its end.
func bytesBefore(line string, character int) int {
	at := 0
	for units := 0; at < len(line); {
		r, size := utf8.DecodeRuneInString(line[at:])
		if units += utf16.RuneLen(r); units > character {
			break
		}
		at += size
	}
	return at
}
