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

// settings is what can be set; readSettings has the names and defaults. The group and its topics come from the
// environment, as their names in the cluster are not known to who writes settings.
type settings struct {
	group          string
	topics         []string
	threshold      int64         // a lag over it is a breach
	forTime        time.Duration // how long a breach must last to be alerted
	poll           time.Duration
	window         time.Duration // how far back the status of a partition is judged
	committed      bool          // read-committed: lag up to the last stable offset
	metricsAddress string        // port 0: a free one; empty: no metrics
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	set := settings{
		group:          env.WatchedGroup,
		topics:         slices.Compact(slices.Sorted(slices.Values(env.Inputs))),
		threshold:      s.Int("threshold", 1000),
		forTime:        s.Duration("for", 0),
		poll:           s.Duration("poll", time.Second),
		metricsAddress: s.String("metrics-address", "127.0.0.1:0"),
	}
	set.window = s.Duration("window", 10*set.poll)
	isolation := s.String("isolation", "read-committed")
	set.committed = isolation == "read-committed"
	if err := s.Err(); err != nil {
		return set, err
	}
	switch {
	case set.group == "":
		return set, errors.New("no group; name the consumer group to watch")
	case len(set.topics) == 0:
		return set, errors.New("no input topic; name at least one to watch")
	case isolation != "read-committed" && isolation != "read-uncommitted":
		return set, fmt.Errorf("setting isolation: got %q, want read-committed or read-uncommitted", isolation)
	case set.threshold < 0 || set.poll <= 0 || set.window < 2*set.poll:
		return set, fmt.Errorf("got threshold %d, poll %v, window %v, want no negative threshold, a poll above zero, and a "+
			"window of at least two polls",
			set.threshold, set.poll, set.window)
	}
	return set, nil
}
