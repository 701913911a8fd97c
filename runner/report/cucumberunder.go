package report

import (
	"strings"

	"github.com/cucumber/messages/go/v21"
)

// located is a line; where none is known it is the first, as Cucumber counts from 1.
func located(line int) *messages.Location { return &messages.Location{Line: int64(max(line, 1))} }

// under adds to a step of a document the table or doc string below it. Where exactly that stands is not known: the
// lines behind the step are taken.
func (m *cucumber) under(step Step, written *messages.Step) {
	at := func(line int) *messages.Location { return located(step.Line + 1 + line) }
	if step.Doc != nil {
		written.DocString = &messages.DocString{Location: at(0), MediaType: clean(step.Doc.MediaType),
			Content: clean(step.Doc.Text), Delimiter: `"""`}
		return
	}
	if len(step.Table) == 0 {
		return
	}
	written.DataTable = &messages.DataTable{Location: at(0), Rows: []*messages.TableRow{}}
	for i, row := range step.Table {
		cells := []*messages.TableCell{}
		for _, cell := range cellsOf(row) {
			cells = append(cells, &messages.TableCell{Location: at(i), Value: clean(cell)})
		}
		written.DataTable.Rows = append(written.DataTable.Rows, &messages.TableRow{Location: at(i), Cells: cells, Id: m.id()})
	}
}

// cucumberArgument is the same as what a step was run with; nil for nothing.
func cucumberArgument(step Step) *messages.PickleStepArgument {
	if step.Doc != nil {
		return &messages.PickleStepArgument{DocString: &messages.PickleDocString{MediaType: clean(step.Doc.MediaType),
			Content: clean(step.Doc.Text)}}
	}
	if len(step.Table) == 0 {
		return nil
	}
	table := &messages.PickleTable{Rows: []*messages.PickleTableRow{}}
	for _, row := range step.Table {
		cells := []*messages.PickleTableCell{}
		for _, cell := range cellsOf(row) {
			cells = append(cells, &messages.PickleTableCell{Value: clean(cell)})
		}
		table.Rows = append(table.Rows, &messages.PickleTableRow{Cells: cells})
	}
	return &messages.PickleStepArgument{DataTable: table}
}

// cellsOf are those of a row, at least one: Cucumber knows no rows without any.
func cellsOf(row []string) []string {
	if len(row) == 0 {
		return []string{""}
	}
	return row
}

var inCell = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)

// linesUnder are the lines of a feature's source that say the same.
func linesUnder(step Step) (lines []string) {
	if step.Doc != nil {
		return append(append([]string{`"""` + step.Doc.MediaType}, strings.Split(step.Doc.Text, "\n")...), `"""`)
	}
	for _, row := range step.Table {
		var line strings.Builder
		for _, cell := range cellsOf(row) {
			line.WriteString("| " + inCell.Replace(cell) + " ")
		}
		lines = append(lines, line.String()+"|")
	}
	return lines
}
