package verdict

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// ErrInconclusive is what errors.Is finds in the error of a result that is
// neither pass nor fail.
var ErrInconclusive = errors.New("inconclusive")

// findingsShown is how many findings an error's text has.
const findingsShown = 5

// Error is a Result that is not a pass.
type Error struct{ Result Result }

// Error says what was judged, how much was found, the first findings, and where to look.
func (e *Error) Error() string {
	r := e.Result
	if r.Outcome == Inconclusive {
		return fmt.Sprintf("%s: %s: %s", r.Judge, Inconclusive, r.Why)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: got %s, want none (%d looked at)", r.Judge, totals(r.Kinds), r.Judged)
	for _, f := range r.Findings[:min(len(r.Findings), findingsShown)] {
		fmt.Fprintf(&b, "\n  %s", f)
	}
	if more := r.Total - int64(min(len(r.Findings), findingsShown)); more > 0 {
		fmt.Fprintf(&b, "\n  … and %d more", more)
	}
	if r.Passing > 0 {
		fmt.Fprintf(&b, "\n  not shown, as more records may take it back: %s", words.Counted(r.Passing, "other finding"))
	}
	for _, k := range r.Kinds {
		if advice := AdviceOn(k.Kind); advice != "" {
			fmt.Fprintf(&b, "\n  %s: %s", k.Kind, advice)
		}
	}
	return b.String()
}

// Is makes errors.Is(err, ErrInconclusive) work.
func (e *Error) Is(target error) bool {
	return target == ErrInconclusive && e.Result.Outcome == Inconclusive
}

// totals is "2 × lost write (9 records), 1 × duplicate".
func totals(kinds []KindTotal) string {
	parts := make([]string, len(kinds))
	for i, k := range kinds {
		parts[i] = fmt.Sprintf("%d × %s", k.Findings, k.Kind)
		if k.Records != k.Findings {
			parts[i] += fmt.Sprintf(" (%s)", words.Counted(k.Records, "record"))
		}
	}
	return strings.Join(parts, ", ")
}
