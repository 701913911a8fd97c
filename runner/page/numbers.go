package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Chart is what is drawn of some numbers: lines over time, or a bar for each name.
type Chart struct {
	Title  string   `json:"title"`
	Unit   string   `json:"unit"`           // of the values, such as records/s
	Bars   bool     `json:"bars,omitempty"` // Points of a series are then one value
	Series []Series `json:"series"`
}

// Series is a line of a chart, or a bar.
type Series struct {
	Name     string    `json:"name"`
	Baseline bool      `json:"baseline,omitempty"` // of another run: dashed
	Points   []float64 `json:"points"`             // pairs of seconds and value
}

const (
	bins       = 40 // of what is counted over time
	leastDrawn = 10 // of fewer events nothing is drawn over time
	mostSeries = 8  // in one chart, those with most to show
)

// charts are the numbers of a scenario: lag, throughput, latency, and how evenly partitions are filled.
func (b *builder) charts(facts []journal.Fact) {
	var last time.Duration
	for i := range facts {
		last = max(last, facts[i].At)
	}
	if last <= 0 {
		return
	}
	ends := map[place]int64{}
	for _, c := range []Chart{lags(facts, ends), throughput(facts, last), latencies(facts, last), balance(ends)} {
		if len(c.Series) == 0 {
			continue
		}
		if b.hide != nil {
			for i := range c.Series {
				c.Series[i].Name = b.hide(c.Series[i].Name)
			}
		}
		b.Charts = append(b.Charts, c)
	}
}

// lags are how many records of a topic a group has not committed, as far as ends of logs and commits were seen. Ends is
// given the ends.
func lags(facts []journal.Fact, ends map[place]int64) Chart {
	type reader struct{ group, topic string }
	committed := map[reader]map[int32]int64{}
	lines := map[reader][]float64{}
	for i := range facts {
		f := &facts[i]
		p, offset, ok := endOf(f)
		if ok && offset > ends[p] {
			ends[p] = offset
		} else if _, is := f.Detail.(*journal.Commit); is && f.Error == "" && f.Offset >= 0 && f.Topic != "" {
			r := reader{cmp.Or(f.Group, f.App), f.Topic}
			if committed[r] == nil {
				committed[r] = map[int32]int64{}
			}
			committed[r][f.Partition] = f.Offset
			p = place{f.Topic, f.Partition}
			ends[p] = max(ends[p], f.Offset)
		} else {
			continue
		}
		for r, done := range committed {
			if r.topic != f.Topic {
				continue
			}
			lag := int64(0)
			for p, end := range ends {
				if p.topic == r.topic {
					lag += max(end-done[p.partition], 0)
				}
			}
			lines[r] = append(lines[r], f.At.Seconds(), float64(lag))
		}
	}
	c := Chart{Title: "Lag", Unit: "records"}
	for r, points := range lines {
		if len(points)/2 >= leastDrawn {
			c.Series = append(c.Series, Series{Name: r.group + " on " + r.topic, Points: thinned(points)})
		}
	}
	return c.sorted()
}

type place struct {
	topic     string
	partition int32
}

// endOf is the end of a partition's log that a fact tells.
func endOf(f *journal.Fact) (place, int64, bool) {
	if f.Topic == "" || f.Partition < 0 {
		return place{}, 0, false
	}
	switch d := f.Detail.(type) {
	case *journal.Attempt:
		return place{f.Topic, f.Partition}, f.Offset + max(f.Count, 1), f.Offset >= 0 && f.Error == ""
	case *journal.Fetch:
		return place{f.Topic, f.Partition}, d.HighWatermark, d.HighWatermark > 0
	}
	return place{}, 0, false
}

