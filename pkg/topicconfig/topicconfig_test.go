package topicconfig_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// What is usual is taken by the plan and by the broker, which keeps it as it is.
func TestUsualValuesAreTaken(t *testing.T) {
	for _, s := range topicconfig.All() {
		if want := s.Want(s.Usual); want != "" && s.Usual != "" {
			t.Errorf("%s: a plan refuses %q, and wants %s", s.Name, s.Usual, want)
		}
		if parsed, wrong := s.Parse(s.Usual); wrong != "" || parsed != s.Usual {
			t.Errorf("%s: got %q and %q, want %q taken", s.Name, parsed, wrong, s.Usual)
		}
	}
}

func TestSettingsAreInOrder(t *testing.T) {
	byName := func(a, b topicconfig.Setting) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(topicconfig.All(), byName) {
		t.Error("got settings out of order, want them sorted by name")
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct{ name, value, want, parsed, wrong string }{
		{"cleanup.policy", "compact, delete", "", "compact,delete", ""},
		{"cleanup.policy", "keep", "delete, compact, or both with a comma between", "keep",
			"Invalid value keep for configuration cleanup.policy: String must be one of: compact, delete"},
		{"compression.gzip.level", "0", "", "0",
			"Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1"},
		{"compression.type", "lzma", "one of uncompressed, zstd, lz4, snappy, gzip, producer", "lzma",
			"Invalid value lzma for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, " +
				"gzip, producer"},
		{"min.cleanable.dirty.ratio", "1.5", "a number from 0 to 1", "1.5",
			"Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1"},
		{"preallocate", "yes", "one of true, false", "yes",
			"Invalid value yes for configuration preallocate: Expected value to be either true or false"},
		{"retention.bytes", "-2", "a whole number of at least -1", "-2", ""},
		{"retention.ms", "soon", "a whole number of at least -1", "soon",
			"Invalid value soon for configuration retention.ms: Not a number of type LONG"},
		{"segment.bytes", "14", "", "14",
			"Invalid value 14 for configuration segment.bytes: Value must be at least 1048576"},
	} {
		s := topicconfig.Of(c.name)
		if got := s.Want(c.value); got != c.want {
			t.Errorf("%s %q: a plan wants %q, want %q", c.name, c.value, got, c.want)
		}
		if parsed, wrong := s.Parse(c.value); parsed != c.parsed || wrong != c.wrong {
			t.Errorf("%s %q: got %q and %q, want %q and %q", c.name, c.value, parsed, wrong, c.parsed, c.wrong)
		}
	}
}

// Settings of Apache Kafka 3 can be planned, and the embedded broker does not know them.
func TestEarlierSettingsArePlannedOnly(t *testing.T) {
	const name = "message.format.version"
	if topicconfig.Of(name) != nil {
		t.Errorf("got a broker that knows %s, want none", name)
	}
	if !slices.ContainsFunc(topicconfig.Planned(), func(s topicconfig.Setting) bool { return s.Name == name }) {
		t.Errorf("got no %s in what can be planned, want it", name)
	}
}
