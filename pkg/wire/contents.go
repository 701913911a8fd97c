package wire

import (
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// contentsOf are the records in batches of any format, from an offset on; control markers are none. What cannot be
// read, and what stands behind it, is left out.
func contentsOf(batches []byte, from int64) (contents []journal.ContentAt) {
	part, _ := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{DisableCRCValidation: true, Offset: from},
		&kmsg.FetchResponseTopicPartition{RecordBatches: batches}, decompressor, nil)
	for _, r := range part.Records {
		contents = append(contents, journal.ContentAt{Offset: r.Offset, Content: journal.ContentOf(r.Key, r.Value)})
	}
	return contents
}

// wanted is what is to be told of the records that are written, which are decompressed for it.
type wanted struct {
	contents bool
	names    *naming // knows from which topics keys are; nil: none are wanted
}

// keys is true of a topic from which compaction takes records.
func (w wanted) keys(of partitionKey) bool {
	return w.names != nil && w.names.compacted(w.names.topic(of.topic, of.topicID))
}

var decompressor = kgo.DefaultDecompressor()

// producedKeys are those of the records of a Produce request for one partition, in their order.
func producedKeys(batches []byte) (keys []journal.Key) {
	part, _ := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{DisableCRCValidation: true},
		&kmsg.FetchResponseTopicPartition{RecordBatches: batches}, decompressor, nil)
	for _, r := range part.Records {
		keys = append(keys, journal.KeyOf(r.Key, r.Value))
	}
	return keys
}

// producedContents are the records of a Produce request for one partition, in their order.
func producedContents(batches []byte) (contents []journal.Content) {
	for _, c := range contentsOf(batches, 0) {
		contents = append(contents, c.Content)
	}
	return contents
}
