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

var decompressor = kgo.DefaultDecompressor()

// producedContents are the records of a Produce request for one partition, in their order.
func producedContents(batches []byte) (contents []journal.Content) {
	for _, c := range contentsOf(batches, 0) {
		contents = append(contents, c.Content)
	}
	return contents
}
