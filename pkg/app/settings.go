package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// Settings are an application's own settings: a YAML mapping, where a nested key is read with dots ("retry.attempts").
//
// The getters take a default for a key that is absent, and remember which keys were asked for. Err, called after the
// last getter, reports values that could not be read and keys nobody asked for. The zero Settings has no keys.
type Settings struct{ state *settings }

type settings struct {
	at     source.Place
	source []byte
	leaves map[string]*yaml.Node // scalars and lists by dotted key
	inner  map[string]int        // lines of mappings by dotted key

	mu      sync.Mutex
	asked   map[string]bool
	invalid source.Errors
}

// ParseSettings reads a YAML mapping. The text begins on the line after at: that is a file without a line, or the line
// of the opening quotes of a doc string. Errors start with the file and the line of what is wrong.
func ParseSettings(text []byte, at source.Place) (Settings, error) {
	s := &settings{at: at, source: bytes.Clone(text), leaves: map[string]*yaml.Node{}, inner: map[string]int{},
		asked: map[string]bool{}}
	root, err := document.Parse(at, string(text))
	if err != nil {
		return Settings{}, err
	}
	if !document.IsNull(root) && root.Kind != yaml.MappingNode {
		return Settings{}, s.errorf(root.Line,
			"got %s, want settings as a YAML mapping; write one per line, as in retries: 5", document.Describe(root))
	}
	if err := s.add("", root); err != nil {
		return Settings{}, err
	}
	return Settings{s}, nil
}

func (s *settings) errorf(line int, format string, arguments ...any) *source.Error {
	return source.Place{File: s.at.File, Line: cmp.Or(line, s.at.Line)}.Errorf(format, arguments...)
}

func hasNUL(node *yaml.Node) bool {
	return strings.Contains(node.Value, "\x00") || slices.ContainsFunc(node.Content, hasNUL)
}

// add collects the leaves under a mapping.
func (s *settings) add(prefix string, mapping *yaml.Node) error {
	for key, value := range document.Entries(mapping) {
		name := prefix + key.Value
		if first, taken := s.leaves[name]; taken { // a.b within one key, and b within a
			return s.errorf(key.Line, "got key %q a second time (first on line %d), want it once; remove one", name, first.Line)
		}
		if value.Kind != yaml.MappingNode || len(value.Content) == 0 {
			if hasNUL(value) { // no argument or variable can have one
				return s.errorf(value.Line, "got a NUL character in %s; remove it", name)
			}
			s.leaves[name] = value
			continue
		}
		s.inner[name] = key.Line
		if err := s.add(name+".", value); err != nil {
			return err
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
	return leaf || s.state.inner[key] > 0
}

// YAML is the text the settings were read from.
func (s Settings) YAML() []byte {
	if s.state == nil {
		return nil
	}
	return bytes.Clone(s.state.source)
}

// Place is what was given to ParseSettings.
func (s Settings) Place() source.Place {
	if s.state == nil {
		return source.Place{}
	}
	return s.state.at
}

// OnLines says where settings stand that were made into YAML from something else, such as the rows of a table: the line
// by dotted key, which is also that of all keys below it.
func (s Settings) OnLines(lines map[string]int) {
	if s.state == nil {
		return
	}
	for key, node := range s.state.leaves {
		above := key
		for lines[above] == 0 && strings.Contains(above, ".") {
			above = above[:strings.LastIndex(above, ".")]
		}
		node.Line = lines[above]
	}
	for key := range s.state.inner {
		s.state.inner[key] = lines[key]
	}
}

// places says where the settings stand, for an application that is started as a process and reads them from another
// file.
func (s Settings) places() string {
	text, _ := json.Marshal(settingsPlaces{s.Place(), s.Lines()}) // texts and numbers only: it does not fail
	return string(text)
}

type settingsPlaces struct {
	At    source.Place
	Lines map[string]int
}

// parsePlaced is ParseSettings of a file, for what places told of.
func parsePlaced(text []byte, file, places string) (Settings, error) {
	var told settingsPlaces
	if err := json.Unmarshal([]byte(places), &told); err != nil {
		return ParseSettings(text, source.Place{File: file})
	}
	s, err := ParseSettings(text, told.At)
	if err == nil && len(told.Lines) > 0 {
		s.OnLines(told.Lines)
	}
	return s, err
}

// Lines are the lines of all settings, by dotted key.
func (s Settings) Lines() map[string]int {
	lines := map[string]int{}
	if s.state != nil {
		for key, node := range s.state.leaves {
			lines[key] = node.Line
		}
	}
	return lines
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
	case !ok && s.state != nil && s.state.inner[key] > 0:
		s.refuse(s.state.inner[key], "%s: got a mapping, want %s", key, want)
		return def
	case !ok:
		return def
	case node.Kind != yaml.ScalarNode || document.IsNull(node):
		s.refuse(node.Line, "%s: got %s, want %s", key, document.Describe(node), want)
		return def
	}
	value, err := parse(node.Value)
	if err != nil {
		s.refuse(node.Line, "%s: got %q, want %s", key, node.Value, want)
		return def
	}
	return value
}

func read[T any](s Settings, key string, def T, unit units.Unit[T]) T {
	return get(s, key, def, unit.Want, unit.Parse)
}

func (s Settings) refuse(line int, format string, arguments ...any) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.invalid = append(s.state.invalid, s.state.errorf(line, format, arguments...))
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

// Refuse is an error about the value of a key, at its line.
func (s Settings) Refuse(key, got, want string) error {
	line := 0
	if node, ok := s.ask(key); ok {
		line = node.Line
	}
	return s.state.errorf(line, "%s: got %q, want %s", key, got, want)
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
			if item.Kind != yaml.ScalarNode || document.IsNull(item) {
				s.refuse(item.Line, "%s: got %s in the list, want text; write one plain value per item", key,
					document.Describe(item))
				return def
			}
			items = append(items, item.Value)
		}
		return items
	}
	return get(s, key, def, "a list of texts", func(text string) ([]string, error) { return []string{text}, nil })
}

// Err reports all values that could not be read, and all keys nobody asked for, each with its file, line and the known
// key nearest to it. Call it after the last getter.
func (s Settings) Err() error {
	if s.state == nil {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	wrong := slices.Clone(s.state.invalid)
	for _, key := range slices.Sorted(maps.Keys(s.state.leaves)) {
		if node := s.state.leaves[key]; !s.state.asked[key] {
			wrong = append(wrong, s.state.errorf(node.Line, "got unknown setting %q; %s", key, s.state.advice(key)))
		}
	}
	return wrong.Err()
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
