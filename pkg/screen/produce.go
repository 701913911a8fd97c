package screen

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Where the fields of a record batch are, in bytes. Source: https://kafka.apache.org/documentation/#recordbatch
const (
	atLength     = 8
	atMagic      = 16
	atCRC        = 17
	atAttributes = 21
	atLastDelta  = 23
	atFirstTime  = 27
	atMaxTime    = 35
	atProducer   = 43
	atEpoch      = 51
	atCount      = 57
	batchHead    = 61
)

// What they can hold.
const (
	usualMagic     = 2
	refusedMagic   = 0x7f // the broker refuses such a batch as CORRUPT_MESSAGE
	codecBits      = 7
	lastCodec      = 4
	appendTimeBit  = 8
	transactionBit = 16
)

// leastProduce is the oldest version of Produce that the broker answers: since then requests hold record batches.
const leastProduce = 3

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errNothing: Apache Kafka closes the connection on which a partition is sent no records at all.
var errNothing = errors.New("got a Produce request with a partition without records, want at least one batch")

type partition struct {
	topic string
	index int32
}

// recordsRefused are batches that were spoilt, so that the broker refuses them too.
type recordsRefused map[partition]*batchRefusal

// batchRefusal says why a batch is refused, and which records of it are at fault.
type batchRefusal struct {
	refused
	records []kmsg.ProduceResponseTopicPartitionErrorRecord
}

// produced looks at the batches of a Produce request, whose body was checked already. It changes them in place: batches
// for topics with LogAppendTime say so, and those that are to be refused are spoilt.
func (s *state) produced(version int16, flexible bool, body []byte) (acks int16, bad recordsRefused, err error) {
	w := walker{rest: body, flexible: flexible}
	transactional := len(w.skip(w.length(2))) > 0
	acks = int16(binary.BigEndian.Uint16(w.skip(2)))
	w.skip(4) // timeout
	now := time.Now()
	for range w.length(4) {
		topic := string(w.skip(w.length(2)))
		rules := s.rulesOf(topic)
		for range w.length(4) {
			p := partition{topic, int32(binary.BigEndian.Uint32(w.skip(4)))}
			batch := w.skip(w.length(4))
			if len(batch) == 0 {
				return acks, nil, errNothing
			}
			why := s.batchRefusal(version, transactional, p, batch, rules, now)
			if why != nil {
				if bad == nil {
					bad = recordsRefused{}
				}
				bad[p] = why
				if len(batch) > atMagic {
					batch[atMagic] = refusedMagic
				}
			}
			w.endStructure()
		}
		w.endStructure()
	}
	return acks, bad, nil
}

func (w *walker) endStructure() {
	if w.flexible {
		w.tags(false)
	}
}

// batchRefusal is what Apache Kafka says of a batch where kfake says something else or nothing; nil otherwise.
func (s *state) batchRefusal(version int16, transactional bool, p partition, batch []byte, r *rules,
	now time.Time) *batchRefusal {
	if why := headRefusal(batch); why != nil {
		return &batchRefusal{refused: *why}
	}
	if batch[atMagic] != usualMagic || len(batch) < batchHead || int64(len(batch)) > r.maxBytes {
		return nil // the broker's own refusal is right
	}
	attributes := binary.BigEndian.Uint16(batch[atAttributes:])
	id, epoch := int64(binary.BigEndian.Uint64(batch[atProducer:])), int16(binary.BigEndian.Uint16(batch[atEpoch:]))
	switch isTransactional := attributes&transactionBit != 0; {
	case isTransactional && !transactional:
		return &batchRefusal{refused: refused{code: kerr.TransactionalIDAuthorizationFailed.Code}}
	case isTransactional && s.isFenced(id, epoch):
		return &batchRefusal{refused: refused{code: kerr.InvalidProducerEpoch.Code}}
	}
	if why := timeRefusal(attributes, batch, p, r, now); why != nil {
		return why
	}
	if set := attributes&appendTimeBit != 0; set != r.appendTime {
		return setAppendTime(batch, attributes, r.appendTime)
	}
	return nil
}

