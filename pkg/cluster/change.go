package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// BrokerChange is what is done to a broker.
type BrokerChange string

// The changes.
const (
	BrokerStopped   BrokerChange = "stopped"   // told to end (SIGTERM)
	BrokerStarted   BrokerChange = "started"   // on the same port and data
	BrokerKilled    BrokerChange = "killed"    // SIGKILL
	BrokerPaused    BrokerChange = "paused"    // SIGSTOP: its port stays open, nothing answers
	BrokerResumed   BrokerChange = "resumed"   // SIGCONT
	BrokerRestarted BrokerChange = "restarted" // stopped, then started
)

// ParseBrokerChange reads what is done to a broker.
func ParseBrokerChange(text string) (BrokerChange, error) {
	known := []string{string(BrokerKilled), string(BrokerPaused), string(BrokerRestarted), string(BrokerResumed),
		string(BrokerStarted), string(BrokerStopped)}
	if slices.Contains(known, text) {
		return BrokerChange(text), nil
	}
	err := fmt.Errorf("got %q, want what is done to a broker: %s", text, strings.Join(known, ", "))
	if near := nearest.Word(text, known); near != "" {
		err = fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return "", err
}
