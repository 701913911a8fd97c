package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Result judges what was fed so far.
func (j *Join) Result() Result {
	judge := "join of " + j.topics.Left + " with " + j.topics.Right
	if j.rules.countsOnly {
		judge = "results of " + j.topics.Left
	}
	if j.named.none() {
		return j.named.unjudged(judge)
	}
	found := j.found.clone()
	for _, versions := range j.versions {
		slices.SortStableFunc(versions, func(a, b version) int { return cmp.Compare(a.time, b.time) })
	}
	owners := j.owners()
	judged, nothing := int64(0), "no record of "+j.topics.Left+" was read"
	for id, inputs := range j.inputs {
		results, in := j.results[id], cmp.Or(read(inputs), inputs[0])
		at := func(kind string) Finding {
			return Finding{Kind: kind, Topic: in.at.topic, Partition: in.at.partition, Offset: in.at.offset, Key: in.key}
		}
		dropped := len(results) == 0 && j.dropped(in)
		switch {
		case dropped && !in.unread:
			nothing = fmt.Sprintf("no record of %s has a match in %s, and %s holds no result; write one that has a match, or "+
				"say: is empty", j.topics.Left, j.topics.Right, j.topics.Joined)
		case !in.unread || len(results) > 0:
			judged = j.judged
		}
		switch {
		case dropped:
		case len(results) == 0 && !in.unread:
			found.add(at(MissingResult), "%s %s is %s", j.by.name, readable(id), j.nowhere())
		case len(results) > len(inputs):
			slices.SortFunc(results, func(a, b joinResult) int { return a.at.compare(b.at) })
			found.add(at(RepeatedResult), "%s %s has %d results, at %s and at %s", j.by.name, readable(id), len(results),
				results[0].at, results[1].at)
		}
		if !j.rules.countsOnly {
			for _, result := range results {
				if kind, detail := j.checkAny(in, inputs, result, owners); kind != "" {
					found.add(at(kind), "%s %s at %s: %s", j.by.name, readable(id), instant(in.time), detail)
				}
			}
		}
		j.excuse(inputs, len(results))
	}
	for _, id := range slices.Sorted(maps.Keys(j.results)) {
		if j.inputs[id] == nil {
			r := j.results[id][0]
			found.add(Finding{Kind: Unexpected, Topic: r.at.topic, Partition: r.at.partition, Offset: r.at.offset},
				"the result of %s %s, which is not in %s", j.by.name, readable(id), j.topics.Left)
		}
	}
	return j.cleaned.or(found.pronounce(judge, judged, nothing))
}

// read is the one of inputs that was there to be read for certain; nil for none.
func read(inputs []*joinInput) *joinInput {
	for _, in := range inputs {
		if !in.unread {
			return in
		}
	}
	return nil
}

// excuse counts what compaction may have taken unread and that has no result.
func (j *Join) excuse(inputs []*joinInput, results int) {
	if read(inputs) != nil {
		results--
	}
	for _, in := range inputs {
		if !in.unread {
			continue
		}
		if results--; results < 0 {
			j.cleaned.excuses(in.at.partition, in.at.offset, nil)
		}
	}
}

// checkAny compares one result with the oracle's for any of the inputs that it may be of, first of all for one.
func (j *Join) checkAny(first *joinInput, inputs []*joinInput, got joinResult, owners map[uint64]owner) (kind,
	detail string) {
	kind, detail = j.check(first, got, owners)
	for _, in := range inputs {
		if kind != "" && in != first {
			if other, _ := j.check(in, got, owners); other == "" {
				return "", ""
			}
		}
	}
	return kind, detail
}

// dropped tells whether a record may be without a result: nothing was in force, and there is no place for it.
func (j *Join) dropped(in *joinInput) bool {
	if j.topics.Unmatched != "" || j.rules.Null || j.rules.countsOnly {
		return false
	}
	force := j.inForce(in)
	return !slices.ContainsFunc(force, func(v version) bool { return !v.unread }) ||
		slices.ContainsFunc(force, func(v version) bool { return v.removed })
}

