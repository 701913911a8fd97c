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
func SettingsFromTable(src Source, rows [][]string, vars Vars) ([]byte, error) {
	start := 0
	if len(rows) > 0 && len(rows[0]) == 2 && slices.Contains([]string{"key", "setting", "name"}, rows[0][0]) &&
		rows[0][1] == "value" {
		start = 1
	}
	if len(rows) <= start {
		return nil, src.Errorf("got an empty table, want rows of two cells: a setting and its value")
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	lines := map[string]int{}
	for i, row := range rows[start:] {
		at := src.Row(start + i)
		if len(row) != 2 {
			return nil, at.Errorf("got a row of %s, want 2: a setting and its value", plural(len(row), "cell"))
		}
		path := splitPath(row[0])
		if slices.Contains(path, "") {
			return nil, at.Errorf("got the setting %q, want a name; parts are separated by single dots", row[0])
		}
		if err := settingCollides(lines, path, at.Line); err != nil {
			return nil, at.Errorf("setting %q: %w", row[0], err)
		}
		text, err := vars.Expand(row[1])
		if err != nil {
			return nil, at.Errorf("setting %q: %w", row[0], err)
		}
		putSetting(root, path, settingNode(text))
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, src.Errorf("the settings cannot be written as YAML: %w", err)
	}
	return out.Bytes(), nil
}

// settingCollides refuses a setting given twice, and one that would have to be both a value and a mapping.
func settingCollides(lines map[string]int, path []string, line int) error {
	name := func(path []string) string { return strings.Join(path, "\x00") }
	if first, twice := lines[name(path)]; twice {
		return fmt.Errorf("given twice, first on line %d: keep one of them", first)
	}
	for n := 1; n < len(path); n++ {
		if first, ok := lines[name(path[:n])]; ok {
			return fmt.Errorf("line %d gives %q a value of its own: keep one of them", first, strings.Join(path[:n], "."))
		}
	}
	inside := 0
	for other, first := range lines {
		if strings.HasPrefix(other, name(path)+"\x00") && (inside == 0 || first < inside) {
			inside = first
		}
	}
	if inside > 0 {
		return fmt.Errorf("line %d gives a setting inside it: keep one of them", inside)
	}
	lines[name(path)] = line
	return nil
}

func putSetting(n *yaml.Node, path []string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == path[0] {
			putSetting(n.Content[i+1], path[1:], value)
			return
		}
	}
	key := textNode(path[0])
	if len(path) > 1 {
		inner := &yaml.Node{Kind: yaml.MappingNode}
		putSetting(inner, path[1:], value)
		value = inner
	}
	n.Content = append(n.Content, key, value)
}

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
