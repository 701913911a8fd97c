package verdict

import (
	"cmp"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// JoinTopics names the topics of a join: each record of Left (payments) gets one result, in Joined with the version of
// Right (users) that was in force at its event time, or in Unmatched when there was none. Without a topic for those the
// rules say what becomes of them.
type JoinTopics struct{ Left, Right, Joined, Unmatched string }

// JoinRules say what a result is, and how records are written. What a picture does not draw, and all where there is
// none, stands where Kafka has it: the key, the event time as the record's timestamp, the content as the value.
type JoinRules struct {
	Field string   // of a joined result, that holds the right record, beside the fields of the left one
	By    string   // what input and result share, in record notation; not asked where pictures draw {id}
	Adds  []string // fields that results have beside those, and that are not looked at
	Null  bool     // what found no match is among the joined results, with null in place of the right record
	// pictures of the topics; one of Joined takes the place of Field and Adds, one of Unmatched that of Adds
	Left, Right, Joined, Unmatched *Picture

	countsOnly bool
}

// Join judges an event-time join of a stream with a versioned table, against an oracle that has read both whole. A
// record of the left topic meets the newest record of the right one that has its key and whose timestamp is not after
// its own; a tombstone there removes what was in force. In which order they arrived does not matter. Of versions with
// one timestamp any will do, as nothing says which is newer.
//
// A result is told by an identity: a field, a header or the key that input and result share. A joined result is the
// JSON object of its left record with the right one's value in one more field, under the key of its left record; the
// order of its fields, spaces and the notation of numbers do not count. An unmatched one is its left record as it was.
// It finds results that are missing or there twice, a wrong version or another key's joined, records left unmatched
// though a version was in force and matched though none was, and content or keys that are altered or invented. All four
// topics may be fed in any order, mixed.
//
// A left record that compaction may have taken before anybody read it may have a result, and need not. A version that
// it may have taken may be in force, or what was before it.
//
// Memory: some 200 bytes per left record and its result, and 100 bytes per version of the right topic.
type Join struct {
	topics JoinTopics
	rules  JoinRules
	by     field[string]
	named  namedField // of the left records
	hash   hasher

	idAsText, keyAsText bool // one of the places where it stands holds texts only
	joined, unmatched   joinShape
	left, right         *Picture                // with a key and a time
	inputs              map[string][]*joinInput // one with an identity, and any number that may be unread
	cleaned             cleaned
	results             map[string][]joinResult
	versions            map[string][]version
	found               collector
	judged              int64
}

// joinInput is a record of the left topic.
type joinInput struct {
	at        place
	key       string // what it is joined by
	text      []byte // the same as a text; nil: it has none, so nothing is in force
	time      int64  // ms
	joined    uint64 // what its joined result has of it
	unmatched uint64
	recordKey uint64
	unread    bool // compaction may have taken it before anybody read it
}

// joinResult is a record of one of the two outputs.
type joinResult struct {
	at        place
	key       uint64 // of the record; 0: it is not looked at
	unmatched bool
	value     uint64 // of the left record's part
	right     uint64 // of the right one's
	nothing   bool   // where the right record should be
}

// version is a record of the right topic.
type version struct {
	time    int64 // ms
	value   uint64
	removed bool
	unread  bool // compaction may have taken it before anybody read it
}

// NewJoin judges a join.
func NewJoin(topics JoinTopics, rules JoinRules) *Join {
	j := &Join{
		topics: topics, rules: rules, hash: newHasher(),
		inputs: map[string][]*joinInput{}, results: map[string][]joinResult{}, versions: map[string][]version{},
	}
	own := [][2]string{{"value", "{left}"}}
	for _, name := range rules.Adds {
		own = append(own, [2]string{"value." + name, "{any}"})
	}
	joined, unmatched := rules.Joined, rules.Unmatched
	if joined == nil {
		joined = drawnAs(append(own, [2]string{"value." + rules.Field, "{right}"})...)
	}
	if unmatched == nil {
		unmatched = drawnAs(own...)
	}
	j.joined, j.unmatched = newJoinShape(joined, rules.Left), newJoinShape(unmatched, rules.Left)
	j.left = rules.Left.with([2]string{"key", "{key}"}, [2]string{"timestamp", "{time}"})
	j.right = rules.Right.with([2]string{"key", "{key}"}, [2]string{"timestamp", "{time}"})
	by := cmp.Or(rules.By, "id")
	for _, drawn := range []*Picture{rules.Left, joined, unmatched} {
		j.idAsText = j.idAsText || drawn.holdsText("id", by)
	}
	j.keyAsText = j.left.holdsText("key", "key") || j.right.holdsText("key", "key")
	j.by, j.named = newIdentity(by, j.idAsText), newNamedField(topics.Left, by)
	return j
}

// NewResults judges only that each record of the left topic has exactly one result, in either output.
func NewResults(topics JoinTopics, by string) *Join {
	return NewJoin(topics, JoinRules{By: by, countsOnly: true})
}

// identity reads what tells a record from others: what a picture draws, or else the field that input and result share.
func (j *Join) identity(r *content, picture *Picture) (string, error) {
	d := picture.of("id")
	if d == nil {
		return j.by.read(r.Record)
	}
	parts, err := d.read(r)
	if err != nil {
		return "", err
	}
	for _, c := range parts {
		if id, there := c.identity(j.idAsText); c.name == "id" && there {
			return id, nil
		}
	}
	return "", fmt.Errorf("%s: %w", d.place, errNothing)
}

// Left takes a record of the topic whose records each get a result.
func (j *Join) Left(r *record.Record) {
	j.judged++
	j.input(r, false)
}

// LeftUnread takes such a record that is gone, as compaction may have taken it before anybody read it.
func (j *Join) LeftUnread(r *record.Record) {
	j.cleaned.unread(r)
	j.input(r, true)
}

func (j *Join) input(r *record.Record, unread bool) {
	if j.rules.Left.of("id") == nil {
		j.named.see(r)
	}
	whole := contentOf(r)
	id, err := j.identity(whole, j.rules.Left)
	if err != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "cannot be told from others: %v", err)
		return
	}
	if first := read(j.inputs[id]); first != nil && !unread {
		j.found.add(findingAt(Unexpected, r.Topic, r), "has the identity %s of the record at %s; results "+
			"cannot be told apart", readable(id), first.at)
		return
	}
	in := &joinInput{at: place{r.Topic, r.Partition, r.Offset}, unread: unread}
	j.inputs[id] = append(j.inputs[id], in)
	if j.rules.countsOnly {
		in.key = string(r.Key)
		return
	}
	if in.key, in.text, in.time, err = j.keyAndTime(whole, j.left); err != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "cannot be joined: %v", err)
		return
	}
	in.recordKey = hashBytes(j.hash.key, r.Key)
	in.joined, in.unmatched = j.ofLeft(j.joined, whole, in), j.ofLeft(j.unmatched, whole, in)
}

