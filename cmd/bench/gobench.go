package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// goBenchmarks are those of the repository whose figures belong into the table. They compare in turns by themselves.
var goBenchmarks = []struct{ section, folder, benchmark, times string }{
	{"A trivial scenario beside the bare broker and client", "./runner", "TrivialScenario", "100x"},
	{"Checked and timed beside a bare loop, in one process", "./pkg/reference/benchmark", "AgainstBareLoop|Timing", "4x"},
	{"Bulk producer beside a bare loop", "./pkg/reference/bulkproducer", "AgainstBareLoop", "4x"},
	{"Windows beside a bare loop that consumes, transforms and produces in transactions", "./pkg/reference/windower",
		"Windows", "4x"},
	{"A join beside a bare loop that consumes, transforms and produces in transactions", "./pkg/reference/joiner",
		"AgainstBareLoop", "4x"},
	{"Exactly once to SQLite beside the bare insert of the same rows", "./pkg/reference/dbwriter", "ExactlyOnce", "3x"},
	{"The wire, direct and through", "./pkg/wire", "Wire/kfake", "3x"},
	{"Judges over 10 million records", "./pkg/verdict", "(Sequence|Copy|Order)/10M", "1x"},
}

// benchmarkLine is a line of go test -bench; the figures are pairs of value and unit.
var benchmarkLine = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

func (s *suite) goBenchmarks(ctx context.Context) error {
	for _, b := range goBenchmarks {
		times := pick(s, b.times, "1x")
		for range pick(s, min(s.repeat, 2), 1) {
			out, err := newChild(ctx, "go", "test", "-run", "^$", "-bench", b.benchmark, "-benchtime", times, b.folder).run()
			if err != nil {
				s.table.leaveOut("%s: %v", b.section, err)
				break
			}
			for _, line := range benchmarkLine.FindAllStringSubmatch(out, -1) {
				words := strings.Fields(line[2])
				for i := 0; i+1 < len(words); i += 2 {
					value, err := strconv.ParseFloat(words[i], 64)
					if err != nil {
						return fmt.Errorf("%s: got %q: %w", b.section, line[0], err)
					}
					if unit := words[i+1]; unit != "ns/op" {
						s.table.add(b.section, strings.ReplaceAll(line[1], "_", " "), ours, unit, value)
					}
				}
			}
		}
	}
	return nil
}
