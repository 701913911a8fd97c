package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Replies judges request and reply over topics: each request has one reply with its correlation id, none is twice, none
// answers what nobody asked, and none comes later than a bound, by the timestamps of the two records. A request without
// an id, or with that of another one, cannot have a reply of its own. Requests and replies may be fed in any order.
//
// Memory: some 200 bytes per request and per reply.
type Replies struct {
	requests, replies string // topics
	by                field[string]
	named             namedField    // of the requests
	within            time.Duration // 0: at any time
	asked             map[string]message
	answered          map[string][]message
	found             collector
	judged            int64
}

// message is a record that something is expected of, or that is expected.
type message struct {
	place
	key string
	at  time.Time
}

// NewReplies judges the replies of one topic to the requests of another. By is what they share, in record notation:
// headers.correlation-id. Within is how late a reply may be; 0: nothing is said of that.
func NewReplies(requests, replies, by string, within time.Duration) *Replies {
	return &Replies{requests: requests, replies: replies, by: newIdentity(by, false),
		named: newNamedField(requests, by), within: within, asked: map[string]message{}, answered: map[string][]message{}}
}

func messageOf(topic string, r *record.Record) message {
	return message{place{topic, r.Partition, r.Offset}, string(r.Key), r.Timestamp}
}

func (m message) finding(kind string) Finding {
	return Finding{Kind: kind, Topic: m.topic, Partition: m.partition, Offset: m.offset, Key: m.key}
}

// Request takes a record of the topic of requests.
func (j *Replies) Request(r *record.Record) {
	j.judged++
	j.named.see(r)
	id, err := j.identity(r)
	if err != nil {
		j.found.add(findingAt(Unexpected, j.requests, r), "a request that no reply can name: %v", err)
		return
	}
	if first, there := j.asked[id]; there {
		j.found.add(findingAt(Unexpected, j.requests, r), "has the %s %s of the request at %s; replies cannot be told apart",
			j.by.name, readable(id), first.place)
		return
	}
	j.asked[id] = messageOf(j.requests, r)
}

// Reply takes a record of the topic of replies.
func (j *Replies) Reply(r *record.Record) {
	j.judged++
	id, err := j.identity(r)
	if err != nil {
		j.found.add(findingAt(Unexpected, j.replies, r), "a reply that names no request: %v", err)
		return
	}
	j.answered[id] = append(j.answered[id], messageOf(j.replies, r))
}

func (j *Replies) identity(r *record.Record) (string, error) {
	id, err := j.by.read(r)
	if err == nil && id == "" {
		err = fmt.Errorf("%s is empty", j.by.name)
	}
	return id, err
}

// Result judges what was fed so far.
func (j *Replies) Result() Result {
	judge := "replies to " + j.requests + " in " + j.replies
	if j.named.none() {
		return j.named.unjudged(judge)
	}
	found := j.found.clone()
	for id, request := range j.asked {
		replies := j.answered[id]
		slices.SortFunc(replies, func(a, b message) int { return cmp.Or(a.at.Compare(b.at), a.compare(b.place)) })
		switch {
		case len(replies) == 0:
			found.add(request.finding(MissingReply), "no reply in %s has its %s %s", j.replies, j.by.name, readable(id))
		case len(replies) > 1:
			found.add(request.finding(RepeatedReply), "%d replies have its %s %s, at %s and at %s", len(replies), j.by.name,
				readable(id), replies[0].place, replies[1].place)
		}
		if len(replies) > 0 && j.within > 0 {
			if took := replies[0].at.Sub(request.at); took > j.within {
				found.add(request.finding(LateReply), "its reply at %s came %s later, want at most %s", replies[0].place, took,
					j.within)
			}
		}
	}
	for id, replies := range j.answered {
		if _, there := j.asked[id]; !there {
			found.add(replies[0].finding(Unexpected), "a reply to the %s %s, and no request in %s has it", j.by.name,
				readable(id), j.requests)
		}
	}
	judged := j.judged
	if len(j.asked) == 0 {
		judged = 0
	}
	return found.pronounce(judge, judged, "no request of "+j.requests+" was read")
}
