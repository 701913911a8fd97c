package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// version is that of the file format: one JSON object per line, the first a
// header, the others facts in order of their seq.
const version = 1

// maxLine bounds a line of a journal file, in bytes.
const maxLine = 64 << 20

// header is the first line. Facts tells a file that was cut short from a whole one.
type header struct {
	Journal int            `json:"journal"` // version
	Facts   int            `json:"facts"`
	Dropped map[text]int64 `json:"dropped,omitzero"`
}

// line is a Fact as it is written. Partition and offset are always there: a
// reader should not have to know what their absence means.
type line struct {
	Seq       int64         `json:"seq"`
	At        int64         `json:"at"` // nanoseconds since the journal began
	Kind      text          `json:"kind"`
	Source    text          `json:"source,omitzero"`
	App       text          `json:"app,omitzero"`
	Group     text          `json:"group,omitzero"`
	Topic     text          `json:"topic,omitzero"`
	Partition int32         `json:"partition"`
	Offset    int64         `json:"offset"`
	Key       text          `json:"key,omitzero"`
	Count     int64         `json:"count,omitzero"`
	Error     text          `json:"error,omitzero"`
	Text      text          `json:"text,omitzero"`
	Fields    map[text]text `json:"fields,omitzero"` // nil and empty are told apart
}

// WriteTo writes the journal as JSON lines and returns the bytes written. Read
// gives the same facts back, whatever bytes their texts hold.
func (j *Journal) WriteTo(w io.Writer) (int64, error) {
	view := j.view(0)
	count := &counter{w: w}
	buffered := bufio.NewWriterSize(count, 64<<10)
	encode := json.NewEncoder(buffered)
	encode.SetEscapeHTML(false)

	head := header{Journal: version, Facts: len(view.lines)}
	for _, chunk := range view.chunks {
		head.Facts += len(chunk)
	}
	if len(view.dropped) > 0 {
		head.Dropped = map[text]int64{}
		for app, n := range view.dropped {
			head.Dropped[text{app}] = n
		}
	}
	if err := encode.Encode(head); err != nil {
		return count.n, fmt.Errorf("write journal: %w", err)
	}
	var failed error
	view.each(func(f *Fact) {
		if failed == nil {
			failed = encode.Encode(toLine(f))
		}
	})
	if failed == nil {
		failed = buffered.Flush()
	}
	if failed != nil {
		return count.n, fmt.Errorf("write journal: %w", failed)
	}
	return count.n, nil
}

// Read reads what WriteTo wrote. An error names the line. Facts added
// afterwards continue the numbers and the time of those read.
func Read(r io.Reader) (*Journal, error) {
	j := New()
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	number, want := 0, 0
	var at time.Duration
	for lines.Scan() {
		number++
		if number == 1 {
			var head header
			if err := decode(lines.Bytes(), &head); err != nil {
				return nil, fmt.Errorf("journal line 1: %w; the first line must be a journal's header", err)
			}
			if head.Journal != version {
				return nil, fmt.Errorf("journal line 1: got version %d, want %d; read it with the kafkaspec that wrote it",
					head.Journal, version)
			}
			want = head.Facts
			for app, n := range head.Dropped {
				j.dropped[app.string] = n
			}
			continue
		}
		var l line
		if err := decode(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("journal line %d: %w; the file is damaged, save the journal again", number, err)
		}
		if l.Seq <= j.last {
			return nil, fmt.Errorf("journal line %d: got seq %d, want more than %d; lines are repeated or out of order", number,
				l.Seq, j.last)
		}
		j.append(l.fact())
		at = max(at, time.Duration(l.At))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("journal line %d: %w", number+1, err)
	}
	if number == 0 {
		return nil, errors.New("journal line 1: got an empty file, want a journal's header")
	}
	if got := number - 1; got != want {
		return nil, fmt.Errorf("journal line %d: got %d facts, want %d; the file was cut short", number, got, want)
	}
	j.began = j.began.Add(-at)
	return j, nil
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

func toLine(f *Fact) line {
	l := line{
		Seq: f.Seq, At: int64(f.At), Kind: text{string(f.Kind)}, Source: text{f.Source}, App: text{f.App},
		Group: text{f.Group},
		Topic: text{f.Topic}, Partition: f.Partition, Offset: f.Offset, Key: text{f.Key}, Count: f.Count,
		Error: text{f.Error}, Text: text{f.Text},
	}
	if f.Fields != nil {
		l.Fields = make(map[text]text, len(f.Fields))
		for name, value := range f.Fields {
			l.Fields[text{name}] = text{value}
		}
	}
	return l
}

func (l line) fact() Fact {
	f := Fact{
		Seq: l.Seq, At: time.Duration(l.At), Kind: Kind(l.Kind.string), Source: l.Source.string, App: l.App.string,
		Group: l.Group.string,
		Topic: l.Topic.string, Partition: l.Partition, Offset: l.Offset, Key: l.Key.string, Count: l.Count,
		Error: l.Error.string, Text: l.Text.string,
	}
	if l.Fields != nil {
		f.Fields = make(map[string]string, len(l.Fields))
		for name, value := range l.Fields {
			f.Fields[name.string] = value.string
		}
	}
	return f
}

// counter counts the bytes that reached w.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
