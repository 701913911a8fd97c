package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"time"
)

// version is that of the file format: one JSON object per line, the first a header, the others facts in order of their
// seq. Version 2 has typed details, version 3 all that is needed to judge again, version 4 a digest.
const version = 4

// sealed is the first version that has a digest.
const sealed = 4

// oldest is the first version that is still read. What version 2 lacks, only judging again needs.
const oldest = 2

// maxLine bounds a line of a journal file, in bytes.
const maxLine = 64 << 20

// maxHeader bounds what IsFile reads, in bytes.
const maxHeader = 1 << 20

// header is the first line. Facts tells a file that was cut short from a whole one.
type header struct {
	Journal int              `json:"journal"` // version
	Facts   int              `json:"facts"`
	Dropped map[string]int64 `json:"dropped,omitzero"`
	SHA256  string           `json:"sha256,omitzero"` // of the file without this field; from version 4 on
}

// line is a Fact as it is written: with the name of its detail's type. The columns partition and offset are always
// there: a reader should not have to know what their absence means.
type line struct {
	Fact
	Type   string `json:"type,omitzero"`
	Detail any    `json:"detail,omitzero"` // in place of the fact's own; a *json.RawMessage where it is read
}

// encode writes all but the digest.
func (j *Journal) encode(w io.Writer) error {
	view := j.view(0)
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	head := header{Journal: version, Facts: len(view.facts) + len(view.lines), Dropped: view.dropped}
	if len(head.Dropped) == 0 {
		head.Dropped = nil
	}
	failed := encode.Encode(printable(head))
	view.each(func(f *Fact) {
		if failed == nil {
			failed = encode.Encode(toLine(f))
		}
	})
	return failed
}

func toLine(f *Fact) any {
	l := line{Fact: *f}
	l.Fact.Detail = nil
	for name, like := range details {
		if reflect.TypeOf(f.Detail) == reflect.TypeOf(like) {
			l.Type, l.Detail = name, f.Detail
		}
	}
	return printable(l)
}

// toFact undoes toLine.
func toFact(b []byte) (Fact, error) {
	var raw json.RawMessage
	l := line{Detail: &raw}
	if err := decode(b, &l); err != nil {
		return Fact{}, err
	}
	fact := func() (Fact, error) {
		if !bytes.Contains(b, []byte(`"`+binary)) { // as of nearly all: nothing is marked
			return l.Fact, nil
		}
		return original(l.Fact)
	}
	if l.Type == "" && len(raw) > 0 && string(raw) != "null" {
		return Fact{}, errors.New("got a detail without its type; the file was changed")
	}
	if l.Type == "" {
		return fact()
	}
	like, known := details[l.Type]
	if !known {
		return Fact{}, fmt.Errorf("got a detail of type %q; read it with the kafkaspec that wrote it", l.Type)
	}
	into := reflect.New(reflect.TypeOf(like))
	if into.Elem().Kind() == reflect.Pointer {
		into.Elem().Set(reflect.New(reflect.TypeOf(like).Elem()))
	}
	if len(raw) > 0 { // else it is null
		if err := decode(raw, into.Interface()); err != nil {
			return Fact{}, fmt.Errorf("detail of type %s: %w", l.Type, err)
		}
	}
	l.Fact.Detail, _ = into.Elem().Interface().(Detail)
	return fact()
}

// IsFile reports that a regular file begins as Save writes a journal.
func IsFile(name string) bool {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	first, err := bufio.NewReader(io.LimitReader(file, maxHeader)).ReadBytes('\n')
	var head header
	return err == nil && decode(first, &head) == nil && head.Journal > 0
}

// LineError says what is wrong with a line of a journal's file.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("journal line %d: %v", e.Line, e.Err) }

// Unwrap is the error without its place.
func (e *LineError) Unwrap() error { return e.Err }

func lineError(line int, format string, args ...any) error {
	return &LineError{line, fmt.Errorf(format, args...)}
}

// Read reads what Save wrote. An error in it is a *LineError. Facts added afterwards continue the numbers and the
// time of those read.
func Read(r io.Reader) (*Journal, error) {
	j := New()
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	lines.Split(wholeLines)
	number, seal := 0, newSeals()
	var head header
	var at time.Duration
	for lines.Scan() {
		if number++; number == 1 {
			var err error
			if head, err = j.readHeader(lines.Bytes()); err != nil {
				return nil, err
			}
			seal.header(lines.Bytes(), head.SHA256)
			continue
		}
		seal.fact(lines.Bytes())
		f, err := toFact(lines.Bytes())
		if err != nil {
			return nil, lineError(number, "%w; the file is damaged, save the journal again", err)
		}
		if f.Seq <= j.last {
			return nil, lineError(number, "got seq %d, want more than %d; lines are repeated or out of order", f.Seq, j.last)
		}
		j.append(f)
		at = max(at, f.At)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, lineError(number+1, "got a line of more than %d bytes; the file is damaged, save the journal again",
			maxLine)
	} else if err := lines.Err(); err != nil {
		return nil, lineError(number+1, "%w", err)
	}
	if number == 0 {
		return nil, lineError(1, "got an empty file, want a journal's header")
	}
	if got := number - 1; got < head.Facts {
		return nil, lineError(number, "got %d facts, want %d; the file was cut short", got, head.Facts)
	} else if got > head.Facts {
		return nil, lineError(number, "got %d facts, want %d; lines were added to the file", got, head.Facts)
	}
	if head.Journal >= sealed {
		if err := seal.check(head.SHA256); err != nil {
			return nil, err
		}
		j.sha256 = head.SHA256
	}
	j.began = j.began.Add(-at)
	return j, nil
}

// readHeader takes what the first line tells of the journal, and returns it.
func (j *Journal) readHeader(text []byte) (head header, err error) {
	var of struct {
		Journal int `json:"journal"`
	}
	if json.Unmarshal(text, &of) == nil && of.Journal != 0 && (of.Journal < oldest || of.Journal > version) {
		return head, lineError(1, "got version %d, want %d to %d; read it with the kafkaspec that wrote it", of.Journal,
			oldest, version)
	}
	if err := decode(text, &head); err != nil {
		return head, lineError(1, "%w; the first line must be a journal's header", err)
	}
	if head.Journal == 0 {
		return head, lineError(1, "got no version, want %d; the first line must be a journal's header", version)
	}
	if head.Journal >= sealed && head.SHA256 == "" {
		return head, lineError(1, "got no sha256, and version %d has one: the file was changed; take the one that the "+
			"run wrote, or run the scenario again", head.Journal)
	}
	for app, n := range head.Dropped {
		app, err := unmarked(app)
		if err != nil {
			return head, lineError(1, "%w", err)
		}
		j.dropped[app] = n
	}
	return head, nil
}

// decode reads exactly one JSON object with no fields but v's.
func decode(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("got half a line, want a JSON object")
		}
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("got more after the JSON object, want one per line")
	}
	return nil
}

// WriteFacts writes facts as Save does, without a header.
func WriteFacts(w io.Writer, facts []Fact) error {
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	for i := range facts {
		if err := encode.Encode(toLine(&facts[i])); err != nil {
			return fmt.Errorf("write facts: %w", err)
		}
	}
	return nil
}
