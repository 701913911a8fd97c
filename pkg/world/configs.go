package world

import (
	"errors"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// CheckTopicConfig finds what is wrong with a topic's configuration before anything is started. Names of other vendors
// are taken as they are.
func CheckTopicConfig(s app.Settings) error {
	for _, known := range topicconfig.Planned() {
		if !s.Has(known.Name) {
			continue
		}
		value := s.String(known.Name, "")
		if want := known.Want(value); want != "" {
			return s.Refuse(known.Name, value, want)
		}
	}
	err := s.Err()
	unknown, ok := errors.AsType[source.Errors](err)
	if !ok {
		return err
	}
	return slices.DeleteFunc(unknown, func(e *source.Error) bool {
		return strings.Contains(e.Error(), `"confluent.`) || strings.Contains(e.Error(), `"redpanda.`)
	}).Err()
}
