package schema

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/sr"
)

// ErrNotChecked is wrapped when compatibility is not known here: that of JSON Schema is not.
var ErrNotChecked = errors.New("compatibility is not checked")

// Compatible says whether a registry at this level takes a new version of a schema beside those that are there, the
// oldest first. BACKWARD: the new one reads what the latest wrote; FORWARD: the latest reads what the new one writes;
// FULL: both; the transitive forms look at all versions. A refusal is a *MismatchError that names the version, from 1.
func Compatible(level sr.CompatibilityLevel, next *Schema, versions []*Schema) error {
	if level == sr.CompatNone || level == 0 || len(versions) == 0 {
		return nil
	}
	first := 0
	if level == sr.CompatBackward || level == sr.CompatForward || level == sr.CompatFull {
		first = len(versions) - 1
	}
	for i, old := range versions[first:] {
		if old.Type != next.Type {
			return &MismatchError{Reason: fmt.Sprintf("version %d is of the type %s, got %s", first+i+1, old.Type, next.Type)}
		}
		switch err := compatiblePair(level, next, old); {
		case errors.Is(err, ErrNotChecked):
			return fmt.Errorf("%w for schemas of the type %s", ErrNotChecked, next.Type)
		case err != nil:
			return &MismatchError{Reason: fmt.Sprintf("not %s with version %d: %v", level, first+i+1, err)}
		}
	}
	return nil
}

func compatiblePair(level sr.CompatibilityLevel, next, old *Schema) error {
	backward := level != sr.CompatForward && level != sr.CompatForwardTransitive
	forward := level != sr.CompatBackward && level != sr.CompatBackwardTransitive
	if backward {
		if err := next.codec.CanRead(old.codec); err != nil {
			return fmt.Errorf("it cannot read what that wrote: %w", err)
		}
	}
	if forward {
		if err := old.codec.CanRead(next.codec); err != nil {
			return fmt.Errorf("that cannot read what it writes: %w", err)
		}
	}
	return nil
}
