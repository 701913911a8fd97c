package record

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

var knownColumns = []string{columnKey, columnValue, "value.<field>", "headers.<name>", columnPartition, columnOffset,
	columnTimestamp, columnTopic}

// tableEntries reads the records of a table, which are to be sent or are expected.
func tableEntries(src Source, rows [][]string, sent bool) ([]entry, error) {
	if len(rows) == 0 {
		return nil, src.Errorf("got an empty table, want a first row of columns (%s)", strings.Join(knownColumns, ", "))
	}
	columns, err := parseColumns(src.Row(0), rows[0], sent)
	if err != nil {
		return nil, err
	}
	if len(rows) == 1 {
		return nil, src.Row(0).Errorf("got a table without records, want at least one row below the columns")
	}
	entries := make([]entry, len(rows)-1)
	for i, texts := range rows[1:] {
		at := src.Row(i + 1)
		if len(texts) != len(columns) {
			return nil, at.Errorf("got a row of %s, want %d as in the first row (%s)", plural(len(texts), "cell"), len(columns),
				strings.Join(rows[0], ", "))
		}
		entries[i] = entry{at: at, fields: slices.Clone(columns)}
		for j, text := range texts {
			f := &entries[i].fields[j]
			f.file, f.name = at.File, fmt.Sprintf("column %q", f.name)
			f.value = &yaml.Node{Kind: yaml.ScalarNode, Tag: cellTag, Value: text, Line: at.Line}
		}
	}
	return entries, nil
}

func parseColumns(at source.Place, names []string, sent bool) ([]field, error) {
	columns := make([]field, len(names))
	for i, name := range names {
		c, err := parseColumn(name, i)
		if err != nil {
			return nil, at.Errorf("%w", err)
		}
		if c.kind == columnOffset && sent {
			return nil, at.Errorf("column %q is for expected records: the broker gives the offset; remove it", name)
		}
		for _, earlier := range columns[:i] {
			if err := collide(earlier, c); err != nil {
				return nil, at.Errorf("%w", err)
			}
		}
		if sent && slices.ContainsFunc(c.path, isDigits) {
			return nil, at.Errorf("column %q: elements of a list can only be expected; to make a list, write it as JSON in %s",
				name, listColumn(c.path))
		}
		columns[i] = c
	}
	return columns, nil
}

// listColumn gives the column that could hold the whole list: "value.items" for value.items.0.price.
func listColumn(path []string) string {
	at := slices.IndexFunc(path, isDigits)
	return strings.Join(append([]string{columnValue}, path[:at]...), ".")
}

func parseColumn(name string, i int) (field, error) {
	switch name {
	case "":
		return field{}, fmt.Errorf("column %d has no name, want one of %s", i+1, strings.Join(knownColumns, ", "))
	case columnKey, columnValue, columnPartition, columnOffset, columnTimestamp, columnTopic:
		return field{name: name, kind: name}, nil
	}
	if header, ok := strings.CutPrefix(name, "headers."); ok && header != "" {
		return field{name: name, kind: columnHeaders, header: header}, nil
	}
	if rest, ok := strings.CutPrefix(name, "value."); ok {
		path := splitPath(rest)
		if slices.Contains(path, "") {
			return field{}, fmt.Errorf("column %q: got an empty field name, want value.<field>, with \\. for a dot in a name",
				name)
		}
		return field{name: name, kind: columnValue, path: path}, nil
	}
	return field{}, fmt.Errorf("unknown column %q: %s", name, columnHint(name))
}

func columnHint(name string) string {
	if head, rest, dotted := strings.Cut(name, "."); dotted {
		if near := nearest.Word(head, []string{columnValue, columnHeaders}); near != "" && rest != "" {
			return fmt.Sprintf("did you mean %q? known: %s", near+"."+rest, strings.Join(knownColumns, ", "))
		}
	}
	return didYouMean(name, knownColumns)
}

// splitPath splits at dots; \. is a dot inside a name.
func splitPath(text string) []string {
	var path []string
	var step strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '.':
			step.WriteByte('.')
			i++
		case text[i] == '.':
			path = append(path, step.String())
			step.Reset()
		default:
			step.WriteByte(text[i])
		}
	}
	return append(path, step.String())
}

// collide refuses two columns that say the same thing twice, or that cannot both be so.
func collide(a, b field) error {
	if a.name == b.name {
		return fmt.Errorf("duplicate column %q: remove one", a.name)
	}
	if a.kind != columnValue || b.kind != columnValue {
		return nil
	}
	if len(a.path) > len(b.path) {
		a, b = b, a
	}
	if slices.Equal(a.path, b.path[:len(a.path)]) {
		return fmt.Errorf("columns %q and %q both set the value of %q: keep one of them", a.name, b.name, a.name)
	}
	return nil
}
