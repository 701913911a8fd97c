package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Requests judges what the records of a topic made an application ask of a service: how often each record was asked
// for, whether anything was asked for that is no record, and the order. Record and request are told by an identity. Of
// several records with one identity, the first request is the first one's, and so on. All records are fed before the
// requests, and requests in the order in which they came.
//
// What is legal depends on the promise, as with Effects. A request of no record is never legal.
//
// A record that compaction may have taken before anybody read it may be asked for, and need not.
//
// Memory: some 200 bytes per record and per request.
type Requests struct {
	topic, service string
	by             field[string]
	named          namedField // of the records
	records        map[string][]message
	ids            []string // in the order of the records
	asked          map[string][]time.Duration
	refused        map[string]map[int]int // requests with an id that were not accepted, by the status of the answer
	unread         map[string]int         // how many records with an id compaction may have taken unread
	cleaned        cleaned
	furthest       map[[2]string]message // by partition and key: the record that was asked for behind all others
	found, order   collector
	judged         int64
	matched        int64
	unclear        []string // requests of which it cannot be told what record they are of
}

// NewRequests judges the requests to a service. By is what tells a record of the topic from others, in record notation.
func NewRequests(topic, service, by string) *Requests {
	return &Requests{topic: topic, service: service, by: newIdentity(by, true), named: newNamedField(topic, by),
		records: map[string][]message{}, unread: map[string]int{}, asked: map[string][]time.Duration{},
		refused: map[string]map[int]int{}, furthest: map[[2]string]message{}}
}

// Unread takes a record that is gone, as compaction may have taken it before anybody read it. It may be asked for, and
// need not.
func (j *Requests) Unread(r *record.Record) {
	j.named.see(r)
	id, err := identityIn(j.by, r)
	j.cleaned.unread(r)
	if err != nil { // nor could a request name it
		j.cleaned.excuses(r.Partition, r.Offset, nil)
		return
	}
	j.unread[id]++
	j.add(id, r)
}

// Record takes a record of the topic.
func (j *Requests) Record(r *record.Record) {
	j.judged++
	j.named.see(r)
	id, err := identityIn(j.by, r)
	if err != nil {
		j.found.add(findingAt(Unexpected, j.topic, r), "a record that no request can name: %v", err)
		return
	}
	j.add(id, r)
}

func (j *Requests) add(id string, r *record.Record) {
	if len(j.records[id]) == 0 {
		j.ids = append(j.ids, id)
	}
	j.records[id] = append(j.records[id], messageOf(j.topic, r))
}

