package features_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	handoverMembers    = 3
	handoverPartitions = 6  // so that each way to share them out is even
	handoverRecords    = 90 // at a time: most of them are left when something happens

	rightSettle = "5m"  // how long members may take to have their partitions, on any machine
	wrongSettle = "30s" // the same for wrong ones, which may never have them: another schedule is tried then
)

// handoverSchedule is what members with one program do, and how often partitions are handed over meanwhile.
type handoverSchedule struct {
	program, settings string // as in a step, and below it
	seed, count       int
	moved             bool // only partitions that get another owner may be interrupted
	freezes           bool // members do not leave, but freeze and come back
	shared            bool // members are wrong: partitions may have several owners, or none
}

func (s handoverSchedule) title() string { return fmt.Sprintf("seed %d", s.seed) }

// text is the feature. Where the seed is even, members are killed and frozen as well.
func (s handoverSchedule) text() string {
	w := &handoverWriter{handoverSchedule: s, random: rand.New(rand.NewPCG(uint64(s.seed), 0)), left: s.count,
		crashes: s.seed%2 == 0 || s.freezes}
	w.start(0)
	for w.left > 0 {
		w.send()
		_, _ = fmt.Fprintf(w, "    Then for %dms \"orders\" contains at least 1 record\n", 1+w.random.IntN(60))
		w.happen()
	}
	w.send()
	w.step("within %s %s has caught up with \"orders\"", w.within(), w.member(slices.Index(w.up[:], true)))
	w.end()
	w.judge()
	return w.given() + w.String()
}

// handoverWriter writes the feature of a schedule.
type handoverWriter struct {
	handoverSchedule
	strings.Builder
	random  *rand.Rand
	left    int  // handovers
	crashes bool // members may be killed and frozen
	up      [handoverMembers]bool
	begun   [handoverMembers]bool
}

// given declares the members that the schedule starts.
func (w *handoverWriter) given() string {
	text := fmt.Sprintf("Feature: Handovers\n\n  Scenario: %s\n    Given topic \"orders\" with %d partitions\n", w.title(),
		handoverPartitions)
	for i, begun := range w.begun {
		if begun {
			text += fmt.Sprintf("    And application %s %s in group \"crew\" reading \"orders\"\n%s", w.member(i), w.program,
				w.settings)
		}
	}
	return text
}

func (*handoverWriter) member(i int) string { return fmt.Sprintf("\"m%d\"", i+1) }

func (w *handoverWriter) within() string {
	if w.shared {
		return wrongSettle
	}
	return rightSettle
}

func (w *handoverWriter) step(format string, args ...any) {
	_, _ = fmt.Fprintf(w, "    When "+format+"\n", args...)
}

func (w *handoverWriter) send() {
	w.step("%d records from generator \"orders\" are sent to \"orders\"", handoverRecords)
}

// happen has a member join, leave, die, or freeze for so long that the group goes on without it, and come back.
func (w *handoverWriter) happen() {
	i := w.random.IntN(handoverMembers)
	switch {
	case !w.up[i]:
		w.start(i)
	case w.running() == 1:
		w.start((i + 1) % handoverMembers)
	case w.crashes && !w.freezes && w.random.IntN(3) == 0:
		w.stop(i, "killed")
	case w.freezes || w.crashes && w.random.IntN(2) == 0:
		w.stop(i, "paused")
		w.send()
		w.up[i] = true
		w.step("application %s is resumed", w.member(i))
		w.settle()
	default:
		w.stop(i, "stopped")
	}
}

func (w *handoverWriter) start(i int) {
	word := map[bool]string{false: "started", true: "restarted"}[w.begun[i]]
	w.step("application %s is %s", w.member(i), word)
	w.up[i], w.begun[i] = true, true
	w.settle()
}

func (w *handoverWriter) stop(i int, how string) {
	w.step("application %s is %s", w.member(i), how)
	w.up[i] = false
	w.settle()
}

// settle waits until the members that are up have all partitions, and counts the handover.
func (w *handoverWriter) settle() {
	w.left--
	least := map[bool]string{true: "at least "}[w.shared]
	for i, up := range w.up {
		if up {
			w.step("within %s %s owns %s%d partitions of \"orders\"", w.within(), w.member(i), least,
				handoverPartitions/w.running())
		}
	}
}

func (w *handoverWriter) running() (n int) {
	for _, up := range w.up {
		if up {
			n++
		}
	}
	return n
}

// end stops all members but one, one after the other: librdkafka may not end when a rebalance begins as it is closed.
func (w *handoverWriter) end() {
	for w.running() > 1 {
		w.stop(slices.Index(w.up[:], true), "stopped")
	}
}

// judge writes what must hold of the whole history. Without crashes nothing is done twice.
func (w *handoverWriter) judge() {
	w.WriteString(`    Then no partition of "orders" had two owners in group "crew"
    And no partition of "orders" was committed in group "crew" by one that no longer owned it
    And every partition of "orders" that was given up in group "crew" was committed before
    And each new owner in group "crew" started where the group had committed on "orders"
`)
	if w.crashes {
		w.WriteString(`    And every record of "orders" was processed in group "crew", twice only if it was not committed at a crash
    And the records of "orders" were processed in group "crew" in order per key, with repeats
`)
	} else {
		w.WriteString(`    And every record of "orders" was processed in group "crew" exactly once
    And the records of "orders" were processed in group "crew" in order per key
`)
	}
	if w.moved && !w.crashes {
		w.WriteString("    And only partitions of \"orders\" that moved were revoked in group \"crew\"\n")
	}
	for i, up := range w.up { // one that had little time need not have gone on reading
		if up {
			_, _ = fmt.Fprintf(w, "    And %s read \"orders\" without skipping records or going back\n", w.member(i))
		}
	}
}
