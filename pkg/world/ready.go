package world

// Members that are to be ready: when one is, and what to look at where it does not become so.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// readiness returns the check that an application that is about to start has joined its group: the group is stable, has
// given out partitions, and has a member that was not there before and calls itself by the application's name. A client
// that chooses its own id only has to be new. With more members than partitions the new one may rightly hold none.
func (a *Application) readiness(ctx context.Context) func(context.Context) (bool, error) {
	group := a.world.Group(a.Group)
	before := map[string]bool{} // those of a killed application stay until their session ends
	if members, err := group.members(ctx); err == nil {
		for _, m := range members {
			before[m.id] = true
		}
	}
	began := a.world.Journal.Since(time.Now())
	return func(ctx context.Context) (bool, error) {
		if other, since := a.settledIn(began); other != "" {
			return false, await.Permanent(fmt.Errorf("it has worked in group %q for %v, and asked nothing of group %q",
				other, since.Truncate(time.Second), a.Group))
		}
		if a.cameAndWent(began) {
			return true, nil
		}
		members, err := group.members(ctx)
		if err != nil {
			return false, err
		}
		assigned, joined := false, false
		for _, m := range members {
			if m.state != stable {
				return false, nil
			}
			assigned = assigned || a.given(m)
			joined = joined || !before[m.id] && a.mayBe(m)
		}
		return assigned && joined, nil
	}
}

// cameAndWent is true where the wire saw the group give the application partitions of what it is to read, and the
// application leave again: it was ready, though nobody who asks the group now can see it.
func (a *Application) cameAndWent(began time.Duration) bool {
	seen, wired := a.met()
	had, ok := seen.given[a.Group]
	return wired && ok && had.at >= began && seen.left > 0 && slices.ContainsFunc(had.partitions, a.reads)
}

// settles is the least time that an application may read its topics in another group until it counts as one that takes
// the name of its group from elsewhere. One with several consumers, some in groups of their own, starts one by one: it
// has twice the time that the first of them took, which tells how busy the machine is.
const settles = 3 * time.Second

// settledIn is the group of nobody in the scenario that the application is in, in place of its own, and for how long:
// one that has given it partitions of what it is to read. It is empty for none, and where the wire does not tell.
func (a *Application) settledIn(began time.Duration) (group string, since time.Duration) {
	seen, wired := a.met()
	if _, joined := seen.joined[a.Group]; joined || !wired || seen.sought[a.Group] {
		return "", 0
	}
	now := a.world.Journal.Since(time.Now())
	for _, group := range a.strangeGroups(&seen) {
		had, ok := seen.given[group]
		since = now - had.at
		if ok && since >= max(settles, 2*(had.at-began)) && slices.ContainsFunc(had.partitions, a.reads) {
			return group, since
		}
	}
	return "", 0
}

// reads says whether a topic of which a group has given out partitions is one that the application is to read.
func (a *Application) reads(t journal.TopicPartitions) bool {
	return len(t.Partitions) > 0 && slices.Contains(a.Inputs, t.Topic)
}

// given says whether a member was given partitions of what the application reads. A topic without a name, as kfake
// describes those of KIP-848, may be that.
func (a *Application) given(m member) bool {
	if m.partitions[""] > 0 {
		return true
	}
	return slices.ContainsFunc(a.Inputs, func(input string) bool {
		t, err := a.world.Topic(input)
		if coming := a.world.comes(input); coming != nil {
			t, err = coming, nil
		}
		return err == nil && m.partitions[t.Physical] > 0
	})
}

// mayBe says whether a member can be the application: one that calls itself by the name of another cannot.
func (a *Application) mayBe(m member) bool {
	return m.clientID == a.Name || !a.world.isApplication(m.clientID)
}

// isApplication says whether a client id is the name of one of the scenario's applications.
func (w *World) isApplication(clientID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.applications[clientID]
	return ok
}

// writes returns the check that an application that is about to start has written to a topic: that its log has grown.
// The name is the scenario's, or the one on the cluster.
func (a *Application) writes(ctx context.Context, name string) (func(context.Context) (bool, error), error) {
	logical, _ := a.world.Session.Names().LogicalTopic(name)
	t, err := a.world.Topic(cmp.Or(logical, name))
	if err != nil {
		return nil, fmt.Errorf("ready of application %q in the profile: %w", a.Name, err)
	}
	before, err := t.Ends(ctx)
	if err != nil {
		return nil, err
	}
	a.wrote = name
	return func(ctx context.Context) (bool, error) {
		now, err := t.Ends(ctx)
		if err != nil {
			return false, err
		}
		for p, end := range now {
			if p >= len(before) || end > before[p] {
				return true, nil
			}
		}
		return false, nil
	}, nil
}

// lookWithin bounds how long it is looked for why an application is not ready.
const lookWithin = 5 * time.Second

// notReady says what to look at where a member of a group has not become ready: what it did instead, as far as the
// cluster and the wire tell.
func (a *Application) notReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	return fmt.Errorf("%w; if it is ready otherwise, or later, describe it in the profile with its own condition: "+
		"ready: {log: \"a line it writes then\", timeout: 1m}", a.world.held(errors.New(a.whyNotReady(ctx)), a.Group))
}

