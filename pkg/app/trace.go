package app

import (
	"fmt"
	"regexp"
	"strings"
)

// lookedThrough is how many of the last lines are looked through for those that are shown.
const lookedThrough = 1000

// frame is a line of a stack trace that names a place in the code: those of the JVM, of JavaScript and of .NET.
var frame = regexp.MustCompile(`^\s+(?:at \S+ ?\(|\.\.\. \d+ (?:more|common frames))`)

// TellingLines gives up to n of the last lines of output, oldest first, with stack traces cut down to what was thrown
// and its causes. A line in place of the others says how many there were.
func (a *App) TellingLines(n int) []string {
	lines := WithoutFrames(a.LastLines(lookedThrough))
	return lines[max(0, len(lines)-n):]
}

// WithoutFrames leaves out the frames of stack traces among lines of output, and says how many there were.
func WithoutFrames(lines []string) (kept []string) {
	left := 0
	flush := func() {
		if left > 0 {
			kept = append(kept, fmt.Sprintf("    … lines of the stack trace left out: %d", left))
		}
		left = 0
	}
	for _, line := range lines {
		if frame.MatchString(line) {
			left++
			continue
		}
		if !strings.HasPrefix(strings.TrimSpace(line), "Caused by: ") {
			flush()
		}
		kept = append(kept, line)
	}
	flush()
	return kept
}
