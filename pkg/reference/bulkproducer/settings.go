package bulkproducer

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	topic         string // physical; the first output topic, or the setting
	events        int64
	users         int64
	recordSize    int // bytes of a value
	seed          int64
	oversizeEvery int64 // every so many events one is larger than the topic takes; 0 is never
	compression   kgo.CompressionCodec
	linger        time.Duration
	buffer        int // events the client holds at most; the client's default of 50,000 outgrows the processor's cache
	progressEvery time.Duration
}

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	topic, compression := s.String("topic", ""), s.String("compression", "snappy")
	set := settings{
		events:        s.Int("events", 1_000_000),
		users:         s.Int("users", 10_000),
		recordSize:    int(s.Size("record-size", 100)),
		seed:          s.Int("seed", 1),
		oversizeEvery: s.Int("oversize-every", 0),
		linger:        s.Duration("linger", 10*time.Millisecond),
		buffer:        int(s.Int("buffer", 20_000)),
		progressEvery: s.Duration("progress-every", time.Second),
	}
	if err := s.Err(); err != nil {
		return set, err
	}
	switch {
	case topic != "":
		set.topic = env.Topic(topic)
	case len(env.Outputs) > 0:
		set.topic = env.Outputs[0]
	default:
		return set, fmt.Errorf("no output topic; name one, or set topic")
	}
	var known bool
	if set.compression, known = codecs[compression]; !known {
		return set, fmt.Errorf("setting compression: got %q, want none, gzip, snappy, lz4 or zstd", compression)
	}
	if set.events < 0 || set.users <= 0 || set.oversizeEvery < 0 || set.buffer <= 0 || set.progressEvery <= 0 {
		return set, fmt.Errorf("got events %d, users %d, oversize-every %d, buffer %d, progress-every %v, want none "+
			"negative, and users, buffer and progress-every above zero",
			set.events, set.users, set.oversizeEvery, set.buffer, set.progressEvery)
	}
	if least := smallest(set.users, set.events); set.recordSize < least {
		return set, fmt.Errorf("setting record-size: got %d, want at least %d bytes, for the user's id and the number",
			set.recordSize, least)
	}
	return set, nil
}

// user spreads events over the users evenly and without a pattern: the output function of SplitMix64 (Steele, Lea,
// Flood 2014), which needs no state, so event n has its user whatever came before.
func (set settings) user(seq int64) int64 {
	x := uint64(set.seed)*0x9e3779b97f4a7c15 + uint64(seq+1)*0xd1342543de82ef95
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return int64(x % uint64(set.users))
}
