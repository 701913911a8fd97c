// Package document reads YAML into nodes whose lines are those of the user's file, and is strict about what a reader
// of such a file takes for a mistake: keys that are repeated, merged or no names, and several documents in one text.
package document

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Parse reads one YAML document; it is nil for a text without content. The text begins on the line after at: at has
// line 0 for a whole file, and the line of the opening quotes for a doc string. An error is source.Errors.
func Parse(at source.Place, text string) (*yaml.Node, error) { return parse(at, text, false) }

// ParseWithAliases is Parse of a text that may refer to parts of itself: *name stands for the value at &name. The
// root is also there where some of its keys are wrong.
func ParseWithAliases(at source.Place, text string) (*yaml.Node, error) { return parse(at, text, true) }

func parse(at source.Place, text string, aliases bool) (root *yaml.Node, err error) {
	defer func() { // the library panics on some broken texts
		if r := recover(); r != nil {
			root, err = nil, source.Errors{at.Errorf("the YAML cannot be read: %v", r)}
		}
	}()
	decoder := yaml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, syntaxError(at, text, err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		at.Line += second.Line
		return nil, source.Errors{at.Errorf("got a second YAML document, want one; remove the line ---")}
	case !errors.Is(err, io.EOF):
		return nil, syntaxError(at, text, err)
	}
	if len(first.Content) == 0 {
		return nil, nil
	}
	c := checker{at: at, aliases: aliases}
	root = first.Content[0]
	c.check(root, 0)
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" && root.Value == "" {
		root = nil
	}
	return root, c.mistakes.Err()
}

// unknownAnchor has a name that must not be shown: it may be a password that was not quoted.
var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)

// lineOf is that of the first place where a word stands, from 1; 0 where it stands nowhere.
func lineOf(text, word string) int {
	before, _, found := strings.Cut(text, word)
	if !found {
		return 0
	}
	return strings.Count(before, "\n") + 1
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// suspects are what most often is behind a syntax error, each found on a line of the text.
var suspects = []struct {
	found func(line string) bool
	what  string
}{
	{regexp.MustCompile(`^ *\t`).MatchString, "got a tab, want spaces: YAML does not indent with tabs"},
	{func(line string) bool { return !utf8.ValidString(line) }, "got bytes that are not UTF-8; save the file as UTF-8"},
	{regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]`).MatchString, "got a control character; remove it"},
	{regexp.MustCompile(`[\[{][^"'$]*\$\{`).MatchString,
		`got ${ within brackets or braces without quotes; write "${NAME}" there`},
}

// syntaxError says what the library did not understand. Its line is sometimes that of the mapping around, or
// missing, so the usual suspects are looked for first.
func syntaxError(at source.Place, text string, err error) error {
	match := yamlLine.FindStringSubmatch(err.Error())
	if match == nil {
		match = []string{"", ""}
	}
	message := err.Error()[len(match[0]):]
	if name := unknownAnchor.FindStringSubmatch(message); name != nil {
		at.Line += lineOf(text, "*"+name[1])
		return source.Errors{at.Errorf("got an alias, such as *name, without its anchor; quote a text that begins with *")}
	}
	for i, line := range strings.Split(text, "\n") {
		for _, suspect := range suspects {
			if suspect.found(line) {
				at.Line += i + 1
				return source.Errors{at.Errorf("%s (%s)", suspect.what, message)}
			}
		}
	}
	line, _ := strconv.Atoi(match[1])
	at.Line += line
	return source.Errors{at.Errorf("%s; %s", message, correction(message))}
}

// correction says where to look for what the library did not understand. Where it misses a key, its line is that of
// the first key of the mapping, and the mistake is in a line below.
func correction(message string) string {
	switch {
	case strings.Contains(message, "did not find expected key"):
		return "correct the YAML there or below: look at the indentation of the lines that follow"
	case strings.Contains(message, "found unknown escape character"):
		return "write a text that has a backslash, such as a regular expression, in single quotes"
	}
	return "correct the YAML there or just above"
}

// checker looks at all nodes, and counts their lines within the file.
type checker struct {
	at       source.Place
	aliases  bool
	mistakes source.Errors
}

// deepest bounds the nesting of a document; nobody writes deeper by hand.
const deepest = 100

var knownTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary", "!!merge", "!!map",
	"!!seq"}

func (c *checker) check(n *yaml.Node, depth int) {
	n.Line += c.at.Line
	switch {
	case depth > deepest:
		c.refuse(n, "got a document nested deeper than %d, want a flatter one", deepest)
		return
	case !c.aliases && n.Kind == yaml.AliasNode:
		c.refuse(n, "got an alias, such as *name; aliases are not read here: write the value out, or quote a text that "+
			"begins with *")
	case !c.aliases && n.Anchor != "":
		c.refuse(n, "got an anchor, such as &name; anchors are not read here: remove it, or quote a text that begins with &")
	case n.Kind != yaml.AliasNode && !slices.Contains(knownTags, n.ShortTag()):
		c.refuse(n, "got an unknown YAML tag; remove it, or quote a text that begins with !")
	}
	for _, child := range n.Content {
		c.check(child, depth+1)
	}
	if n.Kind == yaml.MappingNode {
		c.keys(n)
	}
}

func (c *checker) keys(mapping *yaml.Node) {
	first := map[string]int{}
	for key := range Entries(mapping) {
		line, taken := first[key.Value]
		switch {
		case key.Tag == "!!merge":
			c.refuse(key, "got the merge key <<; it is not read here: write the keys out")
		case key.Kind != yaml.ScalarNode || key.Value == "":
			c.refuse(key, "got %s as a key, want a plain name", Describe(key))
		case taken:
			c.refuse(key, "got key %q a second time (first on line %d), want it once; remove one", key.Value, line)
		default:
			first[key.Value] = key.Line
		}
	}
}

func (c *checker) refuse(n *yaml.Node, format string, arguments ...any) {
	c.mistakes = append(c.mistakes, source.Place{File: c.at.File, Line: n.Line}.Errorf(format, arguments...))
}

// Entries are the keys of a mapping with their values, in order. Other nodes have none.
func Entries(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// IsNull tells whether a node says nothing: it is nil, null or empty without quotes.
func IsNull(n *yaml.Node) bool {
	return n == nil || n.Kind == 0 || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// Aliased is the node that an alias stands for, else the node itself.
func Aliased(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Describe says what a node is, for "got …" in an error.
func Describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case IsNull(n):
		return "nothing"
	}
	text := []rune(n.Value)
	if len(text) > 80 {
		return fmt.Sprintf("%q…", string(text[:80]))
	}
	return fmt.Sprintf("%q", n.Value)
}
