package runner

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// hidden stands in place of what secret headers hold.
const hidden = "***"

// shownUnder is what reports tell of the table or doc string under a step: all of it but the values of secret headers,
// which are told nowhere.
func shownUnder(a steps.Argument) (table [][]string, doc *report.Doc) {
	if a.Doc != nil {
		return nil, &report.Doc{Text: namedValue.ReplaceAllStringFunc(*a.Doc, hideValue), MediaType: a.MediaType}
	}
	vertical := slices.ContainsFunc(a.Rows, func(row []string) bool { // names and values, side by side
		return len(row) == 2 && (row[0] == "body" || isSecretHeader(row[0]) && len(a.Rows) == 1)
	})
	var columns []bool // that hold a secret
	for i, row := range a.Rows {
		row = slices.Clone(row)
		for k, cell := range row {
			switch {
			case i == 0 && !vertical:
				columns = append(columns, isSecretHeader(cell))
			case k < len(columns) && columns[k]:
				row[k] = hidden
			}
		}
		if len(row) == 2 && isSecretHeader(row[0]) { // a name and its value
			row[1] = hidden
		}
		table = append(table, row)
	}
	return table, nil
}

func isSecretHeader(cell string) bool {
	name, is := strings.CutPrefix(cell, "headers.")
	return is && stub.IsSecret(name)
}

// namedValue is a name and its value in YAML or JSON.
var namedValue = regexp.MustCompile(`(["']?)([\w.-]+)["']?[ \t]*:[ \t]*(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"',}{][^\n,}]*)`)

func hideValue(text string) string {
	parts := namedValue.FindStringSubmatch(text)
	if !stub.IsSecret(strings.TrimPrefix(parts[2], "headers.")) {
		return text
	}
	return parts[1] + parts[2] + parts[1] + ": " + parts[1] + hidden + parts[1]
}
