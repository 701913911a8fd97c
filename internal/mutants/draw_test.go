package main

import (
	"fmt"
	"slices"
	"testing"
)

// TestDrawMovesLittle makes sure that a mutant that comes, and lines that move, leave the order of all others.
func TestDrawMovesLittle(t *testing.T) {
	var all []mutant
	for i := range 50 {
		all = append(all, mutant{file: fmt.Sprintf("f%d.go", i%5), line: i, change: fmt.Sprintf("change %d", i/10)})
	}
	later := slices.Clone(all)
	for i := range later {
		later[i].line += 3
	}
	later = append([]mutant{{file: "f1.go", line: 2, change: "another change"}}, later...)
	sortByHash(all, 1)
	sortByHash(later, 1)
	later = slices.DeleteFunc(later, func(m mutant) bool { return m.change == "another change" })
	for i, m := range all {
		if later[i].file != m.file || later[i].change != m.change || later[i].line != m.line+3 {
			t.Fatalf("at place %d is now %s, want %s three lines below", i, later[i].id(), m.id())
		}
	}
	again := slices.Clone(all)
	sortByHash(again, 2)
	if slices.Equal(ids(all), ids(again)) {
		t.Error("another seed draws the same order")
	}
}

func ids(all []mutant) (texts []string) {
	for _, m := range all {
		texts = append(texts, m.id())
	}
	return texts
}
