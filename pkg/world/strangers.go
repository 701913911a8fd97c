package world

// Applications that use other topics and groups than they were told: the wire knows what they asked for.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Strangers says, a line each, which applications asked for topics or groups that are none of the scenario, and
// nothing of those that they were told, or have a security of their own; empty for none. It is for one who looks why a
// scenario has failed.
func (w Scenario) Strangers() string {
	var lines strings.Builder
	for _, name := range w.order {
		if text := w.applications[name].strange(); text != "" {
			fmt.Fprintf(&lines, "\napplication %q %s", name, text)
		}
	}
	return lines.String()
}

// strange says what an application uses in place of what it was told.
func (a *Application) strange() string {
	seen, wired := a.met()
	if !wired || !seen.connected {
		return ""
	}
	if seen.secured != "" && !seen.askedAll && len(seen.asked)+len(seen.sought) == 0 {
		return "has got no further than its login: " + seen.secured + ". It is to take security.protocol from " +
			"KAFKA_SECURITY_PROTOCOL, or from ${kafka.security-protocol} in the profile; where it cannot be told, write " +
			"wire: false under it, and what it says is neither seen nor disturbed (docs/applications.md, TLS and SASL)"
	}
	var did, told []string
	if topics := a.strangeTopics(&seen); len(topics) > 0 {
		did = append(did, "asked for "+strings.Join(topics, " and "))
		told = append(told, "topic "+words.Quoted(a.told()))
	}
	if groups := a.strangeGroups(&seen); len(groups) > 0 {
		did = append(did, "asked for group "+words.Quoted(groups))
		told = append(told, fmt.Sprintf("group %q", a.Group))
	}
	if len(did) == 0 {
		return ""
	}
	advice := "where it has names of its own, call them so in the feature, and on clusters that others use write " +
		"names: fixed under it in the profile"
	if a.world.options.Needs.Fixed != nil {
		advice = "as its names are fixed, call them so in the feature"
	}
	return fmt.Sprintf("%s, of which the scenario knows nothing. It was told %s: look where it takes its names from; %s "+
		"(docs/applications.md)", strings.Join(did, ", and "), strings.Join(told, " and "), advice)
}

// strangeGroups are those that an application in a group asked for in place of its own.
func (a *Application) strangeGroups(seen *contact) []string {
	if a.Group == "" || seen.sought[a.Group] {
		return nil
	}
	groups := slices.Sorted(maps.Keys(seen.sought))
	for _, other := range a.world.applications {
		groups = slices.DeleteFunc(groups, func(g string) bool { return g == other.Group || g == other.Watches })
	}
	return groups
}

// told are the topics that the application was told to read and to write.
func (a *Application) told() []string { return slices.Concat(a.Inputs, a.Outputs) }

// strangeTopics are those that an application asked for, with those that the cluster does not have marked, where there
// is one that it was told and has not asked for. Of an application that asked for all topics as well, as some clients
// do first, they are only those that the cluster does not have.
func (a *Application) strangeTopics(seen *contact) (topics []string) {
	asked := func(topic string) bool { _, asked := seen.asked[topic]; return asked }
	if len(a.told()) == 0 || !slices.ContainsFunc(a.told(), func(t string) bool { return !asked(t) }) {
		return nil
	}
	for _, topic := range slices.Sorted(maps.Keys(seen.asked)) {
		switch {
		case a.world.speaksOf(topic):
		case seen.asked[topic] && seen.askedAll:
		case seen.asked[topic]:
			topics = append(topics, fmt.Sprintf("topic %q", topic))
		default:
			topics = append(topics, fmt.Sprintf("topic %q, which is not on the cluster", topic))
		}
	}
	return topics
}

// speaksOf is true of a topic of the scenario, of one that an application may have made of a name of the scenario, and
// of Kafka's own.
func (w *World) speaksOf(topic string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.topics[topic] != nil || w.coming[topic] != nil || strings.HasPrefix(topic, "__") {
		return true
	}
	for name := range w.topics {
		if cluster.Derived(topic, name) {
			return true
		}
	}
	for _, a := range w.applications {
		if cluster.Derived(topic, a.Group) {
			return true
		}
	}
	return false
}

// tellStrays has the session know what applications made under names that the scenario does not give: topics, and
// groups that they joined. Where the scenario's names are not those of the cluster, the wire has marked the others.
func (w *World) tellStrays() {
	owner, shared := w.Session.(cluster.Owner)
	if !shared {
		return
	}
	fixed := w.Session.Names().Fixed()
	var topics, groups []string
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.TopicMade && f.Error == ""
	}) {
		if fixed || f.Text == journal.ForeignName {
			topics = append(topics, f.Topic)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	declared := map[string]bool{}
	for _, a := range w.applications {
		declared[a.Group], declared[a.Watches] = true, true
	}
	for _, a := range w.applications {
		for group, refused := range a.contact.joined {
			if refused == "" && !declared[group] && (fixed || a.contact.foreign[group]) {
				groups = append(groups, group)
			}
		}
	}
	owner.Strayed(topics, groups)
}
