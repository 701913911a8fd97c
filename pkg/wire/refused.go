package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// partitioned tells whether an answer of this API can refuse some partitions and not others.
func partitioned(key int16) bool {
	response := kmsg.ResponseForKey(key)
	return response != nil && field(structure(response), "Topics", reflect.Slice).IsValid()
}

// refused answers a request with errors, or prepares that its answer gets them. It returns what is left to pass on, nil
// when that is nothing.
func (c *connection) refused(x *exchange, r *request, refusals []refusal) ([]byte, error) {
	decoded, err := decodeRequest(r.key, r.version, r.frame[r.body:])
	if err != nil {
		c.cannot(x, err)
		return r.frame, nil
	}
	listed := decoded
	if fetch, ok := decoded.(*kmsg.FetchRequest); ok {
		listed = inSession(fetch, x.asked)
		fetch.MaxWaitMillis = 0 // the error is not to wait for records
	}
	for i := range refusals {
		refusals[i].answer = refuse(listed, refusals[i].code(), refusals[i].selected)
	}
	changed := r.key == apiFetch
	switch {
	case r.key == apiMetadata:
	case r.key == apiFetch && !sessionError(refusals[0].code()):
	case everythingRefused(decoded, refusals, &changed):
		return nil, c.answerRefused(x, refusals)
	}
	x.refusals = refusals
	if !changed {
		return r.frame, nil
	}
	return sized(decoded.AppendTo(r.frame[:r.body:r.body])), nil
}

// everythingRefused takes the partitions that the broker must not get out of the request, and tells whether none is
// left.
func everythingRefused(request kmsg.Request, refusals []refusal, changed *bool) bool {
	for _, r := range refusals {
		if r.by.rule.Action.kind != reject {
			continue
		}
		if r.selected == nil {
			return true
		}
		*changed = true
		if !strip(request, r.selected) {
			return true
		}
	}
	return false
}

// answerRefused answers in place of the broker.
func (c *connection) answerRefused(x *exchange, refusals []refusal) error {
	answer := refusals[len(refusals)-1].answer
	for i := len(refusals) - 2; i >= 0; i-- {
		answer = merge(answer, refusals[i].answer)
	}
	for _, r := range refusals {
		c.fired(x, r.by)
	}
	body := answer.AppendTo(nil)
	c.tell(x, journal.Intercepted, body)
	if x.silent() {
		return nil
	}
	x.watch = nil // told
	return c.answer(x, answerFrame(x.key, x.version, x.correlation, body))
}

// withRefusals puts the errors into the broker's answer. The rule that came first wins.
func (c *connection) withRefusals(x *exchange, body []byte) []byte {
	request := kmsg.RequestForKey(x.key)
	request.SetVersion(x.version)
	answer, err := decodeResponse(request, body)
	if err != nil {
		c.cannot(x, err)
		return body
	}
	for i := len(x.refusals) - 1; i >= 0; i-- {
		r := x.refusals[i]
		if metadata, ok := answer.(*kmsg.MetadataResponse); ok {
			if refuseMetadata(metadata, r.code(), r.selected) {
				c.fired(x, r.by)
			}
			continue
		}
		answer = merge(answer, r.answer)
		c.fired(x, r.by)
	}
	x.giveBack()
	return answer.AppendTo(nil)
}

// inSession is the request as it would be without a fetch session: with all partitions it asks for.
func inSession(request *kmsg.FetchRequest, asked []partitionKey) *kmsg.FetchRequest {
	full := *request
	full.Topics = nil
	for _, key := range asked {
		topic := kmsg.NewFetchRequestTopic()
		topic.Topic, topic.TopicID = key.topic, key.topicID
		if full.Version >= 13 {
			topic.Topic = "" // the answer has the id only
		}
		partition := kmsg.NewFetchRequestTopicPartition()
		partition.Partition = key.partition
		topic.Partitions = append(topic.Partitions, partition)
		full.Topics = append(full.Topics, topic)
	}
	return &full
}
