package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// TestCompatible holds the modes against the changes that tell them apart.
func TestCompatible(t *testing.T) {
	const (
		plain     = idField
		defaulted = idField + `,{"name":"n","type":"int","default":0}` // readable both ways
		required  = idField + `,{"name":"n","type":"int"}`             // new readers cannot read old records
		none      = `{"name":"x","type":"int","default":0}`            // old readers of plain cannot read new records
	)
	for _, c := range []struct {
		name     string
		versions []string
		next     string
		accepted string // by these modes; the others refuse
	}{
		{"field with default", []string{plain}, defaulted, "BACKWARD FORWARD FULL BACKWARD_TRANSITIVE FORWARD_TRANSITIVE " +
			"FULL_TRANSITIVE"},
		{"required field", []string{plain}, required, "FORWARD FORWARD_TRANSITIVE"},
		{"field removed", []string{plain}, none, "BACKWARD BACKWARD_TRANSITIVE"},
		{"int to long", []string{small}, large, "BACKWARD BACKWARD_TRANSITIVE"},
		{"symbol added", []string{state}, wider, "BACKWARD BACKWARD_TRANSITIVE"},
		{"symbol removed", []string{wider}, state, "FORWARD FORWARD_TRANSITIVE"},
		{"union widened", []string{union}, wide, "BACKWARD BACKWARD_TRANSITIVE"},
		{"renamed with alias", []string{idField}, `{"name":"key","type":"string","aliases":["id"]}`,
			"BACKWARD BACKWARD_TRANSITIVE"},
		{"nested field with default", []string{city}, zipped,
			"BACKWARD FORWARD FULL BACKWARD_TRANSITIVE FORWARD_TRANSITIVE FULL_TRANSITIVE"},
		{"readable by the latest only", []string{required, defaulted}, plain, "BACKWARD FORWARD FULL BACKWARD_TRANSITIVE"},
		{"reads the latest only", []string{plain, defaulted}, required, "BACKWARD FORWARD FULL FORWARD_TRANSITIVE"},
		{"first version", nil, required, "BACKWARD FORWARD FULL BACKWARD_TRANSITIVE FORWARD_TRANSITIVE FULL_TRANSITIVE"},
	} {
		for _, level := range []sr.CompatibilityLevel{sr.CompatBackward, sr.CompatForward, sr.CompatFull,
			sr.CompatBackwardTransitive, sr.CompatForwardTransitive, sr.CompatFullTransitive} {
			t.Run(c.name+"/"+level.String(), func(t *testing.T) {
				var versions []*schema.Schema
				for _, v := range c.versions {
					versions = append(versions, parse(t, schema.Avro, user(v)))
				}
				err := schema.Compatible(level, parse(t, schema.Avro, user(c.next)), versions)
				accepted := strings.Contains(" "+c.accepted+" ", " "+level.String()+" ")
				if (err == nil) != accepted {
					t.Errorf("got %v, want accepted %v", err, accepted)
				}
			})
		}
	}
}

func TestCompatibleWithoutACheck(t *testing.T) {
	old := parse(t, schema.JSON, `{"type":"object"}`)
	if err := schema.Compatible(sr.CompatBackward, parse(t, schema.JSON, `{"type":"string"}`),
		[]*schema.Schema{old}); !errors.Is(err, schema.ErrNotChecked) {
		t.Errorf("got %v, want ErrNotChecked", err)
	}
	if err := schema.Compatible(sr.CompatNone, parse(t, schema.Avro, `"int"`), []*schema.Schema{old}); err != nil {
		t.Errorf("got %v, want NONE to accept anything", err)
	}
	var mismatch *schema.MismatchError
	if err := schema.Compatible(sr.CompatBackward, parse(t, schema.Avro, `"int"`), []*schema.Schema{old}); !errors.As(err,
		&mismatch) {
		t.Errorf("got %v, want another type to be refused", err)
	}
}
