package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/source"
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
	var problems source.Errors
	var err error
	s.asked = asked(p)
	s.huge = strings.Contains(p.Tags, hugeTag) || p.Name != "" || slices.ContainsFunc(p.Paths, pathLine.MatchString)
	if s.tags, err = parseTags(p.Tags); err != nil {
		problems = append(problems, source.Place{}.Errorf("--tags: %w", err))
	}
	if p.Name != "" {
		if s.name, err = regexp.Compile(p.Name); err != nil {
			problems = append(problems, source.Place{}.Errorf("--name: got %q, want a regular expression: %s", shortened(p.Name),
				shortened(plainExpression(err))).Advise(`write \( \[ \* where the characters themselves are meant`))
		}
	}
	if p.Shard != "" {
		index, count, ok := strings.Cut(p.Shard, "/")
		i, ierr := strconv.Atoi(index)
		n, nerr := strconv.Atoi(count)
		if !ok || ierr != nil || nerr != nil || i < 1 || n < 1 || i > n {
			problems = append(problems, source.Place{}.Errorf("--shard: got %q, want I/N with I from 1 to N, such as 2/4",
				p.Shard))
		}
		s.shard, s.shards = i, n
	}
	return s, problems.Err()
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
		return nil, nil, source.Errors{s.nothing(all, leftOut)}
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
func (s selection) nothing(all, leftOut []*scenario) *source.Error {
	if len(leftOut) > 0 {
		return source.Place{}.Errorf("no scenario selected: all %d are %s", len(leftOut), hugeTag).Advise(
			"ask for them with --tags " + hugeTag)
	}
	const most = 5
	var names []string
	for _, sc := range all[:min(most, len(all))] {
		names = append(names, fmt.Sprintf("%s:%d %s", sc.feature.file, sc.line, sc.name))
	}
	if len(all) > most {
		names = append(names, "…")
	}
	return source.Place{}.Errorf("no scenario selected: of %d found, none goes with %s", len(all),
		strings.Join(s.asked, ", ")).Advise("tags in use: " + tagsInUse(all) + "\n    scenarios: " +
		strings.Join(names, ", "))
}

// onSelectedLine is true when the file was named without lines, or with one inside the scenario: its own, one of its
// rows, any of its steps.
func (s *scenario) onSelectedLine() bool {
	if len(s.feature.lines) == 0 {
		return true
	}
	last := 1 + strings.Count(string(s.feature.text), "\n")
	for _, b := range s.feature.blocks {
		if b.first > s.block.first {
			last = b.first - 1
			break
		}
	}
	rows := map[int]bool{}
	for _, e := range s.block.scenario.Examples {
		for _, r := range e.TableBody {
			rows[int(r.Location.Line)] = true
		}
	}
	return slices.ContainsFunc(s.feature.lines, func(l int) bool {
		return l == s.line || !rows[l] && l >= s.block.first && l <= last
	})
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
