package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

const (
	mostPartitions = 1000
	usualRecords   = 100  // of a partition in an answer
	mostRecords    = 1000 // of a partition in an answer, and of a request
)

type topicsAnswer struct {
	Topics []topicAnswer `json:"topics"`
}

type topicAnswer struct {
	Name       string `json:"name"`
	Partitions int32  `json:"partitions"`
	Offsets    []span `json:"offsets"` // by partition
}

// span is from the first offset of a partition to the one that its next record has.
type span struct {
	Start int64 `json:"start"`
	End   int64 `json:"end"`
}

func (c *control) listTopics(w http.ResponseWriter, r *http.Request) error {
	return c.stand.use(func() error {
		topics, err := c.stand.world.Adopt(r.Context())
		if err != nil {
			return err
		}
		answer := topicsAnswer{Topics: []topicAnswer{}}
		for _, t := range topics {
			one, err := told(r, t)
			if err != nil {
				return err
			}
			answer.Topics = append(answer.Topics, one)
		}
		return write(w, http.StatusOK, answer)
	})
}

func told(r *http.Request, t *world.Topic) (topicAnswer, error) {
	answer := topicAnswer{Name: t.Name, Partitions: t.Partitions, Offsets: []span{}}
	start, _, err := t.Bounds(r.Context())
	if err != nil {
		return answer, err
	}
	end, err := t.Ends(r.Context())
	if err != nil {
		return answer, err
	}
	for p := range end {
		answer.Offsets = append(answer.Offsets, span{start.At(p), end[p]})
	}
	return answer, nil
}

type newTopic struct {
	Name       string             `json:"name"`
	Partitions int32              `json:"partitions"` // 0: one
	Configs    map[string]*string `json:"configs"`
}

func (c *control) createTopic(w http.ResponseWriter, r *http.Request) error {
	given := newTopic{Partitions: 1}
	if err := read(r, &given); err != nil {
		return err
	}
	if given.Partitions < 1 || given.Partitions > mostPartitions {
		return refuse(http.StatusBadRequest, "got partitions %d, want 1 to %d", given.Partitions, mostPartitions)
	}
	return c.stand.use(func() error {
		made, err := c.stand.world.Admin().CreateTopic(r.Context(), given.Partitions, -1, given.Configs, given.Name)
		switch {
		case errors.Is(err, kerr.TopicAlreadyExists):
			return refuse(http.StatusConflict, "topic %q is there already; delete it, or choose another name", given.Name)
		case err != nil && made.ErrMessage != "":
			return refuse(http.StatusBadRequest, "topic %q: %v: %s", given.Name, err, made.ErrMessage)
		case err != nil:
			return refuse(http.StatusBadRequest, "topic %q: %v", given.Name, err)
		}
		t, err := c.topic(r, given.Name)
		if err != nil {
			return err
		}
		answer, err := told(r, t)
		if err != nil {
			return err
		}
		return write(w, http.StatusCreated, answer)
	})
}