// Request takes a request that the service has accepted, with all in it that may be the identity of a record; shown is
// what else is in it, for a reader.
func (j *Requests) Request(name, shown string, at time.Duration, may []string) {
	var ids []string
	for _, id := range may {
		if len(j.records[id]) > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch {
	case len(ids) > 1:
		j.Unclear(fmt.Sprintf("%s names both %s and %s", name, readable(ids[0]), readable(ids[1])))
		return
	case len(ids) == 0:
		f := Finding{Kind: Unexpected, Topic: j.topic, Partition: -1, Offset: -1}
		j.found.add(f, "%s asked of %s, and it names no record of the topic by its %s: it has %s", name, j.service, j.by.name,
			shown)
		return
	}
	j.matched++
	of, n := j.records[ids[0]], len(j.asked[ids[0]])
	j.asked[ids[0]] = append(j.asked[ids[0]], at)
	if n < len(of) && (j.unread[ids[0]] == 0 || len(of) == 1) { // else it may be another one's
		j.inTurn(of[n], name)
	}
}

// Refused takes a request that the service has not accepted, with the status of the answer, 0 for none. It is a try,
// and told where no other was accepted.
func (j *Requests) Refused(status int, may []string) {
	for i, id := range may {
		if len(j.records[id]) == 0 || slices.Contains(may[:i], id) {
			continue
		}
		if j.refused[id] == nil {
			j.refused[id] = map[int]int{}
		}
		j.refused[id][status]++
	}
}

// lacking says that too few requests with an id were accepted.
func (j *Requests) lacking(id string) string {
	if len(j.asked[id]) > 0 || len(j.refused[id]) == 0 {
		return fmt.Sprintf("no request to %s has its %s %s", j.service, j.by.name, readable(id))
	}
	var tries []string
	for _, status := range slices.Sorted(maps.Keys(j.refused[id])) {
		what := fmt.Sprint("refused with ", status)
		if status < 400 {
			what = "left without an answer"
		}
		tries = append(tries, fmt.Sprint(j.refused[id][status], " ", what))
	}
	return fmt.Sprintf("of the requests to %s with its %s %s none was accepted; %s", j.service, j.by.name,
		readable(id), strings.Join(tries, ", "))
}

// inTurn looks whether a record is asked for behind one of its key that was sent after it.
func (j *Requests) inTurn(m message, name string) {
	lane := [2]string{fmt.Sprint(m.partition), m.key}
	last, before := j.furthest[lane]
	if before && m.offset < last.offset {
		f := Finding{Kind: Reordered, Topic: m.topic, Partition: m.partition, Offset: m.offset, Key: m.key}
		j.order.add(f, "%s asked %s for it after it had asked for offset %d", name, j.service, last.offset)
		return
	}
	j.furthest[lane] = m
}

// Unclear takes a request of which it cannot be told what record it is of.
func (j *Requests) Unclear(why string) { j.unclear = append(j.unclear, why) }

// Result judges what was fed so far by a promise.
func (j *Requests) Result(promise Promise) Result {
	judge := "requests of " + j.topic + " to " + j.service
	if j.named.none() {
		return j.named.unjudged(judge)
	}
	found := j.found.clone()
	for _, id := range j.ids {
		records, asked := j.records[id], j.asked[id]
		if promise != AtMostOnce {
			for _, m := range j.lack(records, len(records)-len(asked)) {
				found.add(m.finding(MissingRequest), "%s", j.lacking(id))
			}
		}
		if promise != AtLeastOnce && len(asked) > len(records) {
			found.add(records[0].finding(RepeatedRequest), "%d requests to %s have its %s %s, the last %s after the first",
				len(asked), j.service, j.by.name, readable(id), (asked[len(asked)-1] - asked[0]).Round(time.Microsecond))
		}
	}
	judged, nothing := j.judged, "no record of "+j.topic+" was read"
	if judged == 0 { // requests for what compaction has taken since
		judged = j.matched
	}
	if promise == AtMostOnce && judged > 0 && j.matched == 0 {
		judged, nothing = 0, "no request to "+j.service+" names a record of "+j.topic+", so none could come twice"
	}
	return j.clear(j.cleaned.or(found.pronounce(judge, judged, nothing)))
}

// lack tells which of the records with one identity have no request, where so many requests are wanting: first those
// that need none, then the last ones.
func (j *Requests) lack(records []message, wanting int) (lack []message) {
	for _, m := range records {
		if wanting > 0 && j.cleaned.excuses(m.partition, m.offset, nil) {
			wanting--
		}
	}
	for _, m := range slices.Backward(records) {
		if wanting > 0 && !j.cleaned.has(j.cleaned.may, m.partition, m.offset) {
			lack = append(lack, m)
			wanting--
		}
	}
	return lack
}

// Order judges the order of the requests alone: those for records of one key come as the records do.
func (j *Requests) Order() Result {
	judge := "order of the requests of " + j.topic + " to " + j.service
	if j.named.none() {
		return j.named.unjudged(judge)
	}
	found := j.order.clone()
	return j.clear(found.pronounce(judge, j.matched,
		"no request to "+j.service+" names a record of "+j.topic))
}

// clear says that nothing can be said where the record of a request is not clear.
func (j *Requests) clear(r Result) Result {
	if len(j.unclear) == 0 {
		return r
	}
	return Result{Judge: r.Judge, Judged: r.Judged, Outcome: Inconclusive, Why: fmt.Sprintf("%s (%d requests like that); "+
		"say where in a request the %s stands", j.unclear[0], len(j.unclear), j.by.name)}
}
