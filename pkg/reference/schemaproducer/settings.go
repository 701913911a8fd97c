package schemaproducer

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	topic    string // physical
	versions []version
	events   int64 // of each version
	users    int64
	start    time.Time // timestamp of the first event; each next one is a millisecond later

	first, longest time.Duration // waits for the registry: the first, doubled up to the longest
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	format, numbers := s.String("format", "avro"), s.Strings("versions", []string{"1", "2"})
	set := settings{
		events:  s.Int("events-per-version", 100),
		users:   s.Int("users", 10),
		start:   time.Now().Truncate(time.Millisecond),
		first:   s.Duration("retry-backoff", 100*time.Millisecond),
		longest: s.Duration("retry-backoff-max", 5*time.Second),
	}
	if err := s.Err(); err != nil {
		return set, err
	}
	if names[format] == "" {
		return set, fmt.Errorf("setting format: got %q, want avro or json-schema", format)
	}
	var chosen []int
	for _, text := range numbers {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > known {
			return set, fmt.Errorf("setting versions: got %q, want versions of the schema from 1 to %d, such as [1, 2, 3]", text,
				known)
		}
		if slices.Contains(chosen, n) {
			return set, fmt.Errorf("setting versions: got %d twice, want each version once", n)
		}
		chosen = append(chosen, n)
	}
	if len(chosen) == 0 || set.events <= 0 || set.users <= 0 {
		return set, fmt.Errorf("got %d versions, events-per-version %d, users %d, want at least 1 of each", len(chosen),
			set.events, set.users)
	}
	if set.first <= 0 || set.longest < set.first {
		return set, fmt.Errorf("got retry-backoff %v, retry-backoff-max %v, want a wait above zero that does not shrink",
			set.first, set.longest)
	}
	if len(env.Outputs) == 0 {
		return set, errors.New("no output topic; name one")
	}
	if env.Registry == "" {
		return set, errors.New("no schema registry; set SCHEMA_REGISTRY_URL to its address")
	}
	if _, err := schema.CheckAddress(env.Registry); err != nil {
		return set, err
	}
	set.topic = env.Outputs[0]
	var err error
	set.versions, err = load(format, chosen)
	return set, err
}
