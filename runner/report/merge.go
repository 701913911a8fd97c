package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Read takes results back from what JSON wrote.
func Read(content []byte) (Results, error) {
	var r Results
	if err := json.Unmarshal(content, &r); err != nil {
		return Results{}, fmt.Errorf("these are no results of kafkaspec: %w; name a folder that `kafkaspec run --report` "+
			"wrote", err)
	}
	if r.Started.IsZero() {
		return Results{}, errors.New("these are no results of kafkaspec: they do not say when the run started; name a " +
			"folder that `kafkaspec run --report` wrote")
	}
	if len(r.Scenarios)+len(r.NotStarted) == 0 && r.Shards == 0 { // a part may be empty
		return Results{}, errors.New("these results have no scenario; name a folder of a run that had some")
	}
	for i, s := range r.Scenarios {
		if !slices.Contains(statuses, s.Status) || s.File == "" {
			return Results{}, fmt.Errorf("these are no results of kafkaspec, or of another version: scenario %d has status %q "+
				"and file %q; name a folder that `kafkaspec run --report` of this version wrote", i+1, s.Status, s.File)
		}
	}
	if err := r.checkTimes(); err != nil {
		return Results{}, fmt.Errorf("these results are damaged: %w; name a folder as `kafkaspec run --report` wrote it", err)
	}
	return r, nil
}

// longest is more than a run, or its scenarios together, can have taken. Sums of such times do not overflow.
const longest = 100 * 365 * 24 * time.Hour

// checkTimes refuses times that cannot be, and counts: what is below zero or too long.
func (r Results) checkTimes() error {
	if r.Duration < 0 || r.Duration > longest {
		return fmt.Errorf("the run took %s", r.Duration)
	}
	left := longest
	for i, s := range r.Scenarios {
		if left -= s.Duration; s.Duration < 0 || left < 0 {
			return fmt.Errorf("scenario %d took %s", i+1, s.Duration)
		}
		for n, step := range s.Steps {
			if min(step.Began, step.Duration) < 0 || max(step.Began, step.Duration) > longest {
				return fmt.Errorf("step %d of scenario %d took %s and began after %s", n+1, i+1, step.Duration, step.Began)
			}
		}
	}
	for _, m := range r.More {
		if left -= m.Duration; m.Duration < 0 || left < 0 {
			return fmt.Errorf("more runs of %s:%d took %s", m.File, m.Line, m.Duration)
		}
		for status, n := range m.Counts {
			if n < 0 {
				return fmt.Errorf("%d more runs of %s:%d have status %q", n, m.File, m.Line, status)
			}
		}
	}
	return nil
}

// NotPassed are the scenarios of which nobody can say that they passed, each once, with those that were not started.
func (r Results) NotPassed() (all []Scenario) {
	known := map[string]bool{}
	add := func(s Scenario) {
		s.Repeat = 0
		if !known[s.ID()] {
			known[s.ID()] = true
			all = append(all, s)
		}
	}
	for _, s := range r.Scenarios {
		if s.Status != Passed && s.Status != NotApplicable {
			add(s)
		}
	}
	for _, m := range r.More {
		for status, n := range m.Counts {
			if n > 0 && status != Passed && status != NotApplicable {
				add(Scenario{Feature: m.Feature, Name: m.Name, File: m.File, Line: m.Line})
			}
		}
	}
	for _, s := range r.NotStarted {
		add(Scenario{Feature: s.Feature, Name: s.Name, File: s.File, Line: s.Line})
	}
	return all
}

// Merge makes one run of several, such as the shards of one. It lasted as long as the longest, as shards run at the
// same time; what differs between them is listed. The seed is that of the first; each scenario keeps its own.
func Merge(runs ...Results) Results {
	if len(runs) == 0 {
		return Results{}
	}
	all := runs[0]
	all.Scenarios, all.More, all.NotStarted = nil, nil, nil
	all.Shard, all.Shards, all.MissingShards = 0, 0, missingShards(runs)
	var clusters, versions, toolchains []string
	for _, r := range runs {
		if r.Started.Before(all.Started) {
			all.Started = r.Started
		}
		all.Duration, all.Cores = max(all.Duration, r.Duration), max(all.Cores, r.Cores)
		all.Scenarios = append(all.Scenarios, r.Scenarios...)
		all.More = append(all.More, r.More...)
		all.NotStarted = append(all.NotStarted, r.NotStarted...)
		all.NotStartedWhy = cmp.Or(all.NotStartedWhy, r.NotStartedWhy)
		clusters, versions, toolchains = append(clusters, r.Cluster), append(versions, r.Kafkaspec), append(toolchains, r.Go)
	}
	all.Cluster, all.Kafkaspec, all.Go = distinct(clusters), distinct(versions), distinct(toolchains)
	if all.Cluster != runs[0].Cluster { // they differ: each scenario says on which it ran
		at := 0
		for _, r := range runs {
			for range r.Scenarios {
				all.Scenarios[at].Cluster = cmp.Or(all.Scenarios[at].Cluster, r.Cluster)
				at++
			}
		}
	}
	all.Sort()
	return all
}

// missingShards names the parts that are not there. A single run is only written again.
func missingShards(runs []Results) (missing []string) {
	there, most := map[int]bool{}, 0
	for _, r := range runs {
		missing = append(missing, r.MissingShards...)
		there[r.Shard], most = true, max(most, r.Shards)
	}
	for i := 1; i <= most && len(runs) > 1; i++ {
		if !there[i] {
			missing = append(missing, fmt.Sprintf("shard %d/%d has no results", i, most))
		}
	}
	return missing
}

func distinct(texts []string) string {
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), " and ")
}