func (a *Application) whyNotReady(ctx context.Context) string {
	members, err := a.world.Group(a.Group).members(ctx)
	if err != nil {
		return err.Error()
	}
	if slices.ContainsFunc(members, a.mayBe) {
		return a.givenNothing(members)
	}
	seen, wired := a.met()
	for _, group := range slices.Sorted(maps.Keys(seen.joined)) {
		if refused := seen.joined[group]; group == a.Group && refused != "" {
			return fmt.Sprintf("group %q refuses it with %s", a.Group, refused)
		}
	}
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(seen.joined)), func(g string) bool { return g == a.Group })
	if len(others) == 0 {
		if others, err = a.world.groupsWith(ctx, a.Name); err != nil {
			return err.Error()
		}
	}
	told := fmt.Sprintf("was given the name of group %q in KAFKA_GROUP_ID", a.Group)
	switch {
	case slices.Contains(others, a.Group): // by the name in the feature, which is not that on the cluster
		return fmt.Sprintf("on this cluster group %[1]q has a longer name, which it was given in KAFKA_GROUP_ID, and it has "+
			"joined %[1]q as it stands: let it take the name from there; where it cannot be told the names of its groups and "+
			"topics, write names: fixed under it in the profile (docs/applications.md, Names that it cannot be told)", a.Group)
	case len(others) > 0:
		return fmt.Sprintf("it %s, and has joined another group, %s: look where it takes the name of its group from, and "+
			"have the profile say it there, as ${group} in its env, command or files", told, words.Quoted(others))
	case wired && !seen.connected:
		return "it has not connected to the cluster: look at its log, whether it connects to KAFKA_BOOTSTRAP_SERVERS, and " +
			"whether it only needs longer to start"
	case wired && seen.fetched:
		return fmt.Sprintf("it %s, and reads without having joined it: one that assigns partitions to itself is no member",
			told)
	case wired:
		return fmt.Sprintf("it %s, has connected, and has not asked to join%s: look whether it subscribes to "+
			"KAFKA_INPUT_TOPICS (%s)", told, a.lastAsked(), words.Quoted(a.Inputs))
	}
	return fmt.Sprintf("it %s, and is in no group: look whether it connects to KAFKA_BOOTSTRAP_SERVERS, joins that "+
		"group, and does not assign partitions to itself", told)
}

// lastAsked is what the application last asked the cluster, in brackets; empty where it asked nothing.
func (a *Application) lastAsked() string {
	asked := a.world.proxy.Asked(a.Name)
	if asked.Last == "" {
		return ""
	}
	text := fmt.Sprintf("its last request was %s, %s ago", asked.Last, time.Since(asked.At).Round(time.Second))
	if len(asked.Owed) > 0 {
		text += ", and it waits for the answer to " + strings.Join(asked.Owed, ", ")
	}
	return " (" + text + ")"
}

// givenNothing says why a member of the group was given no partition.
func (a *Application) givenNothing(members []member) string {
	count := words.Counted(len(members), "member")
	if members[0].state != stable {
		return fmt.Sprintf("it has joined group %q, which has %s and is not stable (%s): look for a member that does not "+
			"join again", a.Group, count, members[0].state)
	}
	text := fmt.Sprintf("it has joined group %q, which has %s and has given out no partition of %s", a.Group, count,
		words.Quoted(a.Inputs))
	if seen, _ := a.met(); seen.subscribed != nil && !slices.Equal(seen.subscribed, a.Inputs) {
		return text + fmt.Sprintf(": it has subscribed to %s, and was told otherwise in KAFKA_INPUT_TOPICS",
			words.Quoted(seen.subscribed))
	}
	var partitions []string
	for _, input := range a.Inputs {
		if t, err := a.world.Topic(input); err == nil {
			partitions = append(partitions, fmt.Sprintf("%q has %s", input, words.Counted(t.Partitions, "partition")))
		}
	}
	return text + " (" + strings.Join(partitions, ", ") + "): look what it has subscribed to"
}

// throughWire says whether an application is given addresses of its own: all are but those that the profile says cannot
// use them and, where speed is measured, those on this machine that no step looks at.
func (a *Application) throughWire() bool {
	needs := a.world.options.Needs
	return needs.Wired || !a.Definition.Direct && (!needs.Speed || a.listenAt().Beyond())
}

// groupsWith names the groups that have a member of a client id, those of other scenarios aside.
func (w *World) groupsWith(ctx context.Context, clientID string) ([]string, error) {
	admin := w.Admin()
	listed, err := admin.ListGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("could not look: list groups: %w", err)
	}
	var found []string
	for _, physical := range listed.Groups() {
		if _, own := w.Session.Names().LogicalGroup(physical); !own && cluster.OfScenario(physical) {
			continue
		}
		members, err := w.membersOf(ctx, physical)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(members, func(m member) bool { return m.clientID == clientID }) {
			found = append(found, physical)
		}
	}
	return found, nil
}
