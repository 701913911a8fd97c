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

// settings is what can be set.
type settings struct {
	Format   string        `setting:"format=avro"` // or json-schema, or protobuf
	Versions []string      // setting versions; numbers of versions, in the order to write them
	Events   int64         `setting:"events-per-version=100"`
	Users    int64         `setting:"users=10"`
	First    time.Duration `setting:"retry-backoff=100ms"`  // the first wait for the registry, doubled each time …
	Longest  time.Duration `setting:"retry-backoff-max=5s"` // … up to this

	topic    string // physical
	versions []version
	start    time.Time // timestamp of the first event; each next one is a millisecond later
}

func readSettings(env app.Env) (settings, error) {
	set := settings{start: time.Now().Truncate(time.Millisecond)}
	env.Settings.Read(&set)
	set.Versions = env.Settings.Strings("versions", []string{"1", "2"})
	if err := env.Settings.Err(); err != nil {
		return set, err
	}
	if names[set.Format] == "" {
		return set, fmt.Errorf("setting format: got %q, want avro, json-schema or protobuf", set.Format)
	}
	var chosen []int
	for _, text := range set.Versions {
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
	if len(chosen) == 0 || set.Events <= 0 || set.Users <= 0 {
		return set, fmt.Errorf("got %d versions, events-per-version %d, users %d, want at least 1 of each", len(chosen),
			set.Events, set.Users)
	}
	if set.First <= 0 || set.Longest < set.First {
		return set, fmt.Errorf("got retry-backoff %v, retry-backoff-max %v, want a wait above zero that does not shrink",
			set.First, set.Longest)
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
	set.versions, err = load(set.Format, chosen)
	return set, err
}
