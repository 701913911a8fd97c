package source_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestErrorPrintsItsPlace(t *testing.T) {
	for _, test := range []struct {
		err  *source.Error
		want string
	}{
		{source.Place{File: "a.yaml", Line: 3}.Errorf("got %q", "x"), `a.yaml:3: got "x"`},
		{source.Place{File: "a.yaml"}.Errorf("is empty"), "a.yaml: is empty"},
		{source.Place{}.Errorf("--tags: no"), "--tags: no"},
		{source.Place{Line: 3}.Errorf("no file"), "no file"},
		{&source.Error{Place: source.Place{File: "a", Line: 1}, Err: io.EOF, Hint: "write more"}, "a:1: EOF\n    write more"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestWrapKeepsTheInnerPlace(t *testing.T) {
	outer, inner := source.Place{File: "a", Line: 1}, source.Place{File: "a", Line: 7}
	if err := outer.Wrap(nil); err != nil {
		t.Errorf("got %v of nil", err)
	}
	if got := outer.Wrap(fmt.Errorf("row: %w", inner.Errorf("bad"))).Error(); got != "row: a:7: bad" {
		t.Errorf("got %q", got)
	}
	err := outer.Wrap(io.EOF)
	if err.Error() != "a:1: EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}

func TestErrorsAreSortedAndDistinct(t *testing.T) {
	at := func(file string, line int, err error) *source.Error {
		return source.Place{File: file, Line: line}.Errorf("%w", err)
	}
	none := errors.New("none")
	err := source.Errors{at("b", 1, none), at("a", 9, none), at("a", 2, io.EOF), at("a", 9, none)}.Err()
	if diff := cmp.Diff("a:2: EOF\na:9: none\nb:1: none", err.Error()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !errors.Is(err, io.EOF) || !source.Known(err) {
		t.Errorf("got an error without what it joins: %v", err)
	}
	if err := (source.Errors{}).Err(); err != nil {
		t.Errorf("got %v for no errors", err)
	}
}

func TestExtent(t *testing.T) {
	for line, want := range map[string]string{"": "", " \t\r": "", "a": "a", "\t ä b \r": "ä b"} {
		if from, to := source.Extent([]byte(line)); line[from:to] != want {
			t.Errorf("%q: got %q, want %q", line, line[from:to], want)
		}
	}
}
