package database

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Statements that list tables and views: their schema, their name, and whether the schema may be left out.
const (
	sqliteTables   = "SELECT 'main', name, true FROM sqlite_master WHERE type IN ('table', 'view')"
	postgresTables = "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_class c JOIN pg_namespace n " +
		"ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN " +
		"('pg_catalog', 'information_schema', 'pg_toast')"
	mysqlTables = "SELECT table_schema, table_name, table_schema = database() FROM information_schema.tables " +
		"WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"
)

// mariaDocuments lists the columns of a table that are declared as JSON. To MariaDB that is a text with a check.
const mariaDocuments = "SELECT constraint_name FROM information_schema.check_constraints WHERE level = 'Column' AND " +
	"REPLACE(check_clause, '`', '\"') = CONCAT('json_valid(\"', constraint_name, '\")') AND " +
	"CONCAT('\"', constraint_schema, '\".\"', table_name, '\"') = ?"

// Documents are the columns of a table, as Table names it, that hold JSON though the driver takes them for texts.
func (d *Database) Documents(ctx context.Context, table string) (columns []string, err error) {
	if d.documents == "" {
		return nil, nil
	}
	rows, err := d.DB.QueryContext(ctx, d.documents, table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return nil, err
		}
		columns = append(columns, column)
	}
	return columns, rows.Err()
}

// Table is how SQL names the table or view of a name, in quotes: a name such as user or order means something else
// without. Its schema may stand before it. Case is looked at only where several names differ in nothing else.
func (d *Database) Table(ctx context.Context, name string) (string, error) {
	rows, err := d.DB.QueryContext(ctx, d.tables)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	schema, plain, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, plain = "", name
	}
	var found, same, there []string
	for rows.Next() {
		var in, called string
		var visible bool
		if err := rows.Scan(&in, &called, &visible); err != nil {
			return "", err
		}
		if visible {
			there = append(there, called)
		}
		whole := visible && strings.EqualFold(called, name) // a name with a point in it
		if !whole && (!qualified || !strings.EqualFold(called, plain) || !strings.EqualFold(in, schema)) {
			continue
		}
		quoted := Quoted(in) + "." + Quoted(called)
		found = append(found, quoted)
		if called == name || called == plain && in == schema {
			same = append(same, quoted)
		}
	}
	switch {
	case rows.Err() != nil:
		return "", rows.Err()
	case len(same) == 1:
		return same[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", fmt.Errorf("several tables have that name but for its case: %s; write it as one of them",
			strings.Join(found, ", "))
	}
	return "", noTable(plain, there)
}

// Quoted is how SQL names what has exactly this name.
func Quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func noTable(name string, there []string) error {
	slices.Sort(there)
	switch near := nearest.Word(name, there); {
	case len(there) == 0:
		return fmt.Errorf("there is no such table; the scenario's database has none")
	case near != "":
		return fmt.Errorf("there is no such table; did you mean %q? it has %s", near, words.Quoted(there))
	}
	return fmt.Errorf("there is no such table, only %s", words.Quoted(there))
}
