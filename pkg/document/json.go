package document

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// jsonReader turns JSON into the nodes YAML gives, so that the rest is written once.
type jsonReader struct {
	at     source.Place
	text   string
	d      *json.Decoder
	offset int // how far lines are counted
	lines  int
}

// ParseJSON is Parse of a JSON text.
func ParseJSON(at source.Place, text string) (*yaml.Node, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	r := &jsonReader{at: at, text: text, d: json.NewDecoder(strings.NewReader(text)), lines: 1}
	r.d.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
		return nil, r.refuse(r.line(), "the JSON cannot be read: got more behind the end of the first document, "+
			"want one document (a list, for several records)")
	}
	c := checker{at: at}
	c.check(root, 0)
	return root, c.mistakes.Err()
}

func (r *jsonReader) refuse(line int, format string, arguments ...any) error {
	return source.Errors{source.Place{File: r.at.File, Line: r.at.Line + line}.Errorf(format, arguments...)}
}

func (r *jsonReader) line() int {
	end := min(int(r.d.InputOffset()), len(r.text))
	r.lines += strings.Count(r.text[r.offset:end], "\n")
	r.offset = end
	return r.lines
}

func (r *jsonReader) token() (json.Token, int, error) {
	t, err := r.d.Token()
	line := r.line()
	if err == nil {
		return t, line, nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		line = 1 + strings.Count(r.text[:min(max(int(syntax.Offset)-1, 0), len(r.text))], "\n")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		line = 1 + strings.Count(strings.TrimRight(r.text, "\n"), "\n")
		err = errors.New("it ends too early; close what is open")
	}
	return nil, 0, r.refuse(line, "the JSON cannot be read: %w", err)
}

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	token, line, err := r.token()
	if err != nil {
		return nil, err
	}
	if depth > deepest {
		return nil, r.refuse(line, "got a document nested deeper than %d, want a flatter one", deepest)
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: line}
	switch token := token.(type) {
	case nil:
		n.Tag, n.Value = "!!null", "null"
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(token)
	case json.Number:
		n.Tag, n.Value = "!!float", token.String()
	case string:
		n.Tag, n.Value, n.Style = "!!str", token, yaml.DoubleQuotedStyle
	case json.Delim:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if token == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		return n, r.children(n, depth)
	}
	return n, nil
}

func (r *jsonReader) children(n *yaml.Node, depth int) error {
	for r.d.More() {
		child, err := r.value(depth + 1) // in an object keys and values take turns; the decoder sees to it
		if err != nil {
			return err
		}
		n.Content = append(n.Content, child)
	}
	_, _, err := r.token()
	return err
}
