package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// Settings are an application's own settings: a YAML mapping, where a nested key is read with dots ("retry.attempts").
//
// The getters take a default for a key that is absent, and remember which keys were asked for. Err, called after the
// last getter, reports values that could not be read and keys nobody asked for. The zero Settings has no keys.
type Settings struct{ state *settings }

type settings struct {
	name   string
	source []byte
	leaves map[string]*yaml.Node // scalars and lists by dotted key
	inner  map[string]bool       // dotted keys of mappings

	mu      sync.Mutex
	asked   map[string]bool
	invalid []problem
}

// problem is an error and where it stands, so that errors come in the order of the file.
type problem struct {
	line int
	err  error
}

// ParseSettings reads a YAML mapping. name is the file the text comes from; errors start with it and the line.
func ParseSettings(text []byte, name string) (Settings, error) {
	s := &settings{name: name, source: bytes.Clone(text), leaves: map[string]*yaml.Node{}, inner: map[string]bool{},
		asked: map[string]bool{}}
	if line := unreadable(text); line > 0 {
		return Settings{}, fmt.Errorf("%s:%d: got bytes that are not text, want YAML in UTF-8; save the file as UTF-8", name,
			line)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF): // nothing but comments
		return Settings{s}, nil
	case err != nil:
		return Settings{}, syntaxError(name, err)
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		return Settings{}, fmt.Errorf("%s:%d: got a second YAML document, want one; remove the --- line", name, second.Line)
	} else if !errors.Is(err, io.EOF) {
		return Settings{}, syntaxError(name, err)
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return Settings{s}, nil
	}
	if root.Kind != yaml.MappingNode {
		return Settings{}, fmt.Errorf("%s:%d: got %s, want settings as a YAML mapping; write one per line, as in retries: 5",
			name, root.Line, describe(root))
	}
	if err := s.add("", root); err != nil {
		return Settings{}, err
	}
	return Settings{s}, nil
}

// add collects the leaves under a mapping. YAML allows a key twice and takes the last, which hides a mistake.
func (s *settings) add(prefix string, mapping *yaml.Node) error {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Value == "" || key.Tag == "!!merge" {
			return fmt.Errorf("%s:%d: got %s as a key, want a plain name; merge keys and complex keys are not read", s.name,
				key.Line, describe(key))
		}
		name := prefix + key.Value
		first, taken := s.leaves[name]
		if taken || s.inner[name] {
			where := ""
			if taken {
				where = fmt.Sprintf(" (first on line %d)", first.Line)
			}
			return fmt.Errorf("%s:%d: got key %q a second time%s, want it once; remove one", s.name, key.Line, name, where)
		}
		switch {
		case value.Kind == yaml.AliasNode:
			return fmt.Errorf("%s:%d: got the alias *%s for %q; aliases are not read, write the value out", s.name, value.Line,
				value.Value, name)
		case value.Kind == yaml.MappingNode && len(value.Content) > 0:
			s.inner[name] = true
			if err := s.add(name+".", value); err != nil {
				return err
			}
		default:
			s.leaves[name] = value
		}
	}
	return nil
}

// Has tells whether a key is there, with a value or with keys below it. It counts as having asked for the key.
func (s Settings) Has(key string) bool {
	if s.state == nil {
		return false
	}
	_, leaf := s.ask(key)
	return leaf || s.state.inner[key]
}

// YAML is the text the settings were read from.
func (s Settings) YAML() []byte {
	if s.state == nil {
		return nil
	}
	return bytes.Clone(s.state.source)
}

// Name is the name that was given to ParseSettings.
func (s Settings) Name() string {
	if s.state == nil {
		return ""
	}
	return s.state.name
}