// Right takes a record of the topic that is joined: a version of its key, or a tombstone.
func (j *Join) Right(r *record.Record) { j.version(r, false) }

// RightUnread takes such a record that is gone, as compaction may have taken it before anybody read it.
func (j *Join) RightUnread(r *record.Record) { j.version(r, true) }

func (j *Join) version(r *record.Record, unread bool) {
	j.judged++
	whole := contentOf(r)
	key, text, at, err := j.keyAndTime(whole, j.right)
	switch {
	case err != nil:
		j.found.add(findingAt(Unexpected, r.Topic, r), "is no version of anything: %v", err)
	case text == nil: // nothing is joined with it
	case r.Value == nil:
		j.versions[key] = append(j.versions[key], version{time: at, removed: true, unread: unread})
	default:
		j.versions[key] = append(j.versions[key], version{time: at, value: j.ofRight(whole), unread: unread})
	}
}

// Joined takes a record of the topic with what found a match.
func (j *Join) Joined(r *record.Record) { j.result(r, j.joined, false) }

// Unmatched takes a record of the topic with what found none.
func (j *Join) Unmatched(r *record.Record) { j.result(r, j.unmatched, true) }

func (j *Join) result(r *record.Record, shape joinShape, unmatched bool) {
	j.judged++
	result := joinResult{at: place{r.Topic, r.Partition, r.Offset}, unmatched: unmatched}
	whole := contentOf(r)
	id, err := j.identity(whole, shape.picture)
	if err == nil && !j.rules.countsOnly {
		err = j.ofResult(shape, whole, &result)
	}
	if err != nil {
		j.found.add(findingAt(Unexpected, r.Topic, r), "is the result of no known record: %v", err)
		return
	}
	j.results[id] = append(j.results[id], result)
}
