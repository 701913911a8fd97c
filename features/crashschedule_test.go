package features_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

const crashInstances = 3

// crashWriter writes the feature of a schedule.
type crashWriter struct {
	crashing
	strings.Builder
	random *rand.Rand
	up     [crashInstances]bool
	begun  [crashInstances]bool
	slept  [crashInstances]bool // it may have lost its partitions, and no record need come to it for a while
	sent   int                  // parts
}

// schedule writes the feature of a seed.
func (c crashing) schedule(seed int) string {
	w := &crashWriter{crashing: c, random: rand.New(rand.NewPCG(uint64(seed), 0))}
	fmt.Fprintf(&w.Builder, "Feature: Crashes\n\n  Scenario: %s\n%s", c.title(seed), c.topics)
	for i := range crashInstances {
		fmt.Fprintf(&w.Builder, "    And application %s is the reference %q in group \"crowd\" reading %s\n%s", instance(i),
			c.reference, c.reading, c.settings)
	}
	w.start(0)
	for w.sent < crashParts {
		w.send()
		w.happen()
	}
	if !w.running() {
		w.start(0)
	}
	for _, input := range c.inputs {
		fmt.Fprintf(&w.Builder, "    Then within 1m group \"crowd\" has no lag on %q\n", input)
	}
	w.WriteString(c.then)
	return w.String()
}

func instance(i int) string { return fmt.Sprintf("\"c%d\"", i+1) }

// send sends the next part, in any order of its inputs.
func (w *crashWriter) send() {
	if w.sent == crashParts {
		return
	}
	w.sent++
	for _, i := range w.random.Perm(len(w.inputs)) {
		w.step("%d records from generator \"%s-%d\" are sent to %q", w.counts[i], w.inputs[i], w.sent, w.inputs[i])
	}
}

func (w *crashWriter) step(format string, args ...any) {
	fmt.Fprintf(&w.Builder, "    When "+format+"\n", args...)
}

// pass lets time pass.
func (w *crashWriter) pass(ms int) {
	fmt.Fprintf(&w.Builder, "    Then for %dms %q contains at least 1 record\n", ms, w.inputs[0])
}

func (w *crashWriter) running() bool {
	for _, up := range w.up {
		if up {
			return true
		}
	}
	return false
}

func (w *crashWriter) start(i int) {
	word := "started"
	if w.begun[i] {
		word = "restarted"
	}
	w.step("application %s is %s", instance(i), word)
	w.up[i], w.begun[i], w.slept[i] = true, true, false
}

// happen does something to an instance that fits its state: one that is down is started, one that runs is stopped,
// killed or frozen, at any time or while a request of it is on its way.
func (w *crashWriter) happen() {
	i := w.random.IntN(crashInstances)
	if !w.up[i] {
		w.start(i)
		return
	}
	if w.random.IntN(5) == 0 {
		w.step("application %s is stopped", instance(i))
		w.up[i] = false
		return
	}
	caught := w.random.IntN(2) == 0 && !w.slept[i]
	if caught {
		w.step("the next 1 %s request from %s is held", w.apis[w.random.IntN(len(w.apis))], instance(i))
		w.send()
		w.step("within 1m a request is held")
	} else {
		w.pass(w.random.IntN(200) + 1)
	}
	if w.zombies && w.random.IntN(2) == 0 {
		w.freeze(i, caught)
		return
	}
	w.step("application %s is killed", instance(i))
	w.up[i] = false
	if caught {
		w.step("the held requests are released")
	}
}

// freeze stops an instance where it stands, two times out of three so long that the group goes on without it. What it
// had under way may get to the cluster before it wakes up, or after.
func (w *crashWriter) freeze(i int, caught bool) {
	w.step("application %s is paused", instance(i))
	w.slept[i] = true
	w.send()
	if w.random.IntN(3) == 0 {
		w.pass(300)
	} else {
		w.pass(1200 + w.random.IntN(500))
	}
	release := func() { w.step("the held requests are released") }
	early := w.random.IntN(2) == 0
	if caught && early {
		release()
	}
	if w.random.IntN(8) == 0 {
		w.step("application %s is killed", instance(i)) // it never knew
		w.up[i] = false
	} else {
		w.step("application %s is resumed", instance(i))
	}
	if caught && !early {
		release()
	}
}