// headRefusal looks at what must be the same in every batch that a client sends.
func headRefusal(batch []byte) *refused {
	if len(batch) <= atMagic {
		return refusal(kerr.InvalidRecord, "Produce requests must have at least one record batch")
	}
	magic, length := batch[atMagic], int(int32(binary.BigEndian.Uint32(batch[atLength:])))+atMagic-4
	switch {
	case magic < usualMagic:
		return refusal(kerr.InvalidRecord, "Produce requests are only allowed to contain record batches with magic version 2")
	case length != len(batch):
		return refusal(kerr.InvalidRecord, "Produce requests must contain exactly one record batch per partition")
	case len(batch) < batchHead || magic != usualMagic:
		return nil
	}
	count := int32(binary.BigEndian.Uint32(batch[atCount:]))
	switch {
	case binary.BigEndian.Uint64(batch) != 0:
		return refusal(kerr.InvalidRecord, "The baseOffset of the record batch should be 0")
	case int32(binary.BigEndian.Uint32(batch[atLastDelta:])) != count-1:
		return refusal(kerr.InvalidRecord, "Inconsistent batch offsets and count of records in a record batch")
	case binary.BigEndian.Uint16(batch[atAttributes:])&codecBits > lastCodec:
		return refusal(kerr.UnknownServerError, "Unknown compression type id")
	}
	return nil
}

// setAppendTime says in a batch who set the time of its records, unless its checksum is wrong.
func setAppendTime(batch []byte, attributes uint16, set bool) *batchRefusal {
	if crc32.Checksum(batch[atAttributes:], castagnoli) != binary.BigEndian.Uint32(batch[atCRC:]) {
		return nil
	}
	attributes &^= appendTimeBit
	if set {
		attributes |= appendTimeBit
	}
	binary.BigEndian.PutUint16(batch[atAttributes:], attributes)
	binary.BigEndian.PutUint32(batch[atCRC:], crc32.Checksum(batch[atAttributes:], castagnoli))
	return nil
}

// fetchedTimes puts right the checksums of batches whose time the broker set: kfake changes the time and leaves the
// checksum as it was. The records are part of the frame, which is changed in place.
func fetchedTimes(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	switch got := answer.(type) {
	case *kmsg.FetchResponse:
		for _, t := range got.Topics {
			for _, p := range t.Partitions {
				repairChecksums(p.RecordBatches)
			}
		}
	case *kmsg.ShareFetchResponse:
		for _, t := range got.Topics {
			for _, p := range t.Partitions {
				repairChecksums(p.Records)
			}
		}
	}
	return false
}

func repairChecksums(batches []byte) {
	for len(batches) >= batchHead {
		end := int(int32(binary.BigEndian.Uint32(batches[atLength:]))) + atMagic - 4
		if end < batchHead || end > len(batches) {
			return
		}
		batch := batches[:end]
		batches = batches[end:]
		if binary.BigEndian.Uint16(batch[atAttributes:])&appendTimeBit != 0 {
			binary.BigEndian.PutUint32(batch[atCRC:], crc32.Checksum(batch[atAttributes:], castagnoli))
		}
	}
}

// producedAnswer puts right what is said of refused batches.
func (s *state) producedAnswer(request kmsg.Request, note any, answer kmsg.Response) (changed bool) {
	bad := note.(recordsRefused)
	got := answer.(*kmsg.ProduceResponse)
	for i := range got.Topics {
		for j := range got.Topics[i].Partitions {
			p := &got.Topics[i].Partitions[j]
			if p.ErrorCode == 0 {
				continue
			}
			p.BaseOffset, changed = -1, true
			why := bad[partition{got.Topics[i].Topic, p.Partition}]
			switch {
			case why != nil && p.ErrorCode == kerr.CorruptMessage.Code:
				p.ErrorCode, p.ErrorRecords, p.ErrorMessage = why.code, why.records, nil
				if why.words != "" {
					p.ErrorMessage = &why.words
				}
			case p.ErrorCode == kerr.InvalidTxnState.Code && request.GetVersion() >= 11:
				// KIP-890: the producer can abort, and go on.
				p.ErrorCode = kerr.TransactionAbortable.Code
			}
		}
	}
	return changed
}