// topic is the one of a name. The stand is in use.
func (c *control) topic(r *http.Request, name string) (*world.Topic, error) {
	topics, err := c.stand.world.Adopt(r.Context())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range topics {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	if near := nearest.Word(name, names); near != "" {
		return nil, refuse(http.StatusNotFound, "there is no topic %q; did you mean %q?", name, near)
	}
	return nil, refuse(http.StatusNotFound, "there is no topic %q; make it with POST /topics, or see GET /topics", name)
}

func (c *control) deleteTopic(w http.ResponseWriter, r *http.Request) error {
	return c.stand.use(func() error {
		t, err := c.topic(r, r.PathValue("topic"))
		if err != nil {
			return err
		}
		if _, err := c.stand.world.Admin().DeleteTopic(r.Context(), t.Physical); err != nil {
			return fmt.Errorf("delete topic %q: %w", t.Name, err)
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

// recordText is a record as JSON has it. Key and value are text; those that are no UTF-8 stand as base64 in key64 and
// value64 instead. Neither is null, which a value has in a tombstone.
type recordText struct {
	Partition *int32       `json:"partition,omitempty"`
	Offset    *int64       `json:"offset,omitempty"`
	Timestamp *time.Time   `json:"timestamp,omitempty"`
	Key       *string      `json:"key"`
	Key64     []byte       `json:"key64,omitempty"`
	Value     *string      `json:"value"`
	Value64   []byte       `json:"value64,omitempty"`
	Headers   []headerText `json:"headers,omitempty"`
}

type headerText struct {
	Key     string  `json:"key"`
	Value   *string `json:"value"`
	Value64 []byte  `json:"value64,omitempty"`
}

// text shows bytes as text, or else as they are.
func text(b []byte) (*string, []byte) {
	if b == nil {
		return nil, nil
	}
	if !utf8.Valid(b) {
		return nil, b
	}
	s := string(b)
	return &s, nil
}

func bytesOf(text *string, raw []byte) []byte {
	if text != nil {
		return []byte(*text)
	}
	return raw
}

func textOf(r *record.Record) recordText {
	shown := recordText{Partition: &r.Partition, Offset: &r.Offset, Timestamp: &r.Timestamp}
	shown.Key, shown.Key64 = text(r.Key)
	shown.Value, shown.Value64 = text(r.Value)
	for _, h := range r.Headers {
		one := headerText{Key: h.Key}
		one.Value, one.Value64 = text(h.Value)
		shown.Headers = append(shown.Headers, one)
	}
	return shown
}

func (t recordText) record() record.Record {
	r := record.Record{Partition: -1, Offset: -1, Key: bytesOf(t.Key, t.Key64), Value: bytesOf(t.Value, t.Value64)}
	if t.Partition != nil {
		r.Partition = *t.Partition
	}
	if t.Timestamp != nil {
		r.Timestamp = *t.Timestamp
	}
	for _, h := range t.Headers {
		r.Headers = append(r.Headers, record.Header{Key: h.Key, Value: bytesOf(h.Value, h.Value64)})
	}
	return r
}

type recordsAnswer struct {
	Records []recordText     `json:"records"`
	Next    map[string]int64 `json:"next"` // by partition: the offset to ask for next
}

func (c *control) readRecords(w http.ResponseWriter, r *http.Request) error {
	most, err := numberIn(r, "limit", usualRecords, 1, mostRecords)
	if err != nil {
		return err
	}
	only, err := numberIn(r, "partition", -1, 0, mostPartitions)
	if err != nil {
		return err
	}
	first, err := numberIn(r, "offset", 0, 0, 1<<62)
	if err != nil {
		return err
	}
	return c.stand.use(func() error {
		t, err := c.topic(r, r.PathValue("topic"))
		if err != nil {
			return err
		}
		if only >= int64(t.Partitions) {
			return refuse(http.StatusBadRequest, "got partition %d, and topic %q has %d, from 0 on", only, t.Name,
				t.Partitions)
		}
		from := map[int32]int64{}
		for p := range t.Partitions {
			if only < 0 || int32(only) == p {
				from[p] = first
			}
		}
		page, next, err := t.Page(r.Context(), from, most, mostAnswer)
		if err != nil {
			return err
		}
		answer := recordsAnswer{Records: []recordText{}, Next: map[string]int64{}}
		for i := range page {
			answer.Records = append(answer.Records, textOf(&page[i]))
		}
		for p, offset := range next {
			answer.Next[strconv.Itoa(int(p))] = offset
		}
		return write(w, http.StatusOK, answer)
	})
}

func (c *control) sendRecords(w http.ResponseWriter, r *http.Request) error {
	var given struct {
		Records []recordText `json:"records"`
	}
	if err := read(r, &given); err != nil {
		return err
	}
	if n := len(given.Records); n < 1 || n > mostRecords {
		return refuse(http.StatusBadRequest, "got %d records, want 1 to %d", n, mostRecords)
	}
	return c.stand.use(func() error {
		t, err := c.topic(r, r.PathValue("topic"))
		if err != nil {
			return err
		}
		var records []record.Record
		for _, one := range given.Records {
			if records = append(records, one.record()); records[len(records)-1].Partition >= t.Partitions {
				return refuse(http.StatusBadRequest, "got partition %d, and topic %q has %d, from 0 on", *one.Partition, t.Name,
					t.Partitions)
			}
		}
		if err := t.Send(r.Context(), records); err != nil {
			return refuse(http.StatusBadRequest, "%v", err)
		}
		answer, err := told(r, t)
		if err != nil {
			return err
		}
		return write(w, http.StatusOK, answer)
	})
}

// numberIn is a number of the query.
func numberIn(r *http.Request, name string, usual, least, most int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, refuse(http.StatusBadRequest, "got %s=%q, want a whole number from %d to %d", name, text, least, most)
	}
	return n, nil
}
