package verdict

import (
	"cmp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Replies judges request and reply over topics: each request has one reply with its correlation id, none is twice, none
// answers what nobody asked, and none comes later than a bound, by the timestamps of the two records. A request without
// an id, or with that of another one, cannot have a reply of its own. Requests and replies may be fed in any order.
//
// A request that compaction may have taken before anybody read it may have a reply, and need not.
//
// Memory: some 200 bytes per request and per reply.
type Replies struct {
	requests, replies string // topics
	by                field[string]
	named             namedField    // of the requests
	within            time.Duration // 0: at any time
	asked             map[string]message
	unread            map[string][]message
	answered          map[string][]message
	cleaned           cleaned
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
		named: newNamedField(requests, by), within: within, asked: map[string]message{},
		unread: map[string][]message{}, answered: map[string][]message{}}
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
	id, err := identityIn(j.by, r)
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

// Unread takes a request that is gone, as compaction may have taken it before anybody read it.
func (j *Replies) Unread(r *record.Record) {
	j.named.see(r)
	id, err := identityIn(j.by, r)
	j.cleaned.unread(r)
	if err != nil { // nor could a reply name it
		j.cleaned.excuses(r.Partition, r.Offset, nil)
		return
	}
	j.unread[id] = append(j.unread[id], messageOf(j.requests, r))
}

// Reply takes a record of the topic of replies.
func (j *Replies) Reply(r *record.Record) {
	j.judged++
	id, err := identityIn(j.by, r)
	if err != nil {
		j.found.add(findingAt(Unexpected, j.replies, r), "a reply that names no request: %v", err)
		return
	}
	j.answered[id] = append(j.answered[id], messageOf(j.replies, r))
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
		case len(replies) > 1+len(j.unread[id]):
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
	replied := int64(j.besideUnread(&found))
	for id, replies := range j.answered {
		if _, there := j.asked[id]; !there && j.unread[id] == nil {
			found.add(replies[0].finding(Unexpected), "a reply to the %s %s, and no request in %s has it", j.by.name,
				readable(id), j.requests)
		}
	}
	judged := j.judged
	if len(j.asked) == 0 {
		judged = replied
	}
	return j.cleaned.or(found.pronounce(judge, judged, "no request of "+j.requests+" was read"))
}

// besideUnread judges the replies to requests that compaction may have taken unread, and counts them.
func (j *Replies) besideUnread(found *collector) (replied int) {
	for id, unread := range j.unread {
		replies := len(j.answered[id])
		if _, there := j.asked[id]; there {
			replies = max(0, replies-1)
		} else if replies > len(unread) {
			found.add(unread[0].finding(RepeatedReply), "%d replies have its %s %s, at %s and at %s", replies, j.by.name,
				readable(id), j.answered[id][0].place, j.answered[id][1].place)
		}
		replied += replies
		for _, request := range unread[min(replies, len(unread)):] {
			j.cleaned.excuses(request.partition, request.offset, nil)
		}
	}
	return replied
}
