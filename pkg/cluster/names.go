package cluster

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Names translates between the names a scenario uses and those in the cluster, and remembers which were used. On a
// cluster shared by several scenarios each has its own prefix; an empty prefix leaves names as they are. It is safe
// for concurrent use.
type Names struct {
	prefix string

	mu             sync.Mutex
	topics, groups map[string]bool // physical
}

// NewNames returns names with the prefix before each.
func NewNames(prefix string) *Names {
	return &Names{prefix: prefix, topics: map[string]bool{}, groups: map[string]bool{}}
}

// Prefix is what every physical name begins with; "" when names are left as they are.
func (n *Names) Prefix() string { return n.prefix }

// Topic is the physical name of a topic.
func (n *Names) Topic(logical string) string { return n.remember(n.topics, logical) }

// Group is the physical name of a consumer group.
func (n *Names) Group(logical string) string { return n.remember(n.groups, logical) }

// TransactionalID is the physical name of a transactional id. Kafka forgets these by itself, so they are not kept.
func (n *Names) TransactionalID(logical string) string { return n.prefix + logical }

func (n *Names) remember(used map[string]bool, logical string) string {
	physical := n.prefix + logical
	n.mu.Lock()
	defer n.mu.Unlock()
	used[physical] = true
	return physical
}

// LogicalTopic is the name the scenario uses for a topic; false for one of somebody else. Topics that an application
// made itself from a name it was given count as the scenario's.
func (n *Names) LogicalTopic(physical string) (string, bool) { return n.logical(physical) }

// LogicalGroup is the name the scenario uses for a group; false for one of somebody else.
func (n *Names) LogicalGroup(physical string) (string, bool) { return n.logical(physical) }

func (n *Names) logical(physical string) (string, bool) {
	// Names with two underscores are Kafka's own, such as __consumer_offsets.
	if n.prefix == "" && strings.HasPrefix(physical, "__") {
		return "", false
	}
	return strings.CutPrefix(physical, n.prefix)
}

// Undo replaces every physical name in free text by its logical one. Removing the prefix does so for names that begin
// with one another too, whatever their order and length, and for names an application derived from its own.
func (n *Names) Undo(text string) string {
	if n.prefix == "" {
		return text
	}
	return strings.ReplaceAll(text, n.prefix, "")
}

// Topics are the physical names of the topics used so far, sorted.
func (n *Names) Topics() []string { return n.used(n.topics) }

// Groups are the physical names of the groups used so far, sorted.
func (n *Names) Groups() []string { return n.used(n.groups) }

func (n *Names) used(names map[string]bool) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Sorted(maps.Keys(names))
}
