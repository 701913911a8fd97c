package runner

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// scenarioLabel is the profiler label that marks the goroutines of a scenario.
const scenarioLabel = "kafkaspec.scenario"

// leavePatience is how long goroutines may take to end once everything is closed.
const leavePatience = 5 * time.Second

// leftGoroutines reports goroutines that a scenario started and that are still there after everything was closed:
// an application that did not end what it began.
func leftGoroutines(label string) error {
	var left string
	looks := 0
	err := await.Until(context.Background(), await.Options{Within: leavePatience, What: "goroutines to end"},
		func(context.Context) (bool, error) {
			if looks++; looks == 1 {
				return false, nil // the last ones end within a moment, and each look reads the stacks of the whole process
			}
			left = labelled(label)
			return left == "", nil
		})
	if err != nil {
		return fmt.Errorf("goroutines were left behind %s after everything was closed; close what the application opens "+
			"before it returns:\n%s", leavePatience, left)
	}
	return nil
}

// labelled returns the stacks of goroutines with the label; "" for none.
func labelled(label string) string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return "" // a profile of a running process to a buffer does not fail
	}
	if !bytes.Contains(profile.Bytes(), []byte(label)) {
		return ""
	}
	var found []string
	for _, stack := range strings.Split(profile.String(), "\n\n") {
		if strings.Contains(stack, `"`+label+`"`) {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}
