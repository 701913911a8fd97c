package verdict

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// JoinTopics names the topics of a join: each record of Left (payments) gets one result, in Joined with the version of
// Right (users) that was in force at its event time, or in Unmatched when there was none.
type JoinTopics struct{ Left, Right, Joined, Unmatched string }

// Join judges an event-time join of a stream with a versioned table, against an oracle that has read both whole. A
// record of the left topic meets the newest record of the right one that has its key and whose timestamp is not after
// its own; a tombstone there removes what was in force. In which order they arrived does not matter. Of versions with
// one timestamp any will do, as nothing says which is newer.
//
// A result is told by an identity: a field, a header or the key that input and result share. A joined result is the
// JSON object of its left record with the right one's value in one more field; the order of
// its fields, spaces and the notation of numbers do not count. It
// finds results that are missing or there twice, a wrong version or another key's joined, records left unmatched though
// a version was in force and matched though none was. All four topics may be fed in any order, mixed.
//
// Memory: some 200 bytes per left record and its result, and 100 bytes per version of the right topic.
type Join struct {
	topics JoinTopics
	field  string // of a joined result, that holds the right record; empty when only the number of results is judged
	by     field[string]
	hash   hasher

	inputs   map[string]*joinInput
	results  map[string][]joinResult
	versions map[string][]version
	found    collector
	judged   int64
}

// joinInput is a record of the left topic.
type joinInput struct {
	at    place
	key   string
	time  int64 // ms
	value uint64
}

// joinResult is a record of one of the two outputs.
type joinResult struct {
	at        place
	unmatched bool
	value     uint64 // of the left record's part
	right     uint64 // of the right one's; 0 for unmatched
}

// version is a record of the right topic.
type version struct {
	time    int64 // ms
	value   uint64
	removed bool
}

// NewJoin judges a join whose joined results hold the right record in a field; by is the identity in record notation:
// payment_id, value.id, headers.id or key.
func NewJoin(topics JoinTopics, field, by string) *Join {
	return &Join{
		topics: topics, field: field, by: newIdentity(by), hash: newHasher(),
		inputs: map[string]*joinInput{}, results: map[string][]joinResult{}, versions: map[string][]version{},
	}
}

// NewResults judges only that each record of the left topic has exactly one result, in either output.
func NewResults(topics JoinTopics, by string) *Join { return NewJoin(topics, "", by) }

// Left takes a record of the topic whose records each get a result.
func (j *Join) Left(r *record.Record) {
	j.judged++
	id, err := j.by.read(r)
	if err != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "cannot be told from others: %v", err)
		return
	}
	if first := j.inputs[id]; first != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "has the identity %s of the record at %s; results "+
			"cannot be told apart", readable(id), first.at)
		return
	}
	in := &joinInput{at: place{r.Topic, r.Partition, r.Offset}, key: string(r.Key), time: r.Timestamp.UnixMilli()}
	if j.field != "" {
		in.value, _ = j.split(r.Value)
	}
	j.inputs[id] = in
}

// Right takes a record of the topic that is joined: a version of its key, or a tombstone.
func (j *Join) Right(r *record.Record) {
	j.judged++
	v := version{time: r.Timestamp.UnixMilli(), removed: r.Value == nil}
	if !v.removed {
		v.value = j.canonical(r.Value)
	}
	j.versions[string(r.Key)] = append(j.versions[string(r.Key)], v)
}

// Joined takes a record of the topic with what found a match.
func (j *Join) Joined(r *record.Record) {
	result := joinResult{at: place{r.Topic, r.Partition, r.Offset}}
	if j.field != "" {
		result.value, result.right = j.split(r.Value)
	}
	j.result(r, result)
}

// Unmatched takes a record of the topic with what found none.
func (j *Join) Unmatched(r *record.Record) {
	result := joinResult{at: place{r.Topic, r.Partition, r.Offset}, unmatched: true}
	if j.field != "" {
		result.value, _ = j.split(r.Value)
	}
	j.result(r, result)
}

