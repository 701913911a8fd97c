package schema

import (
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// endless finds a schema that leads back to itself without going into the value: to check a value by it never ends.
// What is asked of some values only (then, else, dependentSchemas) and what is resolved at the value ($dynamicRef) is
// not looked at; what it leads to is found when a value is checked.
func endless(root *jsonschema.Schema) (*jsonschema.Schema, bool) {
	const begun, ended = 1, 2
	state := map[*jsonschema.Schema]int{}
	var visit func(s *jsonschema.Schema) (*jsonschema.Schema, bool)
	visit = func(s *jsonschema.Schema) (*jsonschema.Schema, bool) {
		state[s] = begun
		for _, next := range samePlace(s) {
			if next == nil || state[next] == ended {
				continue
			}
			if state[next] == begun {
				return next, true
			}
			if found, ok := visit(next); ok {
				return found, true
			}
		}
		state[s] = ended
		return nil, false
	}
	seen := map[*jsonschema.Schema]bool{nil: true}
	for todo := []*jsonschema.Schema{root}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		if state[s] == 0 {
			if found, ok := visit(s); ok {
				return found, true
			}
		}
		todo = append(append(todo, samePlace(s)...), below(s)...)
	}
	return nil, false
}

// samePlace are the schemas that are asked about the very value that a schema is asked about.
func samePlace(s *jsonschema.Schema) []*jsonschema.Schema {
	all := []*jsonschema.Schema{s.Ref, s.Not, s.If}
	for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		all = append(all, list...)
	}
	return all
}

// below are the other schemas that one leads to.
func below(s *jsonschema.Schema) []*jsonschema.Schema {
	all := []*jsonschema.Schema{s.Then, s.Else, s.PropertyNames, s.UnevaluatedProperties, s.Contains, s.Items2020,
		s.UnevaluatedItems, s.ContentSchema}
	all = append(all, s.PrefixItems...)
	for _, named := range []map[string]*jsonschema.Schema{s.Properties, s.DependentSchemas} {
		for _, one := range named {
			all = append(all, one)
		}
	}
	for _, one := range s.PatternProperties {
		all = append(all, one)
	}
	for _, either := range []any{s.Items, s.AdditionalItems, s.AdditionalProperties} {
		switch either := either.(type) {
		case *jsonschema.Schema:
			all = append(all, either)
		case []*jsonschema.Schema:
			all = append(all, either...)
		}
	}
	for _, dependency := range s.Dependencies {
		if one, ok := dependency.(*jsonschema.Schema); ok {
			all = append(all, one)
		}
	}
	return all
}

// pathOf is where a schema stands within its file: the names below the root.
func pathOf(s *jsonschema.Schema) []string {
	_, fragment, _ := strings.Cut(s.Location, "#")
	return strings.FieldsFunc(fragment, func(r rune) bool { return r == '/' })
}
