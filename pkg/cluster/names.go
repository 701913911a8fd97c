package cluster

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Names translates between the names a scenario uses and those in the cluster. On a cluster shared by several scenarios
// each has its own prefix; an empty prefix leaves names as they are.
type Names struct {
	prefix string // before the names of topics, groups and transactional ids
	own    string // before what kafkaspec itself needs a name for
	fixed  bool   // the prefix is empty although the cluster is shared

	mu     sync.RWMutex
	called map[string]string // topics by their physical names, where the scenario calls them otherwise
	real   map[string]string // the same, by what it calls them
}

// NewNames returns names with the prefix before each.
func NewNames(prefix string) *Names { return &Names{prefix: prefix, own: prefix} }

// Fixed is true of names that are what the scenario calls them although others use the cluster.
func (n *Names) Fixed() bool { return n.fixed }

// Own is the physical name of a transactional id that kafkaspec uses by itself.
func (n *Names) Own(logical string) string { return n.own + logical }

// ofScenario is a scenario's prefix: when it was made, in seconds, and what is drawn for it. Versions before had the
// second part alone. An application may put something before a name that it was told, as in retry-ks-….
var ofScenario = regexp.MustCompile(`(?:^|[._-])ks-(?:([0-9a-f]{8})-)?[0-9a-f]{8}-`)

// newPrefix is drawn from the system and not from the run's seed: two runs with one seed may use one cluster.
func newPrefix() string {
	drawn := make([]byte, 4)
	_, _ = rand.Read(drawn) // documented to never fail
	return fmt.Sprintf("ks-%08x-%x-", uint32(time.Now().Unix()), drawn)
}

// madeAt is when a scenario made the name; zero where the name does not say.
func madeAt(physical string) time.Time {
	found := ofScenario.FindStringSubmatch(physical)
	if found == nil || found[1] == "" {
		return time.Time{}
	}
	seconds, _ := strconv.ParseUint(found[1], 16, 32) // by the expression
	return time.Unix(int64(seconds), 0)
}

// OfScenario is true for a physical name that belongs to a scenario on a shared cluster, whichever.
func OfScenario(physical string) bool { return ofScenario.MatchString(physical) }

// CallTopic has the scenario call a topic otherwise than the cluster does: one whose name an application made up.
func (n *Names) CallTopic(physical, logical string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.called == nil {
		n.called, n.real = map[string]string{}, map[string]string{}
	}
	n.called[physical], n.real[logical] = logical, physical
}

// Topic is the physical name of a topic.
func (n *Names) Topic(logical string) string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if physical, known := n.real[logical]; known {
		return physical
	}
	return n.prefix + logical
}

// Group is the physical name of a consumer group.
func (n *Names) Group(logical string) string { return n.prefix + logical }

// TransactionalID is the physical name of a transactional id. Kafka forgets these by itself.
func (n *Names) TransactionalID(logical string) string { return n.prefix + logical }

// OwnTransactionalID makes the transactional id of an application the scenario's own, if it is not so already, such as
// one that was made of the group's name. It is nil where no other scenario could use the same.
func (n *Names) OwnTransactionalID() func(id string) string {
	if n.prefix == "" {
		return nil
	}
	return func(id string) string {
		if strings.Contains(id, n.prefix) {
			return id
		}
		return n.TransactionalID(id)
	}
}

// LogicalTopic is the name the scenario uses for a topic; false for one of somebody else. Topics that an application
// made itself from a name it was given count as the scenario's.
func (n *Names) LogicalTopic(physical string) (string, bool) {
	n.mu.RLock()
	logical, known := n.called[physical]
	n.mu.RUnlock()
	if known {
		return logical, true
	}
	return n.logical(physical)
}

// LogicalGroup is the name the scenario uses for a group; false for one of somebody else.
func (n *Names) LogicalGroup(physical string) (string, bool) { return n.logical(physical) }

func (n *Names) logical(physical string) (string, bool) {
	if n.fixed && foreign(physical) || n.prefix == "" && strings.HasPrefix(physical, "__") { // Kafka's own
		return "", false
	}
	return strings.CutPrefix(physical, n.prefix)
}

// Undo replaces every physical name in free text by its logical one. Removing the prefix does so for names that begin
// with one another too, whatever their order and length, and for names an application derived from its own.
func (n *Names) Undo(text string) string {
	if n.own == "" {
		return text
	}
	return strings.ReplaceAll(text, n.own, "")
}