func (j *Join) result(r *record.Record, result joinResult) {
	j.judged++
	id, err := j.by.read(r)
	if err != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "is the result of no known record: %v", err)
		return
	}
	j.results[id] = append(j.results[id], result)
}

// split takes the right record's field out of an object and hashes both parts.
func (j *Join) split(value []byte) (left, right uint64) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(value, &object); err != nil || object == nil {
		return j.canonical(value), 0
	}
	if raw, there := object[j.field]; there {
		right = j.canonical(raw)
		delete(object, j.field)
	}
	rest, _ := json.Marshal(object) // raw messages that were just parsed
	return j.canonical(rest), right
}

// canonical hashes a JSON document by its value, and other bytes as they are.
func (j *Join) canonical(value []byte) uint64 {
	if canonical, ok := record.CanonicalJSON(value); ok {
		value = canonical
	}
	return hashBytes(j.hash.value, value)
}

// Result judges what was fed so far.
func (j *Join) Result() Result {
	found := j.found.clone()
	for _, versions := range j.versions {
		slices.SortStableFunc(versions, func(a, b version) int { return cmp.Compare(a.time, b.time) })
	}
	owners := j.owners()
	for id, in := range j.inputs {
		results := j.results[id]
		at := func(kind string) Finding {
			return Finding{Kind: kind, Topic: in.at.topic, Partition: in.at.partition, Offset: in.at.offset, Key: in.key}
		}
		switch {
		case len(results) == 0:
			found.add(at(MissingResult), "%s %s is neither in %s nor in %s", j.by.name, readable(id), j.topics.Joined,
				j.topics.Unmatched)
		case len(results) > 1:
			slices.SortFunc(results, func(a, b joinResult) int { return a.at.compare(b.at) })
			found.add(at(RepeatedResult), "%s %s has %d results, at %s and at %s", j.by.name, readable(id), len(results),
				results[0].at, results[1].at)
		}
		if j.field != "" {
			for _, result := range results {
				if kind, detail := j.check(in, result, owners); kind != "" {
					found.add(at(kind), "%s %s at %s: %s", j.by.name, readable(id), instant(in.time), detail)
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(j.results)) {
		if j.inputs[id] == nil {
			r := j.results[id][0]
			found.add(Finding{Kind: Unexpected, Topic: r.at.topic, Partition: r.at.partition, Offset: r.at.offset},
				"the result of %s %s, which is not in %s", j.by.name, readable(id), j.topics.Left)
		}
	}
	judge, judged := "join of "+j.topics.Left+" with "+j.topics.Right, j.judged
	if j.field == "" {
		judge = "results of " + j.topics.Left
	}
	if len(j.inputs) == 0 {
		judged = 0
	}
	return found.pronounce(judge, judged, "no record of "+j.topics.Left+" was read")
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
	force := newestAt(j.versions[in.key], in.time)
	removed := slices.ContainsFunc(force, func(v version) bool { return v.removed })
	lives := slices.ContainsFunc(force, func(v version) bool { return !v.removed })
	switch {
	case got.value != in.value:
		return AlteredResult, fmt.Sprintf("the result at %s has other fields than its record", got.at)
	case got.unmatched && lives && !removed:
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
	for _, v := range j.versions[in.key] {
		if v.value == got.right && !v.removed {
			return "the version of " + instant(v.time).String()
		}
	}
	if o, known := owners[got.right]; known {
		return fmt.Sprintf("the version of %s of another key, %s", instant(o.time), readable(o.key))
	}
	if got.right == 0 {
		return "nothing in the field " + j.field
	}
	return "what is not in " + j.topics.Right
}

// newestAt returns the newest versions at a time; more than one only with the same timestamp. Versions are in order of
// time.
func newestAt(versions []version, at int64) []version {
	end, _ := slices.BinarySearchFunc(versions, at+1, func(v version, t int64) int { return cmp.Compare(v.time, t) })
	start := end
	for start > 0 && versions[start-1].time == versions[end-1].time {
		start--
	}
	return versions[start:end]
}
