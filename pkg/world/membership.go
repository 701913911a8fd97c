package world

// Membership: what members of consumer groups and the cluster say to each other, as facts from the wire: joins,
// assignments, what is given up or lost, commits, and where reading begins. They hold for clients in any language. Only
// scenarios whose steps ask for such facts have them.

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// The kinds of facts about members of groups. Their fields sent and answered are in the journal's time.
const (
	GroupJoin      journal.Kind = "group-join"      // a member asks to join
	GroupAssigned  journal.Kind = "group-assigned"  // the group tells a member what it is to own
	GroupRevoked   journal.Kind = "group-revoked"   // a member says that it has given up partitions
	GroupLost      journal.Kind = "group-lost"      // the group tells a member that it is none any more
	GroupLeft      journal.Kind = "group-left"      // a member leaves
	GroupHeartbeat journal.Kind = "group-heartbeat" // a member lives; only the first after something happened in the group
	GroupCommit    journal.Kind = "group-commit"    // an offset commit, and its answer
	GroupPosition  journal.Kind = "group-position"  // where an application begins to read a partition it was given
)

// MemberKinds are those that History is made of.
var MemberKinds = []journal.Kind{GroupJoin, GroupAssigned, GroupRevoked, GroupLost, GroupLeft, GroupHeartbeat,
	GroupCommit}

// membership keeps what is needed to tell news from repetition.
type membership struct {
	mu      sync.Mutex
	held    map[string]map[heldPartition]bool // by group and member
	awaited map[heldPartition]time.Time       // by application: given, and not yet read; since when
	news    map[string]int                    // by group: how often something happened
	told    map[string]int                    // by group and member: news at its last fact
}

type heldPartition struct {
	app       string // empty where a member is meant
	topic     string
	partition int32
}

// observeMembers turns what the wire saw of groups into facts.
func (w *World) observeMembers(e *wire.Event) {
	if !w.Needs.Members {
		return
	}
	if fact, any := w.groups.fact(e); any {
		fact.Fields["sent"], fact.Fields["answered"] = w.Journal.Since(e.Sent).String(), w.Journal.Since(e.Answered).String()
		w.Journal.Add(fact)
	}
}

// fact makes the fact of an event; false where there is nothing new in it.
func (m *membership) fact(e *wire.Event) (journal.Fact, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil {
		m.held, m.awaited = map[string]map[heldPartition]bool{}, map[heldPartition]time.Time{}
		m.news, m.told = map[string]int{}, map[string]int{}
	}
	f := journal.Fact{Source: journal.SourceWire, App: e.App, Partition: -1, Offset: -1}
	switch seen := e.Detail.(type) {
	case *wire.Membership:
		return f, m.membership(&f, e, seen)
	case *wire.Commit:
		f.Kind, f.Group, f.Topic, f.Partition, f.Offset = GroupCommit, seen.Group, seen.Topic, seen.Partition, seen.Offset
		f.Error = failureName(e.Outcome, seen.Code)
		f.Fields = memberFields(e, seen.Member, seen.Generation, seen.Code)
		return f, true
	case *wire.FetchAttempt:
		at := heldPartition{e.App, seen.Topic, seen.Partition}
		if since, ok := m.awaited[at]; !ok || seen.Position < 0 || e.Sent.Before(since) {
			return f, false
		}
		delete(m.awaited, at)
		f.Kind, f.Topic, f.Partition, f.Offset, f.Fields = GroupPosition, seen.Topic, seen.Partition, seen.Position,
			map[string]string{}
		return f, true
	}
	return f, false
}

