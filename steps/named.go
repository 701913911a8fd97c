package steps

// Names in steps that are checked before anything runs.

import (
	"regexp"
	"slices"
)

// Groups returns the consumer groups that the step names: those it uses or looks at, and those it disturbs, which have
// to be somebody's, as the disturbance would strike nothing else.
func (m Match) Groups() (used, struck []string) {
	if m.Definition.Has(Disturbs) {
		return nil, m.Names("group")
	}
	for _, v := range m.Values {
		if v.Param == "group" {
			used = append(used, v.Text)
		}
		for _, inner := range v.Inner { // of requests
			if inner.Param == "group" {
				struck = append(struck, inner.Text)
			}
		}
	}
	return used, struck
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
