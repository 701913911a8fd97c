package phrase

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Change is what is done to a broker.
type Change string

// The changes.
const (
	Stopped   Change = "stopped"
	Started   Change = "started"
	Killed    Change = "killed"
	Paused    Change = "paused"
	Resumed   Change = "resumed"
	Restarted Change = "restarted"
)

// ParseChange reads what is done to a broker.
func ParseChange(text string) (Change, error) {
	known := []string{string(Killed), string(Paused), string(Restarted), string(Resumed), string(Started), string(Stopped)}
	if slices.Contains(known, text) {
		return Change(text), nil
	}
	err := fmt.Errorf("got %q, want what is done to a broker: %s", text, strings.Join(known, ", "))
	if near := nearest.Word(text, known); near != "" {
		err = fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return "", err
}
