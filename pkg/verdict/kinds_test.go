package verdict

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// TestEveryKindIsInTheTable compares the table with the names in its file.
func TestEveryKindIsInTheTable(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "kinds.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if text, ok := v.Values[0].(*ast.BasicLit); ok && text.Kind == token.STRING {
				name, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, name)
			}
		}
		return true
	})
	var rows []string
	for _, k := range Kinds() {
		rows = append(rows, k.Name)
		if k.Meaning == "" || k.Advice == "" {
			t.Errorf("%s: got %q and %q, want what it means and where to look", k.Name, k.Meaning, k.Advice)
		}
	}
	if !slices.Equal(names, rows) || len(names) < 40 {
		t.Errorf("got rows\n%q\nwant one for each name, in their order\n%q", rows, names)
	}
}