// membership fills in a fact about a member; false for a heartbeat that tells nothing.
func (m *membership) membership(f *journal.Fact, e *wire.Event, seen *wire.Membership) bool {
	member := seen.Group + " " + seen.Member
	given := seen.Assigned != nil && seen.Code == 0
	revoked := m.follow(e, seen, member, given)
	switch code := kerr.TypedErrorForCode(seen.Code); {
	case seen.Leaving:
		f.Kind = GroupLeft
	case code == kerr.UnknownMemberID, code == kerr.FencedInstanceID, code == kerr.FencedMemberEpoch,
		code == kerr.IllegalGeneration:
		f.Kind = GroupLost
	case given:
		f.Kind, f.Text = GroupAssigned, partitionsText(seen.Assigned)
	case len(revoked) > 0:
		f.Kind, f.Text = GroupRevoked, partitionsText(revoked)
	case e.API == "JoinGroup":
		f.Kind = GroupJoin
	case m.told[member] == m.news[seen.Group]:
		return false
	default:
		f.Kind = GroupHeartbeat
	}
	if f.Kind != GroupHeartbeat {
		m.news[seen.Group]++
	}
	m.told[member] = m.news[seen.Group]
	f.Group, f.Error = seen.Group, failureName(e.Outcome, seen.Code)
	f.Fields = memberFields(e, seen.Member, seen.Generation, seen.Code)
	for name, value := range map[string]string{
		"instance": seen.InstanceID, "protocol": seen.Protocol, "owned": partitionsText(seen.Owned),
		"assigned": partitionsText(seen.Assigned),
	} {
		if value != "" {
			f.Fields[name] = value
		}
	}
	return true
}

// follow keeps up what a member holds, and returns what it says to have given up.
func (m *membership) follow(e *wire.Event, seen *wire.Membership, member string, given bool) []wire.TopicPartitions {
	var revoked []wire.TopicPartitions
	if e.API == "JoinGroup" || seen.Owned != nil {
		kept := held(seen.Owned)
		for at := range m.held[member] {
			if !kept[at] {
				revoked = append(revoked, wire.TopicPartitions{Topic: at.topic, Partitions: []int32{at.partition}})
				delete(m.held[member], at)
			}
		}
	}
	if seen.Leaving || seen.Code != 0 && seen.Code != kerr.RebalanceInProgress.Code {
		delete(m.held, member)
	}
	if !given {
		return joined(revoked)
	}
	if m.held[member] == nil {
		m.held[member] = map[heldPartition]bool{}
	}
	for at := range held(seen.Assigned) {
		if !m.held[member][at] {
			m.held[member][at] = true
			m.awaited[heldPartition{e.App, at.topic, at.partition}] = e.Answered
		}
	}
	return joined(revoked)
}

func held(partitions []wire.TopicPartitions) map[heldPartition]bool {
	all := map[heldPartition]bool{}
	for _, t := range partitions {
		for _, p := range t.Partitions {
			all[heldPartition{"", t.Topic, p}] = true
		}
	}
	return all
}

// joined brings the partitions of each topic together, sorted.
func joined(single []wire.TopicPartitions) []wire.TopicPartitions {
	var all []wire.TopicPartitions
	for _, s := range single {
		i := slices.IndexFunc(all, func(t wire.TopicPartitions) bool { return t.Topic == s.Topic })
		if i < 0 {
			i, all = len(all), append(all, wire.TopicPartitions{Topic: s.Topic})
		}
		all[i].Partitions = append(all[i].Partitions, s.Partitions...)
		slices.Sort(all[i].Partitions)
	}
	slices.SortFunc(all, func(a, b wire.TopicPartitions) int { return strings.Compare(a.Topic, b.Topic) })
	return all
}

func memberFields(e *wire.Event, member string, generation int32, code int16) map[string]string {
	return map[string]string{
		"api": e.API, "member": member, "generation": Number(generation), "code": Number(code), "outcome": string(e.Outcome),
	}
}

// failureName is why a request had no success, in Kafka's word; empty when it had.
func failureName(o wire.Outcome, code int16) string {
	switch {
	case code != 0:
		return wire.ErrorName(code)
	case o != wire.Answered:
		return "no answer"
	}
	return ""
}

