package steps

// Names in steps that are checked before anything runs.

import (
	"regexp"
	"slices"
)

// Groups returns the consumer groups that the step names: those it brings about, as one that declares a member or
// commits for a group does, and those it looks at or disturbs, which have to be somebody's: nothing would be seen or
// struck else.
func (m Match) Groups() (used, meant []string) {
	if m.Definition.Awaited || m.Definition.Has(Disturbs) || m.Definition.Defines == "topic" {
		return nil, m.Names("group")
	}
	if m.Definition.Defines != "" {
		return m.Names("group"), nil
	}
	for _, v := range m.Values {
		if v.Param == "group" {
			used = append(used, v.Text)
		}
		for _, inner := range v.Inner { // of requests
			if inner.Param == "group" {
				meant = append(meant, inner.Text)
			}
		}
	}
	return used, meant
}

// Mentions says whether a name stands as a word of its own in the step's texts, such as an application's command, or in
// what stands under it.
func (m Match) Mentions(name string) bool {
	const part = `[^\pL\pN_.-]` // what a name does not go on with
	word := regexp.MustCompile("(?:^|" + part + ")" + regexp.QuoteMeta(name) + "(?:$|" + part + ")")
	texts := m.Names("string")
	if m.argument.Doc != nil {
		texts = append(texts, *m.argument.Doc)
	}
	for _, row := range m.argument.Rows {
		texts = append(texts, row...)
	}
	return slices.ContainsFunc(texts, word.MatchString)
}