func (j *Join) nowhere() string {
	if j.topics.Unmatched == "" {
		return "not in " + j.topics.Joined
	}
	return fmt.Sprintf("neither in %s nor in %s", j.topics.Joined, j.topics.Unmatched)
}

// inForce are the versions of a record's key at its time.
func (j *Join) inForce(in *joinInput) []version {
	if in.text == nil {
		return nil
	}
	return newestAt(j.versions[in.key], in.time)
}

// owner is whose version a value is.
type owner struct {
	key  string
	time int64
}

// owners finds versions by their value, the first of each in the order of keys, for details.
func (j *Join) owners() map[uint64]owner {
	owners := map[uint64]owner{}
	for _, key := range slices.Sorted(maps.Keys(j.versions)) {
		for _, v := range j.versions[key] {
			if _, taken := owners[v.value]; !taken && !v.removed {
				owners[v.value] = owner{key, v.time}
			}
		}
	}
	return owners
}

// check compares one result with the oracle's; the kind is empty when it is right.
func (j *Join) check(in *joinInput, got joinResult, owners map[uint64]owner) (kind, detail string) {
	force := j.inForce(in)
	removed := slices.ContainsFunc(force, func(v version) bool { return v.removed })
	lives := slices.ContainsFunc(force, func(v version) bool { return !v.removed })
	certain := slices.ContainsFunc(force, func(v version) bool { return !v.removed && !v.unread })
	value := in.joined
	if got.at.topic == j.topics.Unmatched {
		value = in.unmatched
	}
	switch {
	case got.key != 0 && got.key != in.recordKey:
		return AlteredResult, fmt.Sprintf("the result at %s has another key than its record", got.at)
	case got.value != value:
		return AlteredResult, fmt.Sprintf("the result at %s has other fields than its record", got.at)
	case got.unmatched && certain && !removed:
		return UnmatchedInForce, fmt.Sprintf("unmatched at %s, and the version of %s was in force", got.at,
			instant(force[0].time))
	case got.unmatched:
		return "", ""
	case slices.ContainsFunc(force, func(v version) bool { return !v.removed && v.value == got.right }):
		return "", ""
	case !lives && removed:
		return MatchedNoneInForce, fmt.Sprintf("matched at %s with %s, though a tombstone of %s had removed the key", got.at,
			j.whose(in, got, owners), instant(force[0].time))
	case !lives:
		return MatchedNoneInForce, fmt.Sprintf("matched at %s with %s, though none was in force", got.at,
			j.whose(in, got, owners))
	}
	return WrongMatch, fmt.Sprintf("matched at %s with %s, want the version of %s", got.at, j.whose(in, got, owners),
		instant(force[0].time))
}

// whose describes the right record that a result holds.
func (j *Join) whose(in *joinInput, got joinResult, owners map[uint64]owner) string {
	if got.nothing {
		return "nothing"
	}
	for _, v := range j.versions[in.key] {
		if v.value == got.right && !v.removed {
			return "the version of " + instant(v.time).String()
		}
	}
	if o, known := owners[got.right]; known {
		return fmt.Sprintf("the version of %s of another key, %s", instant(o.time), readable(o.key))
	}
	return "what is not in " + j.topics.Right
}

// newestAt returns the newest versions at a time; more than one only with the same timestamp, or where those that may
// be unread are after the last one that is not. Versions are in order of time.
func newestAt(versions []version, at int64) []version {
	end, _ := slices.BinarySearchFunc(versions, at+1, func(v version, t int64) int { return cmp.Compare(v.time, t) })
	last := end - 1
	for last > 0 && versions[last].unread {
		last--
	}
	start := end
	for start > 0 && versions[start-1].time >= versions[last].time {
		start--
	}
	return versions[start:end]
}
