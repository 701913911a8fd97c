package builtin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// httpParams are the parameter types of HTTP and of commands.
func httpParams(s *steps.Registry) {
	s.Param(phrase.Finding(phrase.Named("http", "HTTP service"), func(ctx context.Context,
		name string) (*world.Service, error) {
		return world.FromContext(ctx).Service(name)
	}))
	s.Param(phrase.Of("method", "a method of HTTP: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", `[A-Za-z]+`,
		func(text string) (string, error) { return text, stub.CheckMethod(text) }))
	s.Param(phrase.Of("path", `a path in double quotes, with or without a query: "/orders?state=open"`, phrase.Quoted,
		func(text string) (string, error) { return phrase.Unquote(text), stub.CheckPath(phrase.Unquote(text)) }))
	s.Param(phrase.Of("status", "a status of HTTP: 201", phrase.Number, func(text string) (int, error) {
		n, err := units.Int.Parse(text)
		return int(n), errors.Join(err, stub.CheckStatus(n))
	}))
	s.Param(phrase.Of("command", `a program and its arguments in double quotes, parted by blanks; single quotes keep words `+
		`together: "tool --all 'two words'"`, phrase.Quoted, func(text string) ([]string, error) {
		words, err := splitCommand(phrase.Unquote(text))
		return words, errors.Join(err, world.CheckPlaceholders(text))
	}))
}

// Where the parts of an exchange stand in the record that it is compared as.
const pseudo = "headers.:"

// columnsOf puts the columns of records in place of those of exchanges, of which some may be named.
func columnsOf(row []string, known ...string) ([]string, error) {
	columns := slices.Clone(row)
	for i, name := range row {
		header, isHeader := strings.CutPrefix(name, "headers.")
		field, isField := strings.CutPrefix(name, "body.")
		switch {
		case isHeader && header != "":
			columns[i] = "headers." + http.CanonicalHeaderKey(header)
		case isField && field != "":
			columns[i] = "value." + field
		case name == "body":
			columns[i] = "value"
		case slices.Contains(known, name):
			columns[i] = pseudo + name
		default:
			all := append(slices.Clone(known), "body", "body.<field>", "headers.<name>")
			advice := "want one of " + strings.Join(all, ", ")
			near := meantColumn[strings.ToLower(name)]
			if !slices.Contains(known, near) {
				near = nearest.Word(name, all)
			}
			if near != "" {
				advice = fmt.Sprintf("did you mean %q? known: %s", near, strings.Join(all, ", "))
			}
			return nil, fmt.Errorf("unknown column %q: %s", name, advice)
		}
	}
	return columns, nil
}

// meantColumn are columns by other words for them, which are nearer to wrong ones, or to none.
var meantColumn = map[string]string{"code": "status", "statuscode": "status", "status-code": "status",
	"status_code": "status", "verb": "method", "url": "path", "uri": "path"}

// checkCell looks at what is said of a method, a path or a status, unless it is a matcher.
func checkCell(column, cell string) error {
	plain := cell != "" && !strings.ContainsAny(cell, "<>!~*${ ")
	switch {
	case !plain:
		return nil
	case column == "method":
		return stub.CheckMethod(cell)
	case column == "path":
		return stub.CheckPath(cell)
	case column == "status" && cell != "0": // no answer
		n, err := units.Int.Parse(cell)
		return errors.Join(err, stub.CheckStatus(n))
	}
	return nil
}

// patternsOf reads the rows of a table, whose columns are those of an exchange.
func patternsOf(a steps.Argument, vars record.Vars, known ...string) ([]record.Pattern, error) {
	if len(a.Rows) == 0 {
		return nil, a.Source.Errorf("got no table, want one with columns such as %s, body, body.<field>, headers.<name>",
			strings.Join(known, ", "))
	}
	columns, err := columnsOf(a.Rows[0], known...)
	if err != nil {
		return nil, a.Source.Row(0).Errorf("%w", err)
	}
	for i, row := range a.Rows[1:] {
		for k, cell := range row[:min(len(row), len(columns))] {
			if err := checkCell(a.Rows[0][k], cell); err != nil {
				return nil, a.Source.Row(i+1).Errorf("%w", err)
			}
		}
	}
	return record.PatternsFromTable(a.Source, append([][]string{columns}, a.Rows[1:]...), vars)
}

// asRecord is an exchange in the form in which records are compared: of a request, or of the answer to it.
func asRecord(e *journal.Exchange, answer bool) record.Record {
	r := record.Record{Partition: -1, Offset: -1, Value: []byte(e.Body), Headers: []record.Header{
		{Key: ":method", Value: []byte(e.Method)}, {Key: ":path", Value: []byte(e.Path)},
		{Key: ":status", Value: fmt.Append(nil, e.Status)}}}
	headers := e.Headers
	if answer {
		r.Value, headers = []byte(e.Reply), e.ReplyHeaders
	}
	for _, h := range headers {
		r.Headers = append(r.Headers, record.Header{Key: h.Key, Value: []byte(h.Value)})
	}
	return r
}

// differences are what an exchange has otherwise than a pattern says; "" for nothing.
func differences(p record.Pattern, r record.Record) string {
	var told []string
	for _, m := range p.Match(r) {
		field := strings.TrimPrefix(m.Field, pseudo)
		if rest, isBody := strings.CutPrefix(field, "value"); isBody {
			field = "body" + rest
		}
		told = append(told, fmt.Sprintf("%s: got %s, want %s", field, m.Got, m.Want))
	}
	return strings.Join(told, "; ")
}

// shownRow is a pattern as it would be written in a table of exchanges.
func shownRow(p record.Pattern) string {
	text := strings.NewReplacer(pseudo, "", ", value", ", body").Replace(p.String())
	if rest, isBody := strings.CutPrefix(text, "value"); isBody {
		text = "body" + rest
	}
	return text
}
