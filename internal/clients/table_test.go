package clients_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of "+tablePage)

const (
	tablePage = "../../docs/clients.md"
	tableMark = "<!-- the table, written by go test ./internal/clients -update -->\n"
)

// TestTable holds the table of docs/clients.md against the rows and clients here; -update writes it.
func TestTable(t *testing.T) {
	page, err := os.ReadFile(tablePage)
	if err != nil {
		t.Fatal(err)
	}
	prose, got, found := strings.Cut(string(page), tableMark)
	if !found {
		t.Fatalf("got no %q in %s", tableMark, tablePage)
	}
	want := table()
	if *update {
		if err := os.WriteFile(tablePage, []byte(prose+tableMark+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not current; write it with go test ./internal/clients -run TestTable -update (-want +got):\n%s",
			tablePage, diff)
	}
}

// TestReasons holds that every reason is one of a row.
func TestReasons(t *testing.T) {
	for _, c := range clients {
		for about := range c.cannot {
			name, way, narrowed := strings.Cut(about, "/")
			at := slices.IndexFunc(rows, func(r row) bool { return r.name == name })
			if at < 0 || narrowed && !slices.Contains(rows[at].ways(), way) {
				t.Errorf("%s has a reason for %q, which is no row", c.name, about)
			}
		}
	}
}

// table has a line for each row, a column for each client, and below it the reasons.
func table() string {
	var b strings.Builder
	b.WriteString("\n| what | faults |")
	for _, c := range clients {
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(clients)) + "\n")
	var reasons []string
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s |", r.name, r.faults())
		for _, c := range clients {
			b.WriteString(" " + c.cell(r, &reasons) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	for i, reason := range reasons {
		fmt.Fprintf(&b, "%d. %s\n", i+1, reason)
	}
	return b.String()
}

func (r row) faults() string {
	var all []string
	if r.cut != "" {
		all = append(all, r.cut+" cut")
	}
	if r.delay != "" {
		all = append(all, r.delay+" late")
	}
	return strings.Join(all, ", ")
}

// cell is yes, no, or in which ways not, with the numbers of the reasons.
func (c client) cell(r row, reasons *[]string) string {
	number := func(reason string) int {
		if !slices.Contains(*reasons, reason) {
			*reasons = append(*reasons, reason)
		}
		return slices.Index(*reasons, reason) + 1
	}
	if reason, not := c.cannot[r.name]; not {
		return fmt.Sprintf("no (%d)", number(reason))
	}
	cell := "yes"
	for _, way := range r.ways() {
		if reason := c.reason(r, way); reason != "" {
			cell += fmt.Sprintf(", not: %s (%d)", way, number(reason))
		}
	}
	return cell
}
