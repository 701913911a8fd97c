package schemaproducer

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
	_ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf" // for schemas of that type
)

// Files are the schemas of the events, each by its version: an application is built with the schemas it writes, and
// asks nobody for them.
//
//go:embed versions
var Files embed.FS

// known is how many versions there are in each format.
const known = 6

// version is one version of the events' schema.
type version struct {
	number int
	*schema.Schema
}

// names are the files' in each format.
var names = map[string]string{"avro": "user-v%d.avsc", "json-schema": "customer-v%d.json",
	"protobuf": "account-v%d.proto"}

func load(format string, numbers []int) ([]version, error) {
	var versions []version
	for _, n := range numbers {
		name := fmt.Sprintf(names[format], n)
		text, err := Files.ReadFile("versions/" + name)
		if err != nil {
			return nil, err
		}
		s, err := schema.ParseFile(name, text)
		if err != nil {
			return nil, err
		}
		versions = append(versions, version{n, s})
	}
	return versions, nil
}

// event makes event number seq as a version has it: the application's own code changes with its schema. A user keeps
// key and id, so all that a user did stays in order on one partition, whichever version wrote it.
func (p *publisher) event(v version, seq int64) (*kgo.Record, []byte, error) {
	user := fmt.Sprintf("u%d", seq%p.Users)
	fields := map[string]any{"id": user, "age": 20 + seq%60}
	if v.number == 2 || v.number == 3 {
		fields["email"] = user + "@a.org"
	}
	if v.number >= 3 {
		fields["country"] = "NO"
	}
	switch {
	case v.number >= 5 && v.Type != schema.JSON:
		fields["age"] = 3_000_000_000 + seq%60 // more than an int of 32 bits holds
	case v.number >= 5:
		fields["age"] = float64(20+seq%60) + 0.5
	}
	if v.number >= 6 {
		delete(fields, "id")
		fields["user_id"] = user
	}
	document, err := json.Marshal(fields)
	return &kgo.Record{Topic: p.topic, Key: []byte(user), Timestamp: p.start.Add(time.Duration(seq) * time.Millisecond)},
		document, err
}
