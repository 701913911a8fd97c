package app

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Pattern turns log lines into events of one kind.
type Pattern struct {
	Kind string // of the event: processed, assigned, alert, …
	// Regexp is searched for in the line; its named groups become fields. A group that took no part gives no field.
	// nil stands for a slog text line with msg=Kind, whose other attributes become fields.
	Regexp *regexp.Regexp
}

// Patterns are an application's log patterns. Every pattern that matches a line gives an event, but for those of one
// kind that find the same fields: a line tells a thing once.
type Patterns []Pattern

// DefaultPatterns read the lines of slog's text handler that the reference applications write, such as
// level=INFO msg=processed topic=orders partition=0 offset=5 key=u1. logfmt lines of other languages do as well.
var DefaultPatterns = textPatterns("assigned", "revoked", "lost", "read", "processing",
	"processed", "dead-lettered", "committed",
	"retrying",
	"progress", "done", "warning", "alert", "cleared", "status", "metrics", "listening")

func textPatterns(kinds ...string) Patterns {
	patterns := make(Patterns, len(kinds))
	for i, kind := range kinds {
		patterns[i].Kind = kind
	}
	return patterns
}

// Match is one event found in a line.
type Match struct {
	Kind   string
	Fields map[string]string
}

// Match gives the events of a line, in the order of the patterns.
func (p Patterns) Match(line string) []Match {
	var matches []Match
	var attributes map[string]string // of a slog text line, parsed at most once
	for _, pattern := range p {
		if pattern.Regexp == nil {
			if slices.ContainsFunc(matches, func(m Match) bool { return m.Kind == pattern.Kind }) {
				continue // one of the application's own has read the same line
			}
			if attributes == nil && strings.Contains(line, "msg=") {
				attributes = parseText(line)
			}
			if message, ok := attributes["msg"]; ok && message == pattern.Kind {
				matches = append(matches, Match{pattern.Kind, withoutFrame(attributes)})
			}
			continue
		}
		groups := pattern.Regexp.FindStringSubmatchIndex(line)
		if groups == nil {
			continue
		}
		fields := make(map[string]string)
		for i, name := range pattern.Regexp.SubexpNames() {
			if _, taken := fields[name]; name != "" && groups[2*i] >= 0 && !taken {
				fields[name] = line[groups[2*i]:groups[2*i+1]]
			}
		}
		if len(fields) == 0 || !slices.ContainsFunc(matches, func(m Match) bool {
			return m.Kind == pattern.Kind && maps.Equal(m.Fields, fields)
		}) {
			matches = append(matches, Match{pattern.Kind, fields})
		}
	}
	return matches
}

// withoutFrame drops what every slog line has.
func withoutFrame(attributes map[string]string) map[string]string {
	fields := make(map[string]string, len(attributes))
	for name, value := range attributes {
		if name != "msg" && name != "level" && name != "time" {
			fields[name] = value
		}
	}
	return fields
}

// attribute is key=value, or a word without =. A key or value in quotes may hold anything; the closing quote may have
// been cut off.
var attribute = regexp.MustCompile(`(?s)("(?:[^"\\]|\\.)*"?|[^= ]*)(=("(?:[^"\\]|\\.)*"?|[^ ]*))?`)

// parseText reads key=value pairs. Of a repeated key the first counts, because slog writes level and msg first.
func parseText(line string) map[string]string {
	attributes := make(map[string]string)
	for _, pair := range attribute.FindAllStringSubmatch(line, -1) {
		key, value := unquote(pair[1]), unquote(pair[3])
		if _, taken := attributes[key]; pair[2] != "" && pair[1] != "" && !taken {
			attributes[key] = value
		}
	}
	return attributes
}

// unquote reads a text in double quotes as Go writes it, or as nearly as that goes for what other languages write.
// Others are what they are.
func unquote(text string) string {
	inner, quoted := strings.CutPrefix(text, `"`)
	if !quoted {
		return text
	}
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	if whole, closed := strings.CutSuffix(inner, `"`); closed {
		return loose.Replace(whole)
	}
	return inner
}