// throughput is what was processed, written and acknowledged a second.
func throughput(facts []journal.Fact, last time.Duration) Chart {
	counts, totals, looks := map[string][]float64{}, map[string]int64{}, map[string]int{}
	counted := map[string]float64{} // of those who count themselves: the last count
	add := func(name string, at time.Duration, n float64) {
		if counts[name] == nil {
			counts[name] = make([]float64, bins)
		}
		counts[name][binOf(at, last)] += n
		totals[name] += int64(n)
		looks[name]++
	}
	for i := range facts {
		f := &facts[i]
		switch {
		case f.Kind == journal.Processed:
			add("processed by "+f.App, f.At, 1)
		case f.Kind == journal.ProduceAttempt && f.Error == "":
			add("written by "+f.App, f.At, float64(max(f.Count, 1)))
		case f.Kind == journal.Progress:
			for _, what := range []string{"acknowledged", "received"} {
				if n, err := strconv.ParseFloat(f.Fields()[what], 64); err == nil && n > counted[f.App+what] {
					add(what+" by "+f.App, f.At, n-counted[f.App+what])
					counted[f.App+what] = n
				}
			}
		}
	}
	c := Chart{Title: "Throughput", Unit: "records/s"}
	width := last.Seconds() / bins
	for name, all := range counts {
		if totals[name] < leastDrawn || looks[name] < 3 { // one who counts by itself, and said so once or twice
			continue
		}
		var points []float64
		for i, n := range all {
			points = append(points, (float64(i)+0.5)*width, n/width)
		}
		c.Series = append(c.Series, Series{Name: name, Points: points})
	}
	return c.sorted()
}

func binOf(at, last time.Duration) int { return min(int(float64(at)/float64(last)*bins), bins-1) }

// latencies are how long requests took that do not wait for records, and what applications say of their own.
func latencies(facts []journal.Fact, last time.Duration) Chart {
	took, said := map[string][][]float64{}, map[string][]float64{}
	totals := map[string]int{}
	type request struct {
		connection  int64
		correlation int32
	}
	seen := map[request]bool{}
	for i := range facts {
		f := &facts[i]
		if f.Kind == journal.Progress {
			for _, name := range []string{"p50", "p99"} {
				if d, err := time.ParseDuration(f.Fields()[name]); err == nil {
					said[f.App+" "+name] = append(said[f.App+" "+name], f.At.Seconds(), d.Seconds()*1000)
				}
			}
		}
		r := f.Request
		if r == nil || r.Outcome != journal.Answered || r.API != "Produce" && r.API != "OffsetCommit" ||
			seen[request{int64(r.Connection), r.Correlation}] {
			continue
		}
		seen[request{int64(r.Connection), r.Correlation}] = true
		if took[r.API] == nil {
			took[r.API] = make([][]float64, bins)
		}
		bin := binOf(f.At, last)
		took[r.API][bin] = append(took[r.API][bin], (r.Answered-r.Sent).Seconds()*1000)
		totals[r.API]++
	}
	c := Chart{Title: "Latency", Unit: "ms"}
	for api, all := range took {
		if totals[api] < leastDrawn {
			continue
		}
		for _, q := range []struct {
			name  string
			share float64
		}{{"p50", 0.5}, {"p99", 0.99}} {
			var points []float64
			for i, values := range all {
				if len(values) > 0 {
					slices.Sort(values)
					points = append(points, (float64(i)+0.5)*last.Seconds()/bins, values[int(q.share*float64(len(values)-1))])
				}
			}
			c.Series = append(c.Series, Series{Name: api + " " + q.name, Points: points})
		}
	}
	for name, points := range said {
		if len(points) > 2 {
			c.Series = append(c.Series, Series{Name: name, Points: points})
		}
	}
	return c.sorted()
}

// balance is how many records the partitions of a topic have.
func balance(ends map[place]int64) Chart {
	c := Chart{Title: "Balance of partitions", Unit: "records", Bars: true}
	partitions := map[string]int{}
	for p := range ends {
		partitions[p.topic]++
	}
	for _, p := range slices.SortedFunc(maps.Keys(ends), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
	}) {
		if partitions[p.topic] > 1 && len(c.Series) < 3*mostSeries {
			c.Series = append(c.Series, Series{Name: p.topic + " " + strconv.Itoa(int(p.partition)),
				Points: []float64{float64(ends[p])}})
		}
	}
	return c
}

// sorted has the series by name, of many those with most points.
func (c Chart) sorted() Chart {
	slices.SortFunc(c.Series, func(a, b Series) int {
		return cmp.Or(len(b.Points)-len(a.Points), cmp.Compare(a.Name, b.Name))
	})
	c.Series = c.Series[:min(len(c.Series), mostSeries)]
	slices.SortFunc(c.Series, func(a, b Series) int { return cmp.Compare(a.Name, b.Name) })
	for i := range c.Series {
		for k, v := range c.Series[i].Points { // to microseconds, and to three digits behind the point
			c.Series[i].Points[k] = float64(int64(v*1e3+0.5)) / 1e3
		}
	}
	return c
}
