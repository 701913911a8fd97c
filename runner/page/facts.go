package page

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// timeline is what is drawn of a scenario. Texts are numbers of Texts, where 0 is the empty one; times are microseconds
// since the journal began.
type timeline struct {
	Texts    []string  `json:"s"`
	Facts    [][]int64 `json:"f"` // see fact
	Requests [][]int64 `json:"r"` // see request
	Bars     [][]int64 `json:"b"` // see bar
	Curves   []curve   `json:"c,omitempty"`
	Charts   []Chart   `json:"n,omitempty"`
	Total    int       `json:"total"`          // of the journal
	Left     [][]int64 `json:"left,omitempty"` // kinds of facts that were thinned: kind, how many are left out
	Dropped  int64     `json:"dropped,omitempty"`
}

// mostFactText is how much of one text of a fact the page holds, in bytes.
const mostFactText = 2000

// builder makes a timeline.
type builder struct {
	timeline
	numbers  map[string]int64
	requests map[journal.Request]int64
	hide     func(string) string
}

// text is the number of a text.
func (b *builder) text(s string) int64 {
	if n, known := b.numbers[s]; known {
		return n
	}
	shown := s
	if b.hide != nil {
		shown = b.hide(s)
	}
	n := int64(len(b.Texts))
	b.Texts = append(b.Texts, shorten(shown, mostFactText))
	b.numbers[s] = n
	return n
}

func us(d time.Duration) int64 { return d.Microseconds() }

// fact is a row of Facts: number, time, kind, source, application, group, topic, partition, offset, key, count, error,
// text, detail (a JSON object), request (-1 for none), and the line of the log in which it was said.
func (b *builder) fact(f *journal.Fact, line string) []int64 {
	request := int64(-1)
	if f.Request != nil {
		request = b.request(f.Request)
	}
	return []int64{f.Seq, us(f.When()), b.text(string(f.Kind)), b.text(f.Source), b.text(f.App), b.text(f.Group),
		b.text(f.Topic), int64(f.Partition), f.Offset, b.text(f.Key), f.Count, b.text(f.Error), b.text(f.Text),
		b.text(detail(f)), request, b.text(line)}
}

// request is a row of Requests: API, version, correlation, client id, connection, broker, sent, answered, outcome,
// fault. Facts of one request share it.
func (b *builder) request(r *journal.Request) int64 {
	if n, known := b.requests[*r]; known {
		return n
	}
	n := int64(len(b.Requests))
	b.requests[*r] = n
	b.Requests = append(b.Requests, []int64{b.text(r.API), int64(r.Version), int64(r.Correlation), b.text(r.ClientID),
		int64(r.Connection), int64(r.Broker), us(r.Sent), us(r.Answered), b.text(string(r.Outcome)), b.text(r.Fault)})
	return n
}

// detail is what is known of a fact beside its columns, as a JSON object; empty where the columns say it all.
func detail(f *journal.Fact) string {
	value := any(f.Detail)
	switch d := f.Detail.(type) {
	case nil:
		return ""
	case journal.LogEvent:
		rest := maps.Clone(d)
		for _, column := range []string{"topic", "partition", "offset", "key", "count", "group", "error"} {
			delete(rest, column)
		}
		if len(rest) == 0 {
			return ""
		}
		value = rest
	case *journal.Attempt:
		short := *d
		short.Contents = nil
		value = &short
	case *journal.Fetch:
		short := *d
		short.Contents = nil
		value = &short
	case *journal.Window:
		short := *d
		short.Written = 0 // the fact's time
		value = &short
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// read makes the timeline of a journal's file: JSON, compressed, in base64.
func read(file string, s *report.Scenario, l limits, hide func(string) string) (string, error) {
	content, err := os.Open(file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", errors.New("the journal is not there any more")
		}
		return "", err
	}
	defer func() { _ = content.Close() }()
	j, err := journal.Read(content)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(build(j, s, l, hide))
	if err != nil {
		return "", err
	}
	return pack(text)
}

func pack(text []byte) (string, error) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(text)
	if err := errors.Join(err, writer.Close()); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

func build(j *journal.Journal, s *report.Scenario, l limits, hide func(string) string) *timeline {
	b := &builder{numbers: map[string]int64{}, requests: map[journal.Request]int64{}, hide: hide}
	b.text("")
	facts := j.Select(func(f *journal.Fact) bool { return !f.Kind.OfScenario() })
	b.Total = len(facts)
	for _, n := range j.Dropped() {
		b.Dropped += n
	}
	b.bars(facts)
	b.curves(facts)
	b.charts(facts)
	facts, lines := withLines(facts)
	slices.SortStableFunc(facts, func(f, g journal.Fact) int { return cmp.Compare(f.When(), g.When()) })
	facts = b.thin(facts, s, l)
	for i := range facts {
		b.Facts = append(b.Facts, b.fact(&facts[i], lines[facts[i].Seq]))
	}
	return &b.timeline
}

// withLines puts a line of a log and the fact that was made of it, which comes next, together.
func withLines(facts []journal.Fact) ([]journal.Fact, map[int64]string) {
	var kept []journal.Fact
	lines := map[int64]string{}
	for i, f := range facts {
		if f.Kind == journal.LogLine && i+1 < len(facts) {
			if next := facts[i+1]; next.Source == journal.SourceLog && next.App == f.App && next.Kind != journal.LogLine &&
				next.Seq == f.Seq+1 && next.Fields() != nil {
				lines[next.Seq] = f.Text
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept, lines
}

// each calls do with 0 to n-1, as many at a time as there are processors.
func each(n int, do func(i int)) {
	var workers sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
