package record

import (
	"encoding/json"
	"fmt"
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

// scalarJSON gives the JSON of a scalar with this text by its YAML type: json.Number, bool, nil or string.
func scalarJSON(n *yaml.Node, text string) (any, error) {
	scalar := *n
	scalar.Value = text
	switch tag := scalar.ShortTag(); {
	case tag == "!!null":
		return nil, nil
	case tag != "!!bool" && tag != "!!int" && tag != "!!float":
		return text, nil
	case isNumber(text):
		return json.Number(text), nil
	}
	var v any // true, or a number that JSON writes in another way: 1_000, 0x1f, .5, .inf
	if err := scalar.Decode(&v); err != nil {
		return nil, err
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("got %s, which JSON cannot hold; quote it to mean the text", text)
	}
	v, _ = parseJSON(out)
	return v, nil
}