var loose = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`, `\n`, "\n", `\t`, "\t", `\r`, "\r")

// ParsePatterns reads patterns from a YAML mapping of kind to regular expression (RE2), or to a list of them. file is
// where node comes from; errors start with it and the line.
//
//	patterns:
//	  assigned: 'partitions assigned: (?P<topic>[^ ]+)-(?P<partition>\d+)'
//	  # a line of JSON, such as {"event":"processed","topic":"orders","partition":0,"offset":5}
//	  processed: '"event":"processed","topic":"(?P<topic>[^"]*)","partition":(?P<partition>\d+),"offset":(?P<offset>\d+)'
//	  warning: ['^WARN(ING)?\b', '"level":"warn"']
//
// Named groups become fields of the event: topic, partition, offset, key, group, count, error and attempts have a
// meaning elsewhere, any other name is kept as it is. A kind or a group that is a slip of a known one is an error.
//
// DefaultPatterns are read as well, where none of these finds the same kind in a line; with `defaults: false` they are
// not.
func ParsePatterns(node *yaml.Node, file string) (Patterns, error) {
	if document.IsNull(node) {
		return nil, nil
	}
	if node.Kind != yaml.MappingNode {
		return nil, source.Place{File: file, Line: node.Line}.Errorf("got %s, want log patterns as a YAML mapping of kind "+
			"to regular expression; write them as in processed: 'handled (?P<key>.*)'", document.Describe(node))
	}
	var patterns Patterns
	defaults := DefaultPatterns
	for kind, value := range document.Entries(node) {
		value = document.Aliased(value)
		if kind.Value == "defaults" {
			if value.Value != "true" && value.Value != "false" {
				return nil, source.Place{File: file, Line: value.Line}.Errorf("got %s for defaults of the log patterns, want "+
					"true or false", document.Describe(value))
			}
			if value.Value == "false" {
				defaults = nil
			}
			continue
		}
		if near := nearest.Slip(kind.Value, DefaultPatterns.kinds()); near != "" {
			return nil, source.Place{File: file, Line: kind.Line}.Errorf("got log pattern %q; did you mean %q? the kinds that "+
				"steps read are %s", kind.Value, near, strings.Join(DefaultPatterns.kinds(), ", "))
		}
		texts := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			texts = value.Content
		}
		if len(texts) == 0 {
			return nil, source.Place{File: file, Line: value.Line}.Errorf("got an empty list for %q, want one regular "+
				"expression or more; add one or remove the kind", kind.Value)
		}
		for _, text := range texts {
			expression, err := compile(kind.Value, text)
			if err != nil {
				return nil, source.Place{File: file, Line: text.Line}.Errorf("pattern for %q: %w", kind.Value, err)
			}
			patterns = append(patterns, Pattern{Kind: kind.Value, Regexp: expression})
		}
	}
	return append(patterns, defaults...), nil
}

// Kinds are the kinds that an application's own patterns find, and those that default ones do, each sorted.
func (p Patterns) Kinds() (own, byDefault []string) {
	for _, pattern := range p {
		if pattern.Regexp != nil {
			own = append(own, pattern.Kind)
		} else {
			byDefault = append(byDefault, pattern.Kind)
		}
	}
	slices.Sort(own)
	slices.Sort(byDefault)
	return slices.Compact(own), slices.Compact(byDefault)
}

func (p Patterns) kinds() []string {
	kinds := make([]string, len(p))
	for i, pattern := range p {
		kinds[i] = pattern.Kind
	}
	return kinds
}

// fields are the names of groups that docs/applications.md lists for each known kind. Of other kinds nobody reads any.
var fields = func() map[string][]string {
	place := []string{"topic", "partition", "offset"}
	moved := append(slices.Clone(place), "partitions")
	alert := []string{"topic", "partition", "group", "lag", "threshold", "at"}
	figures := []string{"acknowledged", "received"}
	return map[string][]string{
		"processed": append(slices.Clone(place), "key", "group"), "processing": place,
		"retrying":      append(slices.Clone(place), "attempt"),
		"dead-lettered": append(slices.Clone(place), "key", "group", "class", "error", "attempts"),
		"read":          append(slices.Clone(place), "value", "defaulted"),
		"warning":       append(slices.Clone(place), "field", "schema"), "assigned": {"topic", "partitions", "partition"},
		"alert": alert, "cleared": alert, "status": {"topic", "partition", "status"},
		"metrics": {"address"}, "listening": {"address"}, "progress": figures, "done": figures,
		"revoked": moved, "lost": moved, "committed": moved,
	}
}()

// isField is true of a field of any kind: it is spelt as it was meant, though nobody may read it of this kind.
func isField(name string) bool {
	for _, names := range fields {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// slippery are those that a misspelt name is compared with: any short word of one's own is near to "at".
func slippery(kind string) []string {
	return slices.DeleteFunc(slices.Clone(fields[kind]), func(name string) bool { return name == "at" })
}

func compile(kind string, text *yaml.Node) (*regexp.Regexp, error) {
	text = document.Aliased(text)
	if text.Kind != yaml.ScalarNode || document.IsNull(text) {
		return nil, fmt.Errorf("got %s, want a regular expression in quotes; write one, or a list of them",
			document.Describe(text))
	}
	expression, err := regexp.Compile(text.Value)
	if err != nil {
		hint := "correct it"
		var parse *syntax.Error
		if errors.As(err, &parse) && slices.Contains([]syntax.ErrorCode{syntax.ErrInvalidPerlOp, syntax.ErrInvalidEscape,
			syntax.ErrInvalidNamedCapture}, parse.Code) {
			hint = "the syntax is RE2, which has no look-ahead and no back-references; named groups are (?P<name>…)"
		}
		return nil, fmt.Errorf("%w; %s", err, hint)
	}
	for _, name := range expression.SubexpNames() {
		known := fields[kind]
		if near := nearest.Slip(name, slippery(kind)); name != "" && near != "" && !isField(name) {
			return nil, fmt.Errorf("got a group named %q; did you mean %q? the names that steps read of this kind are %s",
				name, near, strings.Join(known, ", "))
		}
	}
	if expression.MatchString("") {
		return nil, fmt.Errorf("got %q, which matches an empty line and so perhaps every line, want one that needs some "+
			"text; make it more exact", text.Value)
	}
	return expression, nil
}
