package builtin

// Queries: database checks in SQL of one's own.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// queryReturns compares what a query of one's own finds in the scenario's database with rows, in any order. It changes
// nothing: a statement that would fails. Only the columns of the first line are looked at, by their names, which AS
// gives in the query; a table of that line alone wants no row. Numbers are compared by value (5.10 is 5.1), and so are
// dates and times (2026-01-05 10:00:00 is 2026-01-05T10:00:00Z) and columns of JSON, all else as text; bytes may be
// written as \x00ff too. null stands for NULL; "null" in quotes is the text, as is whatever else is quoted as a JSON
// string. In the query a topic is ${topic.orders}, as the application was told. A name that is a word of SQL stands in
// double quotes, a text in single quotes, on MySQL too. Not looked at: columns that are left out, and the order of
// rows.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When these records are sent to "orders":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	Then the query "SELECT key, count(*) AS orders FROM records GROUP BY key" returns:
//	  | key | orders |
//	  | u1  | 2      |
func queryReturns(ctx context.Context, query string, want steps.Table) error {
	got, err := world.FromContext(ctx).Query(ctx, query, want.Rows[0])
	if err != nil {
		return err
	}
	return compareRows(fmt.Sprintf("the query %.200q", query), got, want.Rows[1:])
}

// queryWords begin what reads.
var queryWords = []string{"SELECT", "WITH", "VALUES", "TABLE"}

func queryReads(_ world.Surroundings, m steps.Match) error {
	query := m.Names("string")[0]
	word, rest := firstWord(query)
	switch {
	case strings.TrimSpace(query) == "":
		return errors.New("got an empty query, want one such as SELECT id, state FROM orders")
	case !slices.Contains(queryWords, strings.ToUpper(word)):
		return fmt.Errorf("got a query that begins with %q, want one of %s, which read; what changes the database is: "+
			"When the database has run \"%s …\"", word, strings.Join(queryWords, ", "), word)
	case strings.TrimSpace(rest) == "":
		return fmt.Errorf("got the query %q, which is not complete", word)
	}
	return nil
}

// firstWord is the word that a statement begins with, behind comments and parentheses, and what follows it.
func firstWord(statement string) (word, rest string) {
	rest = statement
	for before := ""; rest != before; {
		before = rest
		rest = strings.TrimLeft(rest, " \t\r\n(")
		if comment, ok := strings.CutPrefix(rest, "--"); ok {
			_, rest, _ = strings.Cut(comment, "\n")
		}
		if comment, ok := strings.CutPrefix(rest, "/*"); ok {
			_, rest, _ = strings.Cut(comment, "*/")
		}
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) })
	switch {
	case end < 0:
		return rest, ""
	case end == 0: // a sign: show what stands there
		word, _, _ = strings.Cut(rest, " ")
		return word, rest[len(word):]
	}
	return rest[:end], rest[end:]
}
