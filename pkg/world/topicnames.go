package world

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// How long the cluster has to name a topic, and when it is asked again about an id that it did not know.
const (
	nameWithin = 2 * time.Second
	nameAgain  = 500 * time.Millisecond
)

// topicName is the physical name behind a topic id, of which the wire has heard nothing; empty for one that nobody
// knows. Clients speak of ids before a broker has told them the name: librdkafka of what its group has given it.
func (w *World) topicName(id [16]byte) string {
	if id == [16]byte{} {
		return ""
	}
	w.mu.Lock()
	for _, t := range w.topics {
		if t.ID == id {
			w.mu.Unlock()
			return t.Physical
		}
	}
	asked, known := w.unnamed[id]
	if known && time.Since(asked) < nameAgain {
		w.mu.Unlock()
		return ""
	}
	if w.unnamed == nil {
		w.unnamed = map[[16]byte]time.Time{}
	}
	w.unnamed[id] = time.Now()
	w.mu.Unlock()
	return w.askName(id)
}

// askName asks the cluster, for topics that applications made.
func (w *World) askName(id [16]byte) string {
	ctx, cancel := context.WithTimeout(context.Background(), nameWithin)
	defer cancel()
	request := kmsg.NewPtrMetadataRequest()
	topic := kmsg.NewMetadataRequestTopic()
	topic.TopicID = id
	request.Topics = append(request.Topics, topic)
	response, err := request.RequestWith(ctx, w.client)
	if err != nil {
		return ""
	}
	for _, t := range response.Topics {
		if t.TopicID == id && t.Topic != nil {
			return *t.Topic
		}
	}
	return ""
}