// nothingHeld stands for what was told to be empty, as an empty text stands for what was not told.
const nothingHeld = "none"

// partitionsText is such as "orders:0,1 payments:3".
func partitionsText(partitions []wire.TopicPartitions) string {
	if partitions == nil {
		return ""
	}
	var words []string
	for _, t := range partitions {
		numbers := make([]string, len(t.Partitions))
		for i, p := range t.Partitions {
			numbers[i] = Number(p)
		}
		if len(numbers) > 0 {
			words = append(words, t.Topic+":"+strings.Join(numbers, ","))
		}
	}
	if len(words) == 0 {
		return nothingHeld
	}
	return strings.Join(words, " ")
}

// partitionsOf reads a partitionsText back.
func partitionsOf(text string) []wire.TopicPartitions {
	switch text {
	case "":
		return nil
	case nothingHeld:
		return []wire.TopicPartitions{}
	}
	var all []wire.TopicPartitions
	for word := range strings.FieldsSeq(text) {
		colon := strings.LastIndexByte(word, ':')
		t := wire.TopicPartitions{Topic: word[:colon]}
		for n := range strings.SplitSeq(word[colon+1:], ",") {
			p, _ := strconv.ParseInt(n, 10, 32) // written by partitionsText
			t.Partitions = append(t.Partitions, int32(p))
		}
		all = append(all, t)
	}
	return all
}

// eventOf reads the fact of a member back as the event it was made of. Times count from the beginning of the journal.
func eventOf(f *journal.Fact) wire.Event {
	read := func(field string) int64 {
		n, _ := strconv.ParseInt(f.Fields[field], 10, 64) // written by memberFields
		return n
	}
	e := wire.Event{
		App: f.App, API: f.Fields["api"], Sent: time.Time{}.Add(sinceOf(f, "sent")),
		Answered: time.Time{}.Add(sinceOf(f, "answered")),
		Outcome:  wire.Outcome(f.Fields["outcome"]),
	}
	if f.Kind == GroupCommit {
		e.Detail = &wire.Commit{
			Group: f.Group, Member: f.Fields["member"], Generation: int32(read("generation")), Topic: f.Topic,
			Partition: f.Partition,
			Offset:    f.Offset, Code: int16(read("code")),
		}
		return e
	}
	e.Detail = &wire.Membership{
		Group: f.Group, Member: f.Fields["member"], InstanceID: f.Fields["instance"], Generation: int32(read("generation")),
		Protocol: f.Fields["protocol"], Owned: partitionsOf(f.Fields["owned"]), Assigned: partitionsOf(f.Fields["assigned"]),
		Leaving: f.Kind == GroupLeft, Code: int16(read("code")),
	}
	return e
}

// sinceOf reads a time in the journal's time.
func sinceOf(f *journal.Fact, field string) time.Duration {
	d, _ := time.ParseDuration(f.Fields[field]) // written by observeMembers
	return d
}

// ownershipOf is an interval of the wire's history in the journal's time.
func ownershipOf(o wire.Ownership) verdict.Ownership {
	at := func(t time.Time) time.Duration {
		if t.IsZero() {
			return 0
		}
		return t.Sub(time.Time{})
	}
	v := verdict.Ownership{
		App: o.App, Member: o.Member, Partition: o.Partition, From: at(o.From), To: at(o.To),
		End:       verdict.OwnershipEnd(o.End),
		Confirmed: at(o.Confirmed), Asked: o.Asked,
	}
	switch o.End {
	case wire.Released, wire.Left:
		v.Known = v.To
	case wire.Fenced:
		v.Known = at(o.Rejoined)
	}
	return v
}

// groupHistory rebuilds from the facts who owned what in a group, and who committed what.
func (w *World) groupHistory(group string) *wire.History {
	history := new(wire.History)
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Source == journal.SourceWire && f.Group == group && slices.Contains(MemberKinds, f.Kind)
	}) {
		history.Add(eventOf(&f))
	}
	return history
}
