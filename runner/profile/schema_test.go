package profile

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
)

const profileSchema = "../../docs/schema/profile.schema.json"

// TestSchemaHasEveryKey holds the keys of the published schema against those that are read.
func TestSchemaHasEveryKey(t *testing.T) {
	content, err := os.ReadFile(profileSchema)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(content, &schema); err != nil {
		t.Fatal(err)
	}
	application := reflect.TypeFor[applicationEntry]()
	ready, _ := application.FieldByName("Ready")
	var kinds []string
	for _, p := range app.DefaultPatterns {
		kinds = append(kinds, p.Kind)
	}
	const inApplication, inCluster = "$defs/application/properties/", "$defs/cluster/properties/"
	for place, want := range map[string][]string{
		"properties":                     tags(reflect.TypeFor[topEntry]()),
		"properties/defaults/properties": tags(reflect.TypeFor[Defaults]()),
		"properties/defaults/properties/compression/enum": slices.Collect(maps.Keys(access.Codecs)),
		"$defs/cluster/properties":                        tags(reflect.TypeFor[clusterEntry]()),
		inCluster + "tls/oneOf/1/properties":              tags(reflect.TypeFor[tlsEntry]()),
		inCluster + "sasl/properties":                     tags(reflect.TypeFor[saslEntry]()),
		"$defs/application/properties":                    tags(application),
		inApplication + "ready/properties":                tags(ready.Type),
		inApplication + "stop/properties":                 tags(reflect.TypeFor[stop]()),
		inApplication + "stop/properties/signal/enum":     slices.Collect(maps.Keys(app.Signals)),
		inApplication + "patterns/properties":             append(kinds, "defaults"),
		inApplication + "dead-letters/oneOf/0/enum":       slices.Collect(maps.Keys(deadletter.Presets)),
		inApplication + "dead-letters/oneOf/1/properties": append([]string{"preset"}, deadletter.Fields...),
		"$defs/header/oneOf/1/properties/as/enum":         slices.Collect(maps.Keys(headerKinds)),
	} {
		slices.Sort(want)
		if diff := cmp.Diff(want, names(t, schema, place)); diff != "" {
			t.Errorf("%s of %s, which is written by hand, differs from what is read: add there what has a -, and remove "+
				"what has a + (-read +in the schema):\n%s", place, profileSchema, diff)
		}
	}
}

// tags are the keys that a type is read from.
func tags(of reflect.Type) (keys []string) {
	for i := range of.NumField() {
		if key := of.Field(i).Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// names are the keys or the items at a place of the schema, sorted.
func names(t *testing.T, at any, place string) (all []string) {
	t.Helper()
	for step := range strings.SplitSeq(place, "/") {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			at = v[int(step[0]-'0')]
		}
	}
	switch v := at.(type) {
	case map[string]any:
		all = slices.Collect(maps.Keys(v))
	case []any:
		for _, item := range v {
			all = append(all, item.(string))
		}
	default:
		t.Fatalf("got %T at %s of the schema, want keys or items", at, place)
	}
	slices.Sort(all)
	return all
}

// TestSchemaOfProfiles holds profiles against the published schema.
func TestSchemaOfProfiles(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(profileSchema)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(file string) error {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var profile any
		if err := yaml.Unmarshal(content, &profile); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		encoded, err := json.Marshal(profile)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	good := []string{"testdata/kafkaspec.yaml", "../../cmd/kafkaspec/templates/kafkaspec.yaml"}
	for _, pattern := range []string{"../../examples/*/kafkaspec.yaml", "../../features/testdata/*/*/kafkaspec.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("got %d profiles of %s (%v), want some", len(found), pattern, err)
		}
		good = append(good, found...)
	}
	for _, file := range good {
		if err := valid(file); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, name := range []string{"applications", "compression", "list", "names", "stop", "unknown-key",
		"unknown-top-key"} {
		if err := valid(filepath.Join("testdata", "bad", name+".yaml")); err == nil {
			t.Errorf("%s.yaml: got no mistake by the schema, want one", name)
		}
	}
}
