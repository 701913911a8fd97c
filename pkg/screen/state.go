package screen

import (
	"maps"
	"math"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// state is what a screen knows of its cluster: it has seen all that clients asked for.
type state struct {
	brokers   int
	setsTimes atomic.Bool // there has been a topic with LogAppendTime

	mu      sync.RWMutex
	broker  map[string]string            // settings of the brokers that are not the usual ones
	topics  map[string]map[string]string // their own settings
	counts  map[string]int32             // of partitions, by topic
	names   map[[16]byte]string          // of topics, by id
	rules   map[string]*rules            // of topics; a cache
	epochs  map[int64]int16              // of producers, the newest
	started map[string]bool              // transactional ids
	members map[member]memberState
	pending map[string]pendingOffsets // of transactions, by transactional id
}

func newState(brokers int, settings map[string]string) *state {
	s := &state{brokers: brokers, broker: maps.Clone(settings), topics: map[string]map[string]string{},
		counts: map[string]int32{}, names: map[[16]byte]string{}, rules: map[string]*rules{}, epochs: map[int64]int16{},
		started: map[string]bool{}, members: map[member]memberState{}, pending: map[string]pendingOffsets{}}
	if s.broker == nil {
		s.broker = map[string]string{}
	}
	s.noteTimes(settings)
	return s
}

func (s *state) noteTimes(settings map[string]string) {
	for _, name := range []string{"message.timestamp.type", "log.message.timestamp.type"} {
		if settings[name] == appendTime {
			s.setsTimes.Store(true)
		}
	}
}

const appendTime = "LogAppendTime"

// rules are what a topic's settings make of records.
type rules struct {
	appendTime, compacted bool
	deleted               bool  // by age or size, so that a client may as well
	before, after         int64 // ms that the time of a record may be away from now
	maxBytes              int64 // of a batch
}

// settings are those that a topic was given.
func (s *state) settings(topic string) map[string]string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.topics[topic])
}

func (s *state) setTopic(topic string, settings map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.topics[topic] = settings
	delete(s.rules, topic)
	s.noteTimes(settings)
}

func (s *state) forgetTopic(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, topic)
	delete(s.counts, topic)
	delete(s.rules, topic)
	maps.DeleteFunc(s.names, func(_ [16]byte, name string) bool { return name == topic })
}

// setName takes note of a topic's id.
func (s *state) setName(id [16]byte, topic string) {
	if s.nameOf(id) == topic {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names[id] = topic
}

func (s *state) nameOf(id [16]byte) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.names[id]
}

func (s *state) setPartitions(topic string, n int32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[topic] = n
}

// partitionsOf is unknown of topics that were made by use.
func (s *state) partitionsOf(topic string) (n int32, known bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, known = s.counts[topic]
	return n, known
}

func (s *state) setBroker(settings map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broker = settings
	clear(s.rules)
	s.noteTimes(settings)
}

func (s *state) brokerSettings() map[string]string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.broker)
}

// valueOf is a topic's value of a setting; the caller holds the lock.
func (s *state) valueOf(topic, name string) string {
	known := topicconfig.Of(name)
	if v, ok := s.topics[topic][name]; ok {
		return v
	}
	if v, ok := s.broker[known.Broker]; ok {
		return v
	}
	return known.Usual
}

// rulesOf caches what it finds, for topics with settings of their own and once for all others.
func (s *state) rulesOf(topic string) *rules {
	s.mu.RLock()
	if _, ok := s.topics[topic]; !ok {
		topic = ""
	}
	r := s.rules[topic]
	s.mu.RUnlock()
	if r != nil {
		return r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r = &rules{
		appendTime: s.valueOf(topic, "message.timestamp.type") == appendTime,
		before:     wholeNumber(s.valueOf(topic, "message.timestamp.before.max.ms")),
		after:      wholeNumber(s.valueOf(topic, "message.timestamp.after.max.ms")),
		maxBytes:   wholeNumber(s.valueOf(topic, "max.message.bytes")),
	}
	for _, policy := range topicconfig.Elements(s.valueOf(topic, "cleanup.policy")) {
		r.compacted, r.deleted = r.compacted || policy == "compact", r.deleted || policy == "delete"
	}
	s.rules[topic] = r
	return r
}

func wholeNumber(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// setProducer takes note of a producer id's epoch, and of its transactional id, if it has one.
func (s *state) setProducer(id int64, epoch int16, transactional string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epochs[id] = max(epoch, s.epochs[id])
	if transactional != "" {
		s.started[transactional] = true
	}
}

func (s *state) hasStarted(transactional string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.started[transactional]
}

// isFenced tells whether a producer has been given a newer epoch.
func (s *state) isFenced(id int64, epoch int16) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	newest, ok := s.epochs[id]
	return ok && epoch < newest
}
