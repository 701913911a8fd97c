package verdict

import (
	"bytes"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Originals judges that each dead letter has the key and the value of the record it names. Letters are fed first, then
// the records. A letter that names no record is not judged here, that is what Split is for; headers and timestamps may
// differ.
//
// Memory: the key and value of each dead letter.
type Originals struct {
	topic     string
	letters   map[position][]*heldLetter
	lengths   map[int]bool             // of keys and values together, of all letters
	byContent map[string][]*heldLetter // by key and value
	altered   []alteration
	judged    int64
	buffer    []byte
}

// heldLetter is a dead letter, and the first record that it is a copy of, wherever that stands.
type heldLetter struct {
	record.Record
	copies *place
}

type alteration struct {
	finding Finding
	letter  *heldLetter
	what    string
}

// NewOriginals judges dead letters of a topic's records.
func NewOriginals(topic string) *Originals {
	return &Originals{topic: topic, letters: map[position][]*heldLetter{}, lengths: map[int]bool{},
		byContent: map[string][]*heldLetter{}}
}

// Letter takes a dead letter, and the place of the record that it names.
func (j *Originals) Letter(partition int32, offset int64, letter *record.Record) {
	at, one := position{partition, offset}, &heldLetter{Record: *letter}
	j.letters[at] = append(j.letters[at], one)
	j.lengths[len(letter.Key)+len(letter.Value)] = true
	held := string(j.keyAndValue(letter))
	j.byContent[held] = append(j.byContent[held], one)
}

// Input takes a record of the topic.
func (j *Originals) Input(r *record.Record) {
	if j.lengths[len(r.Key)+len(r.Value)] {
		for _, letter := range j.byContent[string(j.keyAndValue(r))] {
			if letter.copies == nil {
				letter.copies = &place{j.topic, r.Partition, r.Offset}
			}
		}
	}
	for _, letter := range j.letters[position{r.Partition, r.Offset}] {
		j.judged++
		what := ""
		switch {
		case !same(letter.Key, r.Key):
			what = "the key " + shown(letter.Key)
		case !same(letter.Value, r.Value):
			what = fmt.Sprintf("the value %s, want %s", shown(letter.Value), shown(r.Value))
		default:
			continue
		}
		j.altered = append(j.altered, alteration{findingAt(AlteredLetter, j.topic, r), letter, what})
	}
}

// Result judges what was fed so far.
func (j *Originals) Result() Result {
	var found collector
	for _, a := range j.altered {
		at, of := place{a.letter.Topic, a.letter.Partition, a.letter.Offset}, ""
		if a.letter.copies != nil {
			of = fmt.Sprintf("; it is a copy of %s, so look at the headers that name its record", a.letter.copies)
		}
		found.add(a.finding, "its dead letter, %s, has %s%s", at, a.what, of)
	}
	return found.pronounce("dead letters of "+j.topic, j.judged, "no record that is set aside was read")
}

// keyAndValue is the same for records of the same key and value, and for no others, until it is called again.
func (j *Originals) keyAndValue(r *record.Record) []byte {
	j.buffer = fmt.Appendf(j.buffer[:0], "%t %t %d ", r.Key == nil, r.Value == nil, len(r.Key))
	j.buffer = append(append(j.buffer, r.Key...), r.Value...)
	return j.buffer
}

// same tells null, which is a tombstone, from empty.
func same(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) }

func shown(b []byte) string {
	if b == nil {
		return "null"
	}
	return readable(string(b))
}
