package builtin

// What may stand under the steps about all windows of a topic.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// droppedLate stands in place of a topic of late events.
const droppedLate = "dropped"

// streamTimes are the kinds of stream time that can be asked for.
var streamTimes = []string{string(verdict.SlowestPartition), string(verdict.PerPartition), string(verdict.PerTask),
	string(verdict.Global)}

// readWindowSettings reads what stands under a step about windows. The topic of late events is empty where none is
// named.
func readWindowSettings(given app.Settings, rules *verdict.WindowRules) (late string, err error) {
	rules.Field, rules.IdleAfter = given.String("field", "amount"), given.Duration("idle-after", time.Hour)
	late = given.String("late", "")
	stream, tasks := given.String("stream-time", streamTimes[0]), given.String("tasks", "")
	emits := given.String("emits", "once")
	switch {
	case !slices.Contains(streamTimes, stream):
		return "", given.Refuse("stream-time", stream, "one of "+strings.Join(streamTimes, ", "))
	case stream != streamTimes[0] && given.Has("idle-after"):
		return "", given.Refuse("idle-after", "a time", "none: only the slowest partition waits for idle ones")
	case (stream == string(verdict.PerTask)) != (tasks != ""):
		return "", given.Refuse("tasks", tasks, "the partitions of each task, as in 0+1, 2+3, with stream-time: per task")
	case emits != "once" && emits != "updates":
		return "", given.Refuse("emits", emits, "once or updates")
	}
	rules.Stream, rules.Updates = verdict.StreamTime(stream), emits == "updates"
	known := map[int32]bool{}
	for task := range strings.SplitSeq(tasks, ",") {
		var partitions []int32
		for text := range strings.SplitSeq(task, "+") {
			number, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
			if tasks != "" && (err != nil || number < 0 || known[int32(number)]) {
				return "", given.Refuse("tasks", tasks, "the partitions of each task, each once, as in 0+1, 2+3")
			}
			known[int32(number)] = true
			partitions = append(partitions, int32(number))
		}
		rules.Tasks = append(rules.Tasks, partitions)
	}
	return late, given.Err()
}

// windowsCanBe looks at the sizes and settings of windows before anything runs.
func windowsCanBe(_ world.Surroundings, m steps.Match) error {
	for _, v := range m.Values {
		if d, is := v.Value.(time.Duration); is && d%time.Millisecond != 0 {
			return fmt.Errorf("got %s, want whole milliseconds, as timestamps of Kafka are", v.Text)
		}
	}
	return m.Settings(func(given app.Settings) error {
		_, err := readWindowSettings(given, &verdict.WindowRules{})
		return err
	})
}
