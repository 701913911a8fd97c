package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// selection says which scenarios run.
type selection struct {
	tags          tagExpression
	name          *regexp.Regexp // nil: all
	shard, shards int            // shard counts from 1; shards 0: all
	asked         []string       // tags, name and lines as they were given
	huge          bool           // scenarios tagged @huge run as well: they were asked for
}

// hugeTag marks scenarios that take minutes or gigabytes: they run only where the tags speak of it, or a name or a line
// was asked for.
const hugeTag = "@huge"

func newSelection(p Params) (selection, error) {
	var s selection
	var problems []Problem
	var err error
	s.asked = asked(p)
	s.huge = strings.Contains(p.Tags, hugeTag) || p.Name != "" || slices.ContainsFunc(p.Paths, pathLine.MatchString)
	if s.tags, err = parseTags(p.Tags); err != nil {
		problems = append(problems, Problem{Text: "--tags: " + err.Error()})
	}
	if p.Name != "" {
		if s.name, err = regexp.Compile(p.Name); err != nil {
			problems = append(problems, Problem{Text: fmt.Sprintf("--name: got %q, want a regular expression: %s", p.Name,
				plainExpression(err)), Hint: `write \( \[ \* where the characters themselves are meant`})
		}
	}
	if p.Shard != "" {
		index, count, ok := strings.Cut(p.Shard, "/")
		i, ierr := strconv.Atoi(index)
		n, nerr := strconv.Atoi(count)
		if !ok || ierr != nil || nerr != nil || i < 1 || n < 1 || i > n {
			problems = append(problems, Problem{Text: fmt.Sprintf("--shard: got %q, want I/N with I from 1 to N, such as 2/4",
				p.Shard)})
		}
		s.shard, s.shards = i, n
	}
	return s, inputError(problems)
}

// pick returns the scenarios that run, in the order of files and lines, and those that are left out as huge. None at
// all to run is an error: nobody means to run nothing.
func (s selection) pick(all []*scenario) (picked, leftOut []*scenario, err error) {
	for _, sc := range all {
		tags := map[string]bool{}
		for _, t := range sc.tags {
			tags[t] = true
		}
		switch chosen := s.tags(tags) && (s.name == nil || s.name.MatchString(sc.name)) && sc.onSelectedLine(); {
		case chosen && tags[hugeTag] && !s.huge:
			leftOut = append(leftOut, sc)
		case chosen:
			picked = append(picked, sc)
		}
	}
	if len(picked) == 0 {
		return nil, nil, inputError([]Problem{s.nothing(all, leftOut)})
	}
	if s.shards == 0 {
		return picked, leftOut, nil
	}
	var mine []*scenario
	for i, sc := range picked {
		if i%s.shards == s.shard-1 {
			mine = append(mine, sc)
		}
	}
	return mine, leftOut, nil
}

// asked lists what narrows a run.
func asked(p Params) []string {
	var all []string
	if p.Tags != "" {
		all = append(all, fmt.Sprintf("tags %q", p.Tags))
	}
	if p.Name != "" {
		all = append(all, fmt.Sprintf("name %q", p.Name))
	}
	for _, path := range p.Paths {
		if pathLine.MatchString(path) {
			all = append(all, path)
		}
	}
	return all
}

// plainExpression leaves out what the regexp package begins its errors with.
func plainExpression(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

// nothing tells that no scenario was selected, and which could have been.
func (s selection) nothing(all, leftOut []*scenario) Problem {
	if len(leftOut) > 0 {
		return Problem{Text: fmt.Sprintf("no scenario selected: all %d are %s", len(leftOut), hugeTag),
			Hint: "ask for them with --tags " + hugeTag}
	}
	const most = 5
	var names []string
	for _, sc := range all {
		if names = append(names, fmt.Sprintf("%s:%d %s", sc.feature.file, sc.line, sc.name)); len(names) == most &&
			len(all) > most {
			names = append(names, "…")
			break
		}
	}
	return Problem{
		Text: fmt.Sprintf("no scenario selected: of %d found, none goes with %s", len(all), strings.Join(s.asked, ", ")),
		Hint: "tags in use: " + tagsInUse(all) + "\n    scenarios: " + strings.Join(names, ", "),
	}
}

// onSelectedLine is true when the file was named without lines, or with one inside the scenario: its own, one of its
// rows, any of its steps.
func (s *scenario) onSelectedLine() bool {
	if len(s.feature.lines) == 0 {
		return true
	}
	first, last := firstLine(s.node.Location, s.node.Tags), s.lastLine()
	for _, l := range s.feature.lines {
		if s.row != nil && s.isRow(l) {
			if l == s.line {
				return true
			}
			continue
		}
		if l >= first && l <= last {
			return true
		}
	}
	return false
}

// isRow says whether the line is that of any row of the scenario's examples.
func (s *scenario) isRow(line int) bool {
	for _, e := range s.node.Examples {
		for _, r := range e.TableBody {
			if int(r.Location.Line) == line {
				return true
			}
		}
	}
	return false
}

// lastLine is the line before the next block.
func (s *scenario) lastLine() int {
	blocks := blocksOf(s.feature.document.Feature)
	for i, b := range blocks {
		if b.scenario == s.node && i+1 < len(blocks) {
			return blocks[i+1].first - 1
		}
	}
	return 1 + strings.Count(string(s.feature.source), "\n")
}

func tagsInUse(all []*scenario) string {
	var tags []string
	for _, s := range all {
		tags = append(tags, s.tags...)
	}
	slices.Sort(tags)
	tags = slices.Compact(tags)
	if len(tags) == 0 {
		return "none"
	}
	return strings.Join(tags, " ")
}
