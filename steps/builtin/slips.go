package builtin

// Slips between steps: what a step says of an application that the way it was declared rules out, so that nothing would
// be looked at.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/steps"
)

// Marks of steps by which such slips are seen.
const (
	catchesUp  steps.Mark = "catches up"  // waits until an application has read a topic
	isReader   steps.Mark = "is reader"   // speaks of what an application is given of a topic
	growsTopic steps.Mark = "grows topic" // adds partitions to a topic
	// says how records are spread over the partitions of topics, which shows nothing of a single one
	severalPartitions steps.Mark = "several partitions"
)

// Slip is what is wrong with a step that can be carried out.
type Slip struct {
	Step int // its place among the matches
	Text string
	Hint string
}

// Slips finds the steps of a scenario that can show nothing; kinds are the keywords that steps stand for.
func Slips(matches []steps.Match, kinds []steps.Keyword) []Slip {
	var found []Slip
	declared := map[string]steps.Match{}
	begun := false // the applications that were declared before have been started
	partitions := partitionsOf(matches)
	for i, m := range matches {
		text, hint := catchesUpInVain(m, declared)
		if text == "" {
			text, hint = readByNobody(m, matches)
		}
		if text == "" {
			text, hint = withItself(m)
		}
		if text == "" && m.Definition.Has(severalPartitions) {
			text, hint = onOnePartition(m, partitions)
		}
		if text == "" {
			text, hint = holdsAnyway(m, partitions)
		}
		begun = begun || kinds[i] == steps.When || kinds[i] == steps.Then
		if m.Definition.Defines == "app" {
			app := m.Names("app")[0]
			declared[app] = m
			if begun && !slices.ContainsFunc(matches[i+1:], func(m steps.Match) bool { return mayStart(m, app) }) {
				text = fmt.Sprintf("%q is declared behind the first When or Then, so it does not start by itself, and no step "+
					"starts it", app)
				hint = fmt.Sprintf("declare it before, or add: When application %q is started", app)
			}
		}
		if text != "" {
			found = append(found, Slip{i, text, hint})
		}
	}
	return found
}

// readByNobody says why an expectation of a group and a topic holds whatever happens: the group's applications are
// declared as reading others, and no step commits for it there. A program may name a topic in its text or settings.
func readByNobody(m steps.Match, matches []steps.Match) (text, hint string) {
	var group, topic string
	for _, name := range m.Names("group") {
		group = name
	}
	for _, name := range m.Names("topic") {
		topic = name
	}
	if !m.Definition.Awaited || group == "" || topic == "" {
		return "", ""
	}
	var reads []string
	for _, other := range matches {
		as := roleIn(other)
		names := func(param, name string) bool { return slices.Contains(other.Names(param), name) }
		switch {
		case other.Definition.Awaited:
		case as.group == group || as.watches == group:
			if reads = append(reads, as.reads...); other.Mentions(topic) {
				return "", ""
			}
		case names("group", group) && names("topic", topic): // it commits
			return "", ""
		}
	}
	if len(reads) == 0 || slices.Contains(reads, topic) {
		return "", ""
	}
	slices.Sort(reads)
	return fmt.Sprintf("nobody reads %q in group %q, so nothing is known of the two", topic, group),
		"its applications were declared as reading " + words.Quoted(slices.Compact(reads))
}

// withItself says why an expectation of two topics shows nothing: they are one. A topic may be joined with itself.
func withItself(m steps.Match) (text, hint string) {
	if !m.Definition.Awaited {
		return "", ""
	}
	phrase, _ := m.Expanded()
	joins := strings.Contains(phrase, "join of {topic} with {topic}")
	topics := m.Names("topic")
	for i, topic := range topics {
		if other := slices.Index(topics, topic); other < i && !(joins && other == 1 && i == 2) {
			return fmt.Sprintf("%q is held against itself", topic), "name two topics"
		}
	}
	return "", ""
}

// onOnePartition says why a step about partitions shows nothing: a topic has one only.
func onOnePartition(m steps.Match, partitions map[string]int64) (text, hint string) {
	for _, topic := range m.Names("topic") {
		if partitions[topic] == 1 {
			return fmt.Sprintf("%q has 1 partition, so all is on the same", topic), "give it several"
		}
	}
	return "", ""
}

// mayStart is true for a step that does something to an application.
func mayStart(m steps.Match, app string) bool {
	return !m.Definition.Awaited && slices.Contains(m.Names("app"), app)
}

// catchesUpInVain says why a step cannot wait until an application has read something; empty where it can.
func catchesUpInVain(m steps.Match, declared map[string]steps.Match) (text, hint string) {
	apps := []string{m.Guard.Once}
	if m.Definition.Has(catchesUp) {
		apps = append(apps, m.Names("app")[0])
	}
	for _, app := range apps {
		if d, ok := declared[app]; ok && roleIn(d).group == "" {
			return fmt.Sprintf("%q is in no group, so nothing says how far it has read", app),
				fmt.Sprintf("wait for its end, or for what it says: application %q has finished, %q has said \"…\"", app, app)
		}
	}
	if !m.Definition.Has(catchesUp) && !m.Definition.Has(isReader) {
		return "", ""
	}
	app, topic := m.Names("app")[0], m.Names("topic")[0]
	d, ok := declared[app]
	if reads := roleIn(d).reads; ok && !slices.Contains(reads, topic) && !d.Mentions(topic) {
		what := "so it never is behind with it"
		if m.Definition.Has(isReader) {
			what = "so it is given nothing of it"
		}
		return fmt.Sprintf("%q does not read %q, %s", app, topic, what), "it was declared as reading " + words.Quoted(reads)
	}
	return "", ""
}
