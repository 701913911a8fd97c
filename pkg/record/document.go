package record

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// parseDocument reads a YAML or JSON text. It gives nil for an empty text.
func parseDocument(at source.Place, mediaType, text string) (*yaml.Node, error) {
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case "", "yaml", "yml", "application/yaml", "text/yaml":
		return document.Parse(at, text)
	case "json", "application/json":
		return document.ParseJSON(at, text)
	}
	return nil, at.Errorf("unknown media type %q, want yaml (or none) or json behind the opening quotes", mediaType)
}

func isEmptyNode(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == ""
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
