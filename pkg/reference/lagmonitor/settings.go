package lagmonitor

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// lookPatience is how long one look may take; the client retries within it.
const lookPatience = 10 * time.Second

// settings is what can be set. The group and its topics come from the environment, as their names in the cluster are
// not known to who writes settings.
type settings struct {
	Threshold      int64         `setting:"threshold=1000"` // a lag over it is a breach
	For            time.Duration `setting:"for=0s"`         // how long a breach must last to be alerted
	Poll           time.Duration `setting:"poll=1s"`
	Window         time.Duration // setting window; how far back the status of a partition is judged, ten polls
	Isolation      string        `setting:"isolation=read-committed"`    // or read-uncommitted: up to the high watermark
	MetricsAddress string        `setting:"metrics-address=127.0.0.1:0"` // port 0: a free one; empty: no metrics

	group  string
	topics []string
}

func readSettings(env app.Env) (settings, error) {
	set := settings{group: env.WatchedGroup, topics: slices.Compact(slices.Sorted(slices.Values(env.Inputs)))}
	env.Settings.Read(&set)
	set.Window = env.Settings.Duration("window", 10*set.Poll)
	if err := env.Settings.Err(); err != nil {
		return set, err
	}
	switch {
	case set.group == "":
		return set, errors.New("no group; name the consumer group to watch")
	case len(set.topics) == 0:
		return set, errors.New("no input topic; name at least one to watch")
	case set.Isolation != "read-committed" && set.Isolation != "read-uncommitted":
		return set, fmt.Errorf("setting isolation: got %q, want read-committed or read-uncommitted", set.Isolation)
	case set.Threshold < 0 || set.Poll <= 0 || set.Window < 2*set.Poll:
		return set, fmt.Errorf("got threshold %d, poll %v, window %v, want no negative threshold, a poll above zero, and a "+
			"window of at least two polls",
			set.Threshold, set.Poll, set.Window)
	}
	return set, nil
}
