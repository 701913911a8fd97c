package bulkproducer

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// settings is what can be set.
type settings struct {
	Topic         string        `setting:"topic"` // the first output topic, where it is not set; physical
	Events        int64         `setting:"events=1_000_000"`
	Users         int64         `setting:"users=10_000"`
	RecordSize    int           `setting:"record-size=100B"` // of a value
	Seed          int64         `setting:"seed=1"`
	OversizeEvery int64         `setting:"oversize-every=0"` // each so many events one is larger than the topic takes; 0: none
	Compression   string        `setting:"compression=snappy"`
	Linger        time.Duration `setting:"linger=10ms"`
	// Buffer is how many events the client holds at most; its default of 50,000 outgrows the processor's cache.
	Buffer        int           `setting:"buffer=20_000"`
	ProgressEvery time.Duration `setting:"progress-every=1s"`

	codec kgo.CompressionCodec
}

func readSettings(env app.Env) (set settings, err error) {
	env.Settings.Read(&set)
	if err := env.Settings.Err(); err != nil {
		return set, err
	}
	if set.Topic, err = topics.Output(env, set.Topic); err != nil {
		return set, err
	}
	var known bool
	if set.codec, known = access.Codecs[set.Compression]; !known {
		return set, fmt.Errorf("setting compression: got %q, want none, gzip, snappy, lz4 or zstd", set.Compression)
	}
	if set.Events < 0 || set.Users <= 0 || set.OversizeEvery < 0 || set.Buffer <= 0 || set.ProgressEvery <= 0 {
		return set, fmt.Errorf("got events %d, users %d, oversize-every %d, buffer %d, progress-every %v, want none "+
			"negative, and users, buffer and progress-every above zero",
			set.Events, set.Users, set.OversizeEvery, set.Buffer, set.ProgressEvery)
	}
	if least := smallest(set.Users, set.Events); set.RecordSize < least {
		return set, fmt.Errorf("setting record-size: got %d, want at least %d bytes, for the user's id and the number",
			set.RecordSize, least)
	}
	return set, nil
}

// user spreads events over the users evenly and without a pattern: the output function of SplitMix64 (Steele, Lea,
// Flood 2014), which needs no state, so event n has its user whatever came before.
func (set settings) user(seq int64) int64 {
	x := uint64(set.Seed)*0x9e3779b97f4a7c15 + uint64(seq+1)*0xd1342543de82ef95
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return int64(x % uint64(set.Users))
}
