package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// parseDocument reads a YAML or JSON text into nodes with lines, and checks what holds for all our texts: one document,
// no duplicate keys, no aliases, plain keys, a sane depth. It gives nil for an empty text.
func parseDocument(src Source, mediaType, text string) (*yaml.Node, error) {
	var root *yaml.Node
	var err error
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case "", "yaml", "yml", "application/yaml", "text/yaml":
		root, err = parseYAML(src, text)
	case "json", "application/json":
		root, err = parseJSONNodes(src, text)
	default:
		return nil, src.errorf("unknown media type %q, want yaml (or none) or json behind the opening quotes", mediaType)
	}
	if err != nil || root == nil {
		return nil, err
	}
	return root, checkNode(src, root, 0)
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

func parseYAML(src Source, text string) (root *yaml.Node, err error) {
	defer func() { // the YAML library panics on some broken texts
		if r := recover(); r != nil {
			root, err = nil, src.inside(1).errorf("the YAML cannot be read: %v", r)
		}
	}()
	d := yaml.NewDecoder(strings.NewReader(text))
	var document yaml.Node
	if err := d.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, yamlError(src, err)
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		return nil, src.inside(second.Line).errorf("got a second YAML document, want one: remove the --- between them")
	case !errors.Is(err, io.EOF):
		return nil, yamlError(src, err)
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) == 0 {
		return nil, nil
	}
	if root = document.Content[0]; isEmptyNode(root) {
		return nil, nil
	}
	return root, nil
}

// yamlError moves the line from the library's message to the front.
func yamlError(src Source, err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1])
	hint := ""
	if strings.Contains(text, "cannot start any token") && strings.Contains(text, "'\\t'") {
		hint = "; indent with spaces"
	}
	return src.inside(max(line, 1)).errorf("the YAML cannot be read: %s%s", text[len(m[0]):], hint)
}

func isEmptyNode(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == ""
}

// deepest bounds the nesting of a document; nobody writes deeper by hand.
const deepest = 100

func checkNode(src Source, n *yaml.Node, depth int) error {
	at := src.inside(n.Line)
	switch {
	case depth > deepest:
		return at.errorf("got a document nested deeper than %d, want a flatter one", deepest)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return at.errorf("got a YAML anchor or alias (& or *), want the content written out; quote text that begins with & " +
			"or *")
	case n.Kind == yaml.MappingNode:
		return checkMapping(src, n, depth)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!merge": // a key only, and those are looked at by checkMapping
		n.Tag = "!!str"
	case n.Kind == yaml.ScalarNode && !slices.Contains(knownTags, n.ShortTag()):
		return at.errorf("unknown YAML tag %s; quote text that begins with !", n.ShortTag())
	}
	for _, child := range n.Content {
		if err := checkNode(src, child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

var knownTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary"}

func checkMapping(src Source, n *yaml.Node, depth int) error {
	lines := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := src.inside(key.Line)
		if key.Kind != yaml.ScalarNode || key.Anchor != "" {
			return at.errorf("got a key that is not plain text, want a name")
		}
		if key.Tag == "!!merge" {
			return at.errorf("got a YAML merge key (<<), want the content written out")
		}
		if line, twice := lines[key.Value]; twice {
			return at.errorf("duplicate key %q, first on line %d: keep one of them", key.Value, src.inside(line).Line)
		}
		lines[key.Value] = key.Line
		if err := checkNode(src, value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// plainScalar says that a scalar is written without quotes, so that its YAML type counts.
func plainScalar(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode &&
		n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// scalarJSON gives the JSON of a scalar by its YAML type: json.Number, bool, nil or string.
func scalarJSON(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err
	case "!!int", "!!float":
		if isNumber(n.Value) {
			return json.Number(n.Value), nil
		}
		return otherNumber(n)
	}
	return n.Value, nil
}

// otherNumber reads what YAML takes for a number and JSON does not: 1_000, 0x1f, .5, .inf.
func otherNumber(n *yaml.Node) (any, error) {
	var i int64
	if n.Decode(&i) == nil && n.ShortTag() == "!!int" {
		return json.Number(strconv.FormatInt(i, 10)), nil
	}
	var f float64
	if err := n.Decode(&f); err != nil {
		return nil, err
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !isNumber(text) {
		return nil, fmt.Errorf("got %s, which JSON cannot hold; quote it to mean the text", n.Value)
	}
	return json.Number(text), nil
}

func nodeKind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(shorten(n.Value, 40))
}
