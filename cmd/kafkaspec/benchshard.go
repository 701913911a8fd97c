package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// furthest is how far ahead a load may begin: beyond it is a slip of the finger.
const furthest = 24 * time.Hour

// share is what --shard and --begin-at say.
func (b *benchCommand) share() (share benchmark.Share, begin time.Time, err error) {
	if b.BeginAt != "" {
		if begin, err = time.Parse(time.RFC3339, b.BeginAt); err != nil {
			return share, begin, usage("--begin-at: got %q, want a time such as 2026-11-29T19:30:00Z", b.BeginAt)
		}
		switch left := time.Until(begin); {
		case left <= 0:
			return share, begin, usage("--begin-at: got %s, which was %s ago; give a time at which all processes are ready",
				b.BeginAt, -left.Round(time.Second))
		case left > furthest:
			return share, begin, usage("--begin-at: got %s, which is in %s; want it within a day", b.BeginAt,
				left.Round(time.Second))
		}
	}
	if b.Shard == "" {
		return share, begin, nil
	}
	text, err := jobShard(b.Shard, os.LookupEnv)
	if err != nil {
		return share, begin, err
	}
	first, second, ok := strings.Cut(text, "/")
	i, ierr := strconv.Atoi(first)
	n, nerr := strconv.Atoi(second)
	kind, _, _ := strings.Cut(b.Cluster, ":")
	switch {
	case !ok || ierr != nil || nerr != nil || i < 1 || i > n:
		return share, begin, usage("--shard: got %q, want I/N with I from 1 to N, such as 2/4, or job", b.Shard)
	case b.BeginAt == "":
		return share, begin, usage("--shard: got no --begin-at; give all processes the same time, at which all are ready")
	case b.JSON == "" && b.Report == "":
		return share, begin, usage("--shard: got neither --report nor --json; name where the result goes that --merge reads")
	case kind == cluster.KindEmbedded || kind == cluster.KindLocal:
		return share, begin, b.noSharing(kind)
	}
	return benchmark.Share{Index: i - 1, Count: n}, begin, nil
}

func (b *benchCommand) noSharing(kind string) error {
	return usage("--shard: got the cluster %s, of which each process would have its own; name one of the profile with "+
		"--cluster", kind)
}

// mergeFlags go together with --merge.
var mergeFlags = []string{"merge", "json", "report", "baseline", "tolerance"}

// checkMerge refuses what means nothing with --merge, or without it.
func (b *benchCommand) checkMerge(parsed *kong.Context) error {
	switch {
	case !b.Merge && len(b.Results) > 0:
		return usage("got argument %s without --merge; results are given to --merge, feature files to kafkaspec run",
			b.Results[0])
	case !b.Merge:
		return nil
	case len(b.Results) == 0:
		return usage("--merge: got no results; name the folders, or files, that the processes wrote")
	}
	for _, one := range parsed.Path {
		if one.Flag != nil && !slices.Contains(mergeFlags, one.Flag.Name) {
			return usage("got --%s with --merge, which measures nothing; leave one out", one.Flag.Name)
		}
	}
	return nil
}

// merged reads the results of all shares and makes one of them.
func merged(names []string) (bench.Result, error) {
	var parts []bench.Part
	for _, name := range names {
		file := name
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			file = filepath.Join(name, benchResult)
		}
		text, err := source.ReadFile(file)
		if err != nil {
			parts = append(parts, bench.Part{File: file, Err: err})
			continue
		}
		parts = append(parts, bench.ReadPart(text, file))
	}
	// A name that is misspelt in front of nothing else is the user's mistake, and so are all that are not there.
	if !slices.ContainsFunc(parts, func(p bench.Part) bool { return !errors.Is(p.Err, fs.ErrNotExist) }) {
		return bench.Result{}, usage("--merge: %s; name the folders, or files, that the processes wrote", parts[0].Err)
	}
	result, err := bench.Merge(parts)
	if err != nil && !outcome.IsEnvironment(err) {
		err = usage("--merge: %s", err)
	}
	return result, err
}
