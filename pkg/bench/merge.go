package bench

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// Part is the result of one share. Err says why there is none, of a file that is missing or is not whole.
type Part struct {
	File   string
	Result Result
	Err    error
}

// ReadPart reads the result of a share, also one that is unfinished.
func ReadPart(text []byte, file string) Part {
	p := Part{File: file}
	if err := json.Unmarshal(text, &p.Result); err != nil {
		p.Err = fmt.Errorf("%s is not whole: %w", file, err)
	}
	return p
}

// Sum says of what a merged result is the sum.
type Sum struct {
	Count   int       `json:"count"` // of shares, missing ones included
	Begin   time.Time `json:"begin"`
	Merged  []Share   `json:"merged"`
	Missing []string  `json:"missing,omitempty"` // what is not in it, and why
}

// Share is one of those in a merged result.
type Share struct {
	Index        int       `json:"index"` // from 0
	Machine      Machine   `json:"machine"`
	Clock        *Clock    `json:"clock,omitempty"`
	Began        time.Time `json:"began"` // of what its producers count, by its own clock
	Acknowledged int64     `json:"acknowledged"`
	Received     int64     `json:"received"`
}

// Merge makes one result of those of all shares: it adds their counts and their histograms. Rates are of the time from
// the first beginning to the last end of any share, by the clocks as they were compared. What is missing is said in it;
// an error means that the parts are not of one load, or that nothing is there.
func Merge(parts []Part) (Result, error) {
	var whole []Part
	var missing []string
	seen := map[int]string{}
	for _, p := range parts {
		if p.Err != nil {
			missing = append(missing, p.Err.Error())
			continue
		}
		share := p.Result.Settings.Share
		if share.Count == 0 {
			return Result{}, fmt.Errorf("%s: got a result of no share, want one that kafkaspec bench --shard wrote", p.File)
		}
		if other, again := seen[share.Index]; again {
			return Result{}, fmt.Errorf("%s: got share %s again, as in %s; name each result once", p.File, share, other)
		}
		seen[share.Index] = p.File
		if p.Result.Unfinished {
			missing = append(missing, fmt.Sprintf("share %s was ended before its result (%s)", share, p.File))
			continue
		}
		whole = append(whole, p)
	}
	if len(whole) == 0 {
		return Result{}, outcome.Environmentf(nil, "got no finished result to merge: %s; see how the processes ended",
			joined(missing))
	}
	slices.SortFunc(whole, func(a, b Part) int {
		return cmp.Compare(a.Result.Settings.Share.Index, b.Result.Settings.Share.Index)
	})
	first := whole[0].Result
	for _, p := range whole[1:] {
		if err := ofOneLoad(first, p.Result); err != nil {
			return Result{}, fmt.Errorf("%s: %w", p.File, err)
		}
	}
	for i := range first.Settings.Share.Count {
		if _, there := seen[i]; !there {
			missing = append(missing, fmt.Sprintf("share %d/%d has no result", i+1, first.Settings.Share.Count))
		}
	}
	return add(whole, missing)
}

// ofOneLoad says which difference keeps results from being of one load.
func ofOneLoad(a, b Result) error {
	x, y := a.Settings, b.Settings
	x.Share.Index, y.Share.Index = 0, 0
	if a.Cluster != b.Cluster {
		return fmt.Errorf("got a result of %s, the first is of %s; merge those of one load", b.Cluster, a.Cluster)
	}
	if !x.Begin.Equal(y.Begin) {
		return fmt.Errorf("got a result of a load that began at %s, the first at %s; merge those of one load",
			y.Begin.Format(time.RFC3339), x.Begin.Format(time.RFC3339))
	}
	x.Begin, y.Begin = time.Time{}, time.Time{}
	if x != y {
		return fmt.Errorf("got a result of %s, the first is of %s; give all processes the same flags", b.Settings, a.Settings)
	}
	return nil
}

// add sums up what is there.
func add(parts []Part, missing []string) (Result, error) {
	sum := parts[0].Result
	count := sum.Settings.Share.Count
	sum.Shares = &Sum{Count: count, Begin: sum.Settings.Begin, Missing: missing}
	sum.Settings.Share, sum.Settings.Begin, sum.Clock = benchmark.Share{}, time.Time{}, nil
	sum.Settings.Producers *= count
	sum.Settings.Consumers *= count
	sum.Producer, sum.Consumer, sum.Memory = benchmark.Sent{}, benchmark.Received{Complete: true}, 0
	var histograms [][]byte
	for _, part := range parts {
		r := part.Result
		sum.Shares.Merged = append(sum.Shares.Merged, Share{Index: r.Settings.Share.Index, Machine: r.Machine,
			Clock: r.Clock, Began: r.Producer.Began, Acknowledged: r.Producer.Acknowledged, Received: r.Consumer.Events})
		sum.Producer.Add(r.Producer, r.ahead())
		sum.Consumer.Add(r.Consumer, r.ahead())
		sum.Memory = max(sum.Memory, r.Memory)
		if !r.Settings.Untimed {
			histograms = append(histograms, r.Consumer.Histogram)
		}
	}
	sum.Consumer.Complete = sum.Consumer.Complete && len(missing) == 0
	if sum.Settings.Untimed {
		return sum, nil
	}
	var err error
	sum.Consumer.Histogram, sum.Consumer.Latency, err = benchmark.AddHistograms(histograms...)
	return sum, err
}

// ahead is what to take from the times of a share to have them by the broker's clock.
func (r Result) ahead() time.Duration {
	if r.Clock == nil {
		return 0
	}
	return r.Clock.Ahead
}
