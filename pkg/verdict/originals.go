package verdict

import (
	"bytes"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Originals judges that each dead letter has the key and the value of the record it names. Letters are fed first, then
// the records. A letter that names no record is not judged here, that is what Split is for; headers and timestamps may
// differ.
//
// Memory: the key and value of each dead letter.
type Originals struct {
	topic   string
	letters map[position][]record.Record
	judged  int64
	found   collector
}

// NewOriginals judges dead letters of a topic's records.
func NewOriginals(topic string) *Originals {
	return &Originals{topic: topic, letters: map[position][]record.Record{}}
}

// Letter takes a dead letter, and the place of the record that it names.
func (j *Originals) Letter(partition int32, offset int64, letter *record.Record) {
	at := position{partition, offset}
	j.letters[at] = append(j.letters[at], *letter)
}

// Input takes a record of the topic.
func (j *Originals) Input(r *record.Record) {
	for _, letter := range j.letters[position{r.Partition, r.Offset}] {
		j.judged++
		f := findingAt(AlteredLetter, j.topic, r)
		at := place{letter.Topic, letter.Partition, letter.Offset}
		switch {
		case !same(letter.Key, r.Key):
			j.found.add(f, "its dead letter, %s, has the key %s", at, shown(letter.Key))
		case !same(letter.Value, r.Value):
			j.found.add(f, "its dead letter, %s, has the value %s, want %s", at, shown(letter.Value), shown(r.Value))
		}
	}
}

// Result judges what was fed so far.
func (j *Originals) Result() Result {
	return j.found.pronounce("dead letters of "+j.topic, j.judged, "no record that is set aside was read")
}

// same tells null, which is a tombstone, from empty.
func same(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) }

func shown(b []byte) string {
	if b == nil {
		return "null"
	}
	return readable(string(b))
}
