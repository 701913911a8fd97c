package record

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// SettingsFromTable turns a table of two columns into a YAML mapping, in the order of its rows. Dotted keys nest (\. is
// a dot in a name), a first row "key | value" is a heading. A cell that YAML or JSON reads as a number, true, false,
// null, a list or a mapping is one; all else, and what is quoted as a JSON string, is text.
func SettingsFromTable(src Source, rows [][]string, vars Vars) (text []byte, lines map[string]int, err error) {
	start := 0
	if len(rows) > 0 && len(rows[0]) == 2 && rows[0][1] == "value" &&
		slices.Contains([]string{"key", "setting", "name"}, rows[0][0]) {
		start = 1
	}
	if len(rows) <= start {
		return nil, nil, src.Errorf("got an empty table, want rows of two cells: a setting and its value")
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	lines = map[string]int{}
	for i, row := range rows[start:] {
		at := src.Row(start + i)
		if len(row) != 2 {
			return nil, nil, at.Errorf("got a row of %s, want 2: a setting and its value", plural(len(row), "cell"))
		}
		path := splitPath(row[0])
		if slices.Contains(path, "") {
			return nil, nil, at.Errorf("got the setting %q, want a name; parts are separated by single dots", row[0])
		}
		text, err := vars.Expand(row[1])
		if err == nil {
			value := settingNode(text)
			value.Line = at.Line
			lines[strings.Join(path, ".")] = at.Line
			err = putSetting(root, path, 1, value)
		}
		if err != nil {
			return nil, nil, at.Errorf("setting %q: %w", row[0], err)
		}
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, nil, src.Errorf("the settings cannot be written as YAML: %w", err)
	}
	return out.Bytes(), lines, nil
}

// putSetting puts a value at a path, of which n is what the first depth-1 parts name. A setting given twice, or one
// that would have to be both a value and a mapping, is refused. The mappings between have the line of their first
// setting, and no column.
func putSetting(n *yaml.Node, path []string, depth int, value *yaml.Node) error {
	last := depth == len(path)
	for key, inner := range document.Entries(n) {
		switch made := inner.Column == between; {
		case key.Value != path[depth-1]:
		case last && made:
			return fmt.Errorf("line %d gives a setting inside it: keep one of them", inner.Line)
		case last:
			return fmt.Errorf("given twice, first on line %d: keep one of them", inner.Line)
		case !made:
			return fmt.Errorf("line %d gives %q a value of its own: keep one of them", inner.Line,
				strings.Join(path[:depth], "."))
		default:
			return putSetting(inner, path, depth+1, value)
		}
	}
	if !last {
		inner := &yaml.Node{Kind: yaml.MappingNode, Line: value.Line, Column: between}
		if err := putSetting(inner, path, depth+1, value); err != nil {
			return err
		}
		value = inner
	}
	n.Content = append(n.Content, textNode(path[depth-1]), value)
	return nil
}

// between is the column of a mapping that dotted names make.
const between = -1

func settingNode(text string) *yaml.Node {
	if literal, ok := unquote(text); ok {
		return textNode(literal)
	}
	if v, ok := parseJSON([]byte(text)); ok && isContainer(v) {
		if n, err := document.ParseJSON(source.Place{}, text); err == nil {
			return n
		}
	}
	n, err := document.Parse(source.Place{}, text)
	if err == nil && n != nil && plainScalar(n) && n.Value == text {
		switch n.ShortTag() {
		case "!!int", "!!float", "!!bool", "!!null":
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: n.Value}
		}
	}
	return textNode(text)
}

func textNode(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	return n
}