func (s Settings) ask(key string) (*yaml.Node, bool) {
	if s.state == nil {
		return nil, false
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.asked[key] = true
	node, ok := s.state.leaves[key]
	return node, ok
}

// get reads one scalar. A value that parse refuses is remembered for Err, and the default is returned.
func get[T any](s Settings, key string, def T, want string, parse func(string) (T, error)) T {
	node, ok := s.ask(key)
	switch {
	case !ok && s.state != nil && s.state.inner[key]:
		s.refuse(0, fmt.Errorf("%s: %s: got a mapping, want %s", s.state.name, key, want))
		return def
	case !ok:
		return def
	case node.Kind != yaml.ScalarNode || node.Tag == "!!null":
		s.refuse(node.Line, fmt.Errorf("%s:%d: %s: got %s, want %s", s.state.name, node.Line, key, describe(node), want))
		return def
	}
	value, err := parse(node.Value)
	if err != nil {
		s.refuse(node.Line, fmt.Errorf("%s:%d: %s: got %q, want %s", s.state.name, node.Line, key, node.Value, want))
		return def
	}
	return value
}

func read[T any](s Settings, key string, def T, unit units.Unit[T]) T {
	return get(s, key, def, unit.Want, unit.Parse)
}

func (s Settings) refuse(line int, err error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.invalid = append(s.state.invalid, problem{line, err})
}

// String reads any scalar as text.
func (s Settings) String(key, def string) string {
	return get(s, key, def, `text; write "" for an empty one`, func(text string) (string, error) { return text, nil })
}

// Int reads a whole number, such as 5, 1_000_000 or 10M (k, M and G are thousands).
func (s Settings) Int(key string, def int64) int64 {
	return read(s, key, def, units.Amount)
}

// Float reads a finite number, such as 0.5 or 1_000.25.
func (s Settings) Float(key string, def float64) float64 {
	return read(s, key, def, units.Float)
}

// Percent reads a percentage as a fraction: 2% is 0.02. The default is a fraction, too.
func (s Settings) Percent(key string, def float64) float64 {
	return read(s, key, def, units.Percent)
}

// Duration reads a time that is not negative, such as 250ms, 5s or 1h30m.
func (s Settings) Duration(key string, def time.Duration) time.Duration {
	return read(s, key, def, units.Duration)
}

// Size reads a number of bytes, such as 512, 64KiB (powers of 1024) or 10MB (powers of 1000).
func (s Settings) Size(key string, def int64) int64 {
	return read(s, key, def, units.Size)
}

// Bool reads true or false.
func (s Settings) Bool(key string, def bool) bool {
	return read(s, key, def, units.Bool)
}

// Strings reads a list of scalars; a single scalar is a list of one.
func (s Settings) Strings(key string, def []string) []string {
	node, ok := s.ask(key)
	if ok && node.Kind == yaml.SequenceNode {
		items := make([]string, 0, len(node.Content))
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
				s.refuse(item.Line, fmt.Errorf("%s:%d: %s: got %s in the list, want text; write one plain value per item",
					s.state.name, item.Line, key, describe(item)))
				return def
			}
			items = append(items, item.Value)
		}
		return items
	}
	return get(s, key, def, "a list of texts", func(text string) ([]string, error) { return []string{text}, nil })
}

// Err reports the first value that could not be read, else all keys nobody asked for, each with its file, line and the
// known key nearest to it. Call it after the last getter.
func (s Settings) Err() error {
	if s.state == nil {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if len(s.state.invalid) > 0 {
		return slices.MinFunc(s.state.invalid, func(a, b problem) int { return a.line - b.line }).err
	}
	var unknown []problem
	for key, node := range s.state.leaves {
		if !s.state.asked[key] {
			unknown = append(unknown, problem{node.Line, fmt.Errorf("%s:%d: got unknown setting %q; %s", s.state.name, node.Line,
				key, s.state.advice(key))})
		}
	}
	slices.SortFunc(unknown, func(a, b problem) int { return a.line - b.line })
	errs := make([]error, len(unknown))
	for i, p := range unknown {
		errs[i] = p.err
	}
	return errors.Join(errs...)
}

// advice names the known key nearest to one that is not known.
func (s *settings) advice(key string) string {
	known := slices.Sorted(maps.Keys(s.asked))
	if len(known) == 0 {
		return "the application has no settings, remove it"
	}
	if near := nearest.Word(key, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "known are " + strings.Join(known, ", ")
}
