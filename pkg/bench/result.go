package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// Result is what was measured, and how: figures without that cannot be compared.
type Result struct {
	Taken    time.Time          `json:"taken"`
	Cluster  baseline.Cluster   `json:"cluster"`
	Versions map[string]string  `json:"versions"`
	Machine  Machine            `json:"machine"`
	Settings Settings           `json:"settings"`
	Producer benchmark.Sent     `json:"producer"`
	Consumer benchmark.Received `json:"consumer"`
	// Memory is the most that this process had resident, in bytes; 0 where the system does not tell. On an embedded broker
	// its log is part of it.
	Memory int64 `json:"memory_bytes,omitempty"`
	// Unfinished is true of what a share writes before it begins.
	Unfinished bool   `json:"unfinished,omitempty"`
	Clock      *Clock `json:"clock,omitempty"`  // of a share
	Shares     *Sum   `json:"shares,omitempty"` // of a merged result
}

// Machine is where the measuring side ran; a cluster elsewhere has others.
type Machine struct {
	OS    string `json:"os"`
	Arch  string `json:"arch"`
	Cores int    `json:"cores"` // that this process may use
}

// Settings are those of both sides.
type Settings struct {
	benchmark.Load
	Partitions  int32 `json:"partitions"`
	Replication int   `json:"replication"`
	Consumers   int   `json:"consumers"`
	Untimed     bool  `json:"untimed,omitempty"`
}

// Err is nil when each event was acknowledged and received once, in order. Of a merged result it is an
// outcome.Environment where a share is missing: what is lost cannot be told then.
func (r Result) Err() error {
	if r.Shares != nil && len(r.Shares.Missing) > 0 {
		return outcome.Environmentf(nil, "the result is not whole: %s; take it again, or give all results to --merge",
			strings.Join(r.Shares.Missing, "; "))
	}
	if err := r.Producer.Err(); err != nil {
		return err
	}
	return r.Consumer.Findings.Err()
}

// JSON writes the result, for a baseline and for other programs.
func (r Result) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Read reads what JSON wrote. name is the file, for errors.
func Read(text []byte, name string) (Result, error) {
	var r Result
	if _, err := baseline.Read(text, name); err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: got %w, want a result as kafkaspec bench --json writes it", name, err)
	}
	return r, nil
}

// Text writes the result for people.
func (r Result) Text(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, arguments ...any) {
		_, _ = fmt.Fprintf(table, name+"\t"+format+"\n", arguments...)
	}
	row("cluster", "%s", r.Cluster)
	if r.Cluster.Kind == cluster.KindEmbedded {
		row("", "a broker in this process that writes to memory: these are not figures of Apache Kafka")
	}
	row("settings", "%s", r.Settings)
	row("with", "%s, %d cores, %s/%s", r.versions(), r.Machine.Cores, r.Machine.OS, r.Machine.Arch)
	p, c, size := r.Producer, r.Consumer, float64(r.Settings.Size)
	row("produced", "%d acknowledged, %d refused, %d unknown; %s records/s, %.1f MB/s", p.Acknowledged, p.Refused,
		p.Unknown, baseline.Thousands(p.Rate), p.Rate*size/1e6)
	if r.Settings.Rate > 0 {
		row("", "at most %s behind the schedule", p.Behind.Round(time.Microsecond))
	}
	row("received", "%d once each, %d lost, %d repeated, %d reordered, %d foreign; %s records/s, %.1f MB/s",
		c.Events, c.Lost, c.Repeated, c.Reordered, c.Foreign, baseline.Thousands(c.Rate), c.Rate*size/1e6)
	if !r.Settings.Untimed {
		row("latency", "p50 %s  p90 %s  p99 %s  p99.9 %s  max %s", c.Latency.P50, c.Latency.P90, c.Latency.P99,
			c.Latency.P999, c.Latency.Max)
		row("", "of %d events, from the time in each (%s) to its being polled", c.Timed, r.since())
	}
	if r.Memory > 0 {
		whose := ""
		switch {
		case r.Shares != nil:
			whose = ", of the process that had most"
		case r.Cluster.Kind == cluster.KindEmbedded:
			whose = ", the broker and its log included"
		}
		row("memory", "%d MiB at most%s", r.Memory>>20, whose)
	}
	if c.Negative > 0 {
		row("", "%d were below zero and count as zero: the clocks differ", c.Negative)
	}
	for _, line := range r.Shares.Lines() {
		row(line[0], "%s", line[1])
	}
	return table.Flush()
}

// since says what the time in an event is.
func (r Result) since() string {
	if r.Settings.Rate > 0 {
		return "when it was due"
	}
	return "when it was handed to the client, whose buffer is full at full speed"
}

// String is the settings in a line.
func (s Settings) String() string {
	pace := "full speed"
	if s.Rate > 0 {
		pace = baseline.Thousands(s.Rate) + " records/s"
	}
	share := ""
	if s.Share.Count > 0 {
		share = fmt.Sprintf("share %s of ", s.Share)
	}
	return share + fmt.Sprintf("%d events of %d bytes (%d for warm-up), %s, compression %s, acks %s, %d partitions, "+
		"replication %d, %d producers, %d consumers, linger %s, batches of %d bytes at most",
		s.Events, s.Size, s.WarmUp, pace, s.Codec, s.Acks, s.Partitions, s.Replication, s.Producers, s.Consumers, s.Linger,
		s.Batch)
}

func (r Result) versions() string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		words = append(words, name+" "+r.Versions[name])
	}
	return strings.Join(words, ", ")
}
