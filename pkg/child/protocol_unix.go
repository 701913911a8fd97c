//go:build linux || darwin

package child

import (
	"bufio"
	"slices"
	"strings"
	"time"
)

// What the watchdog reports, one line each: a word, a space, the rest.
const (
	reportStarted = "started" // process id
	reportFailed  = "failed"  // errno
	reportOver    = "over"    // the command has ended by itself or as it was told to
	reportLeft    = "left"    // what outlived the command, quoted; a line for each, before the group is killed
	// reportEnding says that the command has ended and its group is dead. The watchdog reaps it only after the answer,
	// so that the parent never signals an id that has gone to someone else.
	reportEnding = "ending"
	reportExit   = "exit" // exit code and signal name
)

// answerReap is the parent's answer to reportEnding.
const answerReap = 'r'

// order is what the parent writes first, in gob's encoding: arguments and environment may hold any byte.
type order struct {
	Path, Dir string
	Args, Env []string
	Grace     time.Duration // for what the command has started to end as well
}

func readReport(r *bufio.Reader) (word, rest string, err error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", "", err
	}
	word, rest, _ = strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	return word, rest, nil
}

// commandEnvironment drops the watchdog's mark, and all but the last of several values of one name: which of them a
// program takes differs from one to the next.
func commandEnvironment(env []string) []string {
	seen := make(map[string]bool, len(env))
	kept := make([]string, 0, len(env))
	for _, entry := range slices.Backward(env) {
		name, _, _ := strings.Cut(entry, "=")
		if name == watchdogVariable || seen[name] {
			continue
		}
		seen[name] = true
		kept = append(kept, entry)
	}
	slices.Reverse(kept)
	return kept
}
