package screen

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxPartitions is how many partitions one request may create, as in Apache Kafka (MAX_PARTITIONS_PER_BATCH of its
// ReplicationControlManager). More is a POLICY_VIOLATION there; here it would be a process without memory.
const maxPartitions = 10_000

// refused is an error and its words.
type refused struct {
	code  int16
	words string
}

func refusal(e *kerr.Error, format string, args ...any) *refused {
	return &refused{e.Code, fmt.Sprintf(format, args...)}
}

// topicsToCreate is what is known of the topics of one request.
type topicsToCreate struct {
	refused  map[string]*refused
	settings map[string]map[string]string
	twice    bool
}

const maxTopicName = 249

var topicName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

// nameRefusal is what Apache Kafka says of a topic's name, in Topic.validate.
func nameRefusal(name string) *refused {
	why := ""
	switch {
	case name == "":
		why = "the empty string is not allowed"
	case name == "." || name == "..":
		why = fmt.Sprintf("'%s' is not allowed", name)
	case len(name) > maxTopicName:
		why = fmt.Sprintf("the length of '%s' is longer than the max allowed length %d", name, maxTopicName)
	case !topicName.MatchString(name):
		why = fmt.Sprintf("'%s' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'", name)
	default:
		return nil
	}
	return refusal(kerr.InvalidTopicException, "Topic name is invalid: %s", why)
}

// checkTopics lets the broker refuse in its own words what Apache Kafka refuses; the note has the right words.
func (s *state) checkTopics(request kmsg.Request) (any, bool) {
	note := topicsToCreate{refused: map[string]*refused{}, settings: map[string]map[string]string{}}
	topics, total, changed := request.(*kmsg.CreateTopicsRequest).Topics, 0, false
	for i := range topics {
		t := &topics[i]
		note.twice = note.twice || slices.ContainsFunc(topics[:i], func(o kmsg.CreateTopicsRequestTopic) bool {
			return o.Topic == t.Topic
		})
		total += max(int(t.NumPartitions), len(t.ReplicaAssignment))
		why := s.topicRefusal(t, total)
		if why == nil {
			note.settings[t.Topic], why = settingsOf(t)
		}
		if changed = changed || why != nil || len(t.Configs) > 0; why != nil {
			note.refused[t.Topic] = why
			t.NumPartitions, t.ReplicaAssignment, t.ReplicationFactor = 0, nil, 1 // INVALID_PARTITIONS
		}
	}
	return note, changed
}

func (s *state) topicRefusal(t *kmsg.CreateTopicsRequestTopic, total int) *refused {
	if why := nameRefusal(t.Topic); why != nil {
		return why
	}
	switch n, replicas := t.NumPartitions, int(t.ReplicationFactor); {
	case total > maxPartitions:
		return refusal(kerr.PolicyViolation, "Excessively large number of partitions per request.")
	case len(t.ReplicaAssignment) > 0:
		return s.assignmentRefusal(t)
	case replicas == 0 || replicas < -1:
		return refusal(kerr.InvalidReplicationFactor,
			"Replication factor must be larger than 0, or -1 to use the default value.")
	case n == 0 || n < -1:
		return refusal(kerr.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.")
	case replicas > s.brokers:
		return refusal(kerr.InvalidReplicationFactor, "Unable to replicate the partition %d time(s): The target replication "+
			"factor of %d cannot be reached because only %d broker(s) are registered or some brokers have all their log "+
			"directories cordoned.", replicas, replicas, s.brokers)
	}
	return nil
}

func (s *state) assignmentRefusal(t *kmsg.CreateTopicsRequestTopic) *refused {
	for _, a := range t.ReplicaAssignment {
		if why := s.replicasRefusal(a.Replicas); why != "" {
			return refusal(kerr.InvalidReplicaAssignment, "The manual partition assignment includes %s", why)
		}
	}
	return nil
}

func (s *state) replicasRefusal(brokers []int32) string {
	if len(brokers) == 0 {
		return "an empty replica list."
	}
	for i, b := range brokers {
		switch {
		case b < 0 || int(b) >= s.brokers:
			return fmt.Sprintf("broker %d, but no such broker is registered.", b)
		case slices.Contains(brokers[:i], b):
			return fmt.Sprintf("the broker %d more than once.", b)
		}
	}
	return ""
}

// settingsOf are a new topic's. It writes them into the request as the broker is to keep them.
func settingsOf(t *kmsg.CreateTopicsRequestTopic) (map[string]string, *refused) {
	settings, missing := map[string]string{}, []string{}
	for _, c := range t.Configs {
		if c.Value == nil {
			missing = append(missing, c.Name)
			continue
		}
		settings[c.Name] = *c.Value
	}
	if len(missing) > 0 {
		return nil, refusal(kerr.InvalidConfig, "Null value not supported for topic configs: %s", strings.Join(missing, ","))
	}
	if wrong := checkSettings(settings); wrong != "" {
		return nil, refusal(kerr.InvalidConfig, "%s", wrong)
	}
	for i := range t.Configs {
		t.Configs[i].Value = kmsg.StringPtr(settings[t.Configs[i].Name])
	}
	return settings, nil
}

// wordsOfTopics are what Apache Kafka says where the broker says nothing.
var wordsOfTopics = map[int16]string{
	kerr.TopicAlreadyExists.Code:    "Topic '%s' already exists.",
	kerr.InvalidTopicException.Code: "Topic '%s' collides with an existing topic.",
}

// createdTopics puts the answer right. Java's Admin reads the settings of a new topic, and cannot read null.
func (s *state) createdTopics(request kmsg.Request, note any, answer kmsg.Response) bool {
	asked, got, n := request.(*kmsg.CreateTopicsRequest), answer.(*kmsg.CreateTopicsResponse), note.(topicsToCreate)
	if n.twice {
		got.Topics = slices.CompactFunc(got.Topics, func(a, b kmsg.CreateTopicsResponseTopic) bool {
			return a.Topic == b.Topic
		})
	}
	for i := range got.Topics {
		t := &got.Topics[i]
		why, ok := n.refused[t.Topic]
		switch {
		case ok && t.ErrorCode == kerr.InvalidPartitions.Code:
			t.ErrorCode, t.ErrorMessage = why.code, &why.words
		case n.twice && t.ErrorCode == kerr.InvalidRequest.Code:
			t.ErrorMessage = kmsg.StringPtr("Duplicate topic name.")
		case wordsOfTopics[t.ErrorCode] != "":
			t.ErrorMessage = kmsg.StringPtr(fmt.Sprintf(wordsOfTopics[t.ErrorCode], t.Topic))
		}
		t.Configs = []kmsg.CreateTopicsResponseTopicConfig{}
		if t.ErrorCode != 0 {
			t.NumPartitions, t.ReplicationFactor = -1, -1
			continue
		}
		if asked.ValidateOnly {
			_, _ = rand.Read(t.TopicID[:]) // never fails; Apache Kafka makes one up too
		} else {
			s.setTopic(t.Topic, n.settings[t.Topic])
			s.setPartitions(t.Topic, t.NumPartitions)
			s.setName(t.TopicID, t.Topic)
		}
		s.addSettings(t, n.settings[t.Topic])
	}
	return len(got.Topics) > 0
}

// addSettings adds those of a new topic to the answer.
func (s *state) addSettings(t *kmsg.CreateTopicsResponseTopic, settings map[string]string) {
	for _, d := range s.described(settings, nil, false) {
		c := kmsg.NewCreateTopicsResponseTopicConfig()
		c.Name, c.Value, c.Source = d.Name, d.Value, int8(d.Source)
		t.Configs = append(t.Configs, c)
	}
}

// deletedTopics forgets what was known of topics. kfake answers no error for an id that it does not know.
func (s *state) deletedTopics(_ kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.DeleteTopicsResponse)
	for i := range got.Topics {
		t := &got.Topics[i]
		unknown := t.ErrorCode == 0 || t.ErrorCode == kerr.UnknownTopicID.Code
		if unknown && t.Topic != nil && *t.Topic == "" && t.TopicID != [16]byte{} {
			t.Topic, t.ErrorCode, changed = nil, kerr.UnknownTopicID.Code, true
		}
		if t.ErrorCode == 0 && t.Topic != nil {
			s.forgetTopic(*t.Topic)
		}
	}
	return changed
}

// boundPartitions lets the broker refuse what Apache Kafka refuses; the note has the right words.
func (s *state) boundPartitions(request kmsg.Request) (any, bool) {
	note := map[string]*refused{}
	topics := request.(*kmsg.CreatePartitionsRequest).Topics
	for i := range topics {
		t := &topics[i]
		switch now, known := s.partitionsOf(t.Topic); {
		case t.Count > maxPartitions:
			note[t.Topic] = refusal(kerr.PolicyViolation, "Excessively large number of partitions per request.")
		case known && t.Count == now:
			note[t.Topic] = refusal(kerr.InvalidPartitions, "Topic already has %d partition(s).", now)
		case known && t.Count < now:
			note[t.Topic] = refusal(kerr.InvalidPartitions, "The topic %s currently has %d partition(s); %d would not be an "+
				"increase.", t.Topic, now, t.Count)
		default:
			continue
		}
		t.Count, t.Assignment = 0, nil // INVALID_PARTITIONS
	}
	return note, len(note) > 0
}

func (s *state) createdPartitions(request kmsg.Request, note any, answer kmsg.Response) (changed bool) {
	asked, got := request.(*kmsg.CreatePartitionsRequest), answer.(*kmsg.CreatePartitionsResponse)
	for _, t := range asked.Topics {
		for _, r := range got.Topics {
			if r.Topic == t.Topic && r.ErrorCode == 0 && !asked.ValidateOnly {
				s.setPartitions(t.Topic, t.Count)
			}
		}
	}
	for i := range got.Topics {
		t := &got.Topics[i]
		if why, ok := note.(map[string]*refused)[t.Topic]; ok && t.ErrorCode == kerr.InvalidPartitions.Code {
			t.ErrorCode, t.ErrorMessage, changed = why.code, &why.words, true
		}
	}
	return changed
}
