package runner

import (
	"fmt"
	"strings"
)

// tagExpression decides by a scenario's tags whether it runs.
type tagExpression func(tags map[string]bool) bool

// parseTags reads a Cucumber tag expression: @tags joined by and, or, not and brackets
// (https://github.com/cucumber/tag-expressions). The empty expression takes everything.
func parseTags(text string) (tagExpression, error) {
	if strings.TrimSpace(text) == "" {
		return func(map[string]bool) bool { return true }, nil
	}
	p := tagParser{tokens: strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))}
	e, err := p.or()
	if err == nil && p.at < len(p.tokens) {
		err = fmt.Errorf("got %q, want and, or, or the end", p.tokens[p.at])
	}
	if err != nil {
		return nil, fmt.Errorf("tag expression %q: %w; write it as in: @slow and not (@local or @exclusive)",
			shortened(text), err)
	}
	return e, nil
}

type tagParser struct {
	tokens []string
	at     int
}

func (p *tagParser) next() string {
	if p.at == len(p.tokens) {
		return ""
	}
	p.at++
	return p.tokens[p.at-1]
}

func (p *tagParser) accept(word string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at] == word {
		p.at++
		return true
	}
	return false
}

func (p *tagParser) or() (tagExpression, error) {
	left, err := p.and()
	for err == nil && p.accept("or") {
		var right tagExpression
		was := left
		right, err = p.and()
		left = func(tags map[string]bool) bool { return was(tags) || right(tags) }
	}
	return left, err
}

func (p *tagParser) and() (tagExpression, error) {
	left, err := p.not()
	for err == nil && p.accept("and") {
		var right tagExpression
		was := left
		right, err = p.not()
		left = func(tags map[string]bool) bool { return was(tags) && right(tags) }
	}
	return left, err
}

func (p *tagParser) not() (tagExpression, error) {
	switch token := p.next(); {
	case token == "not":
		inner, err := p.not()
		return func(tags map[string]bool) bool { return !inner(tags) }, err
	case token == "(":
		inner, err := p.or()
		if err == nil && !p.accept(")") {
			err = fmt.Errorf("a bracket is not closed")
		}
		return inner, err
	case strings.HasPrefix(token, "@") && len(token) > 1 && !strings.ContainsAny(token, ",&|!~"):
		return func(tags map[string]bool) bool { return tags[token] }, nil
	case token == "":
		return nil, fmt.Errorf("it ends where a @tag is wanted")
	default:
		return nil, fmt.Errorf("got %q, want a @tag, not or a bracket", token)
	}
}
