// Package holes reads texts with holes in them, ${name}, which are filled in later. $${ stands for ${ itself.
package holes

import "strings"

// Begins is what a hole begins with.
const Begins = "${"

// Each gives literal the text between holes, with $${ as a plain ${. For each hole, fill is given the text from its ${
// on, and gives back what follows behind it, as Cut does.
func Each(text string, literal func(string), fill func(text string) (rest string, err error)) error {
	for {
		i := strings.Index(text, Begins)
		switch {
		case i < 0:
			literal(text)
			return nil
		case i > 0 && text[i-1] == '$':
			literal(text[:i-1] + Begins)
			text = text[i+len(Begins):]
			continue
		}
		literal(text[:i])
		var err error
		if text, err = fill(text[i:]); err != nil {
			return err
		}
	}
}

// Cut parts the hole that a text begins with from the rest. Holes may stand within it. One that is not closed ends with
// its line.
func Cut(text string) (hole, rest string, closed bool) {
	depth := 0
	for i := range text {
		switch {
		case text[i] == '\n':
			return text[:i], text[i:], false
		case strings.HasPrefix(text[i:], Begins):
			depth++
		case text[i] == '}':
			if depth--; depth == 0 {
				return text[:i+1], text[i+1:], true
			}
		}
	}
	return text, "", false
}

// Name is what stands in a hole, closed or not.
func Name(hole string) string {
	inner := strings.TrimPrefix(hole, Begins)
	if _, rest, closed := Cut(hole); closed && rest == "" {
		inner = strings.TrimSuffix(inner, "}")
	}
	return inner
}
