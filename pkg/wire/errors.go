package wire

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
)

// renamed are errors that Kafka calls otherwise than kerr: the new name by the old one.
var renamed = map[string]string{"NOT_LEADER_FOR_PARTITION": "NOT_LEADER_OR_FOLLOWER"}

// errorName is Kafka's name of an error code: NOT_LEADER_OR_FOLLOWER; NONE for 0.
func errorName(code int16) string {
	known := kerr.TypedErrorForCode(code)
	switch {
	case code == 0:
		return "NONE"
	case known == nil || known.Code != code:
		return fmt.Sprintf("error %d", code)
	case renamed[known.Message] != "":
		return renamed[known.Message]
	}
	return known.Message
}

// ErrorNamed finds an error of the Kafka protocol by its name, without regard to case. Former names are known too.
func ErrorNamed(name string) (*kerr.Error, error) {
	var names []string
	for code := int16(-1); code < 1000; code++ {
		known := kerr.TypedErrorForCode(code)
		if known == nil || known.Code != code {
			continue
		}
		if strings.EqualFold(known.Message, name) || strings.EqualFold(errorName(code), name) {
			return known, nil
		}
		names = append(names, errorName(code))
	}
	return nil, unknown("error", name, names, "NOT_LEADER_OR_FOLLOWER")
}
