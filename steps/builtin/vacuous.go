package builtin

// Steps that hold whatever happens, by the values that stand in them.

import (
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/steps"
)

// partitionsOf are the partitions that topics have at some time in a scenario; one that is there already has none.
func partitionsOf(matches []steps.Match) map[string]int64 {
	most := map[string]int64{}
	for _, m := range matches {
		number, ok := firstInt(m)
		if made := m.Definition.Defines == "topic" || m.Definition.Has(growsTopic); made && ok {
			topic := m.Names("topic")[0]
			most[topic] = max(most[topic], number)
		}
	}
	return most
}

func firstInt(m steps.Match) (int64, bool) {
	_, values := m.Expanded()
	for _, v := range values {
		if n, ok := v.Value.(int64); ok {
			return n, true
		}
	}
	return 0, false
}

// holdsAnyway says why a step shows nothing; empty where it may. Partitions are those of the scenario's topics.
func holdsAnyway(m steps.Match, partitions map[string]int64) (text, hint string) {
	phrase, values := m.Expanded()
	places := parameter.FindAllStringIndex(phrase, -1)
	if len(places) != len(values) {
		return "", ""
	}
	topic := ""
	for i, v := range values {
		before, behind := phrase[:places[i][0]], phrase[places[i][1]:]
		number, isNumber := numberOf(v.Value)
		switch {
		case v.Param == "topic":
			topic = v.Text
		case strings.HasSuffix(before, " partition ") && isNumber && partitions[topic] > 0 &&
			(number < 0 || number >= float64(partitions[topic])):
			return fmt.Sprintf("%q has %s, so there is no partition %s", topic,
				words.Counted(partitions[topic], "partition"), v.Text), "partitions are counted from 0"
		case !m.Definition.Awaited: // it expects nothing
		case v.Param == "string" && strings.TrimSpace(v.Text) == "":
			return "an empty text is found everywhere", "write what is expected"
		case strings.HasSuffix(before, "at least ") && isNumber && number <= 0:
			return fmt.Sprintf("at least %s is so whatever happens", v.Text), "want more, or say: exactly 0"
		case strings.HasSuffix(before, " version ") && isNumber && number < 1:
			return fmt.Sprintf("version %s is so of everything, or of nothing", v.Text), "versions to expect begin with 1"
		case v.Param == "percent" && number >= 1 && !strings.HasPrefix(behind, " more"):
			return fmt.Sprintf("what may differ by %s may be anything", v.Text), "allow less than 100%"
		case v.Param == "percent" && strings.HasPrefix(behind, " more than the mean") && partitions[topic] > 0 &&
			number >= float64(partitions[topic]-1):
			return fmt.Sprintf("of %s none can have more than %d%% more than the mean",
				words.Counted(partitions[topic], "partition"), 100*(partitions[topic]-1)), "allow less"
		}
	}
	return "", ""
}

func numberOf(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case time.Duration:
		return float64(n), true
	}
	return 0, false
}
