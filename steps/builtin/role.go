package builtin

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// roleDoc is the grammar, for the catalogue.
const roleDoc = "what an application does in the cluster, any of these, in any order: `in group \"g\"`, `watching group " +
	"\"g\"` (without being in it), `reading \"a\"`, `writing \"b\"`. Several topics: `reading \"a\", \"b\" and \"c\"`. With " +
	"a watched group, `on \"a\"` may stand for `reading \"a\"`"

// rolePattern takes any words where a part may stand, so that a slip in one is told as such.
const rolePattern = `[a-z]+(?: [a-z]+){0,2} ` + phrase.Quoted + `(?:(?:,|(?: [a-z]+){1,3}) ` + phrase.Quoted + `)*`

var rolePart = regexp.MustCompile(`^ ?([a-z]+(?: [a-z]+){0,2}|,) (` + phrase.Quoted + `)`)

// roleParts are the words that may begin a part, in the order in which errors list them.
var roleParts = []string{"in group", "watching group", "on", "reading", "writing"}

// role is what an application does in the cluster. Names are those of the scenario.
type role struct {
	group, watches string // empty for none
	reads, writes  []string
}

// roleIn is the role that a step declares; one without anything for a step that declares none.
func roleIn(m steps.Match) (r role) {
	for _, v := range m.Values {
		if as, ok := v.Value.(role); ok {
			return as
		}
	}
	return r
}

func parseRole(text string) (r role, err error) {
	var last string // the part that "," and "and" go on with
	seen := map[string]bool{}
	for rest := text; rest != ""; {
		m := rolePart.FindStringSubmatch(rest)
		if m == nil {
			return r, fmt.Errorf("got %q in what the application does, want %s", strings.TrimSpace(rest), wantRole(""))
		}
		part := m[1]
		if behind, ok := strings.CutPrefix(part, "and "); ok && last != "" && slices.Contains(roleParts, behind) {
			part = behind
		}
		if last != "" && (part == "," || part == "and") {
			if last == "in group" || last == "watching group" {
				return r, fmt.Errorf("got two groups behind %q, want one", last)
			}
			part = last
		} else if seen[part] {
			return r, fmt.Errorf("got %q twice, want it once, with all its topics: %s \"a\" and \"b\"", part, part)
		}
		seen[part], last = true, part
		if err := r.add(part, m[2]); err != nil {
			return r, err
		}
		rest = rest[len(m[0]):]
	}
	return r, r.check(seen)
}

// add reads the name behind a part.
func (r *role) add(part, text string) error {
	switch part {
	case "in group":
		return readName(&r.group, phrase.Named("group", "group"), text)
	case "watching group":
		return readName(&r.watches, phrase.Named("group", "group"), text)
	}
	topics := &r.reads
	switch part {
	case "writing":
		topics = &r.writes
	case "reading", "on":
	default:
		return fmt.Errorf("got %q in what the application does, want %s", part, wantRole(part))
	}
	var topic string
	if err := readName(&topic, topicName(), text); err != nil {
		return err
	}
	if slices.Contains(*topics, topic) {
		return fmt.Errorf("got topic %q twice behind %q, want it once", topic, part)
	}
	*topics = append(*topics, topic)
	return nil
}

// check finds parts that do not go together.
func (r *role) check(seen map[string]bool) error {
	switch {
	case r.group != "" && r.watches != "":
		return errors.New("got an application that is in a group and watches one, want one of the two; declare two " +
			"applications")
	case seen["on"] && r.watches == "":
		return errors.New(`got "on" without a watched group; write reading`)
	case seen["on"] && seen["reading"]:
		return errors.New(`got "on" and "reading", which say the same, want one of them`)
	case (r.group != "" || r.watches != "") && len(r.reads) == 0:
		return errors.New(`got a group and no topic that is read in it; add: reading "orders"`)
	}
	return nil
}

// wantRole lists what may stand there, and the one that somebody may have meant.
func wantRole(part string) string {
	want := "one of " + words.Quoted(roleParts)
	if near := nearest.Word(part, roleParts); part != "" && near != "" {
		want += fmt.Sprintf("; did you mean %q?", near)
	}
	return want
}

// names are the topics and groups inside, so that whoever checks names finds them there too.
func (r role) names() (all []phrase.Value) {
	for _, group := range []string{r.group, r.watches} {
		if group != "" {
			all = append(all, phrase.Value{Param: "group", Text: group, Value: group})
		}
	}
	for _, topic := range slices.Concat(r.reads, r.writes) {
		all = append(all, phrase.Value{Param: "topic", Text: topic, Value: topic})
	}
	return all
}
