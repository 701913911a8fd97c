package cluster

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// properties of a broker and controller in one process (KRaft combined mode). ports holds, for every node, the port of
// its clients and that of its controller. It is one table, long because every setting has its reason beside it.
func properties(id int, ports [][2]int, dataFolder string, overrides map[string]string) string {
	nodes := len(ports)
	majority := min(2, nodes)
	var voters []string
	for node, port := range ports {
		voters = append(voters, fmt.Sprintf("%d@127.0.0.1:%d", node, port[1]))
	}
	settings := map[string]any{
		"process.roles":            "broker,controller",
		"node.id":                  id,
		"controller.quorum.voters": strings.Join(voters, ","),
		"listeners": fmt.Sprintf("CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d", ports[id][0],
			ports[id][1]),
		"advertised.listeners":           fmt.Sprintf("CLIENTS://127.0.0.1:%d", ports[id][0]),
		"controller.listener.names":      "CONTROLLER",
		"inter.broker.listener.name":     "CLIENTS",
		"listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"log.dirs":                       dataFolder,

		// Every copy on another broker, so that a test can lose one.
		"default.replication.factor":                       nodes,
		"min.insync.replicas":                              majority,
		"offsets.topic.replication.factor":                 nodes,
		"transaction.state.log.replication.factor":         nodes,
		"transaction.state.log.min.isr":                    majority,
		"share.coordinator.state.topic.replication.factor": nodes,
		"share.coordinator.state.topic.min.isr":            majority,

		// Few internal partitions: they are made, loaded and elected at the start and at every failure.
		"offsets.topic.num.partitions":                 4,
		"transaction.state.log.num.partitions":         4,
		"share.coordinator.state.topic.num.partitions": 2,

		// Groups react within a test's patience, and may choose short timeouts.
		"group.initial.rebalance.delay.ms":                            0,
		"group.min.session.timeout.ms":                                minSessionTimeout.Milliseconds(),
		"group.consumer.min.heartbeat.interval.ms":                    100,
		"group.consumer.heartbeat.interval.ms":                        100,
		"group.consumer.min.session.timeout.ms":                       200,  // above the heartbeat's
		"group.consumer.session.timeout.ms":                           5000, // 45 s; members cannot choose it themselves
		"group.consumer.assignment.interval.ms":                       0,    // 1 s between two assignments since 4.3
		"group.share.min.heartbeat.interval.ms":                       100,
		"group.share.heartbeat.interval.ms":                           100,
		"group.share.min.session.timeout.ms":                          200,
		"group.share.session.timeout.ms":                              5000,
		"group.share.assignment.interval.ms":                          0,
		"group.share.min.record.lock.duration.ms":                     1000, // 15 s; groups may choose it from here on
		"group.streams.min.heartbeat.interval.ms":                     100,
		"group.streams.heartbeat.interval.ms":                         100,
		"group.streams.min.session.timeout.ms":                        200,
		"group.streams.session.timeout.ms":                            5000,
		"group.streams.assignment.interval.ms":                        0,
		"group.streams.initial.rebalance.delay.ms":                    0,
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": 200, // 10 s; a hanging transaction ends at its timeout

		// Topics come from scenarios only, and leaders stay where scenarios put them.
		"auto.create.topics.enable":    false,
		"auto.leader.rebalance.enable": false,

		// A broker that is killed or paused is noticed after 4 s instead of 9 s; less would make a busy machine lose one.
		"broker.heartbeat.interval.ms": 500,
		"broker.session.timeout.ms":    4000,

		// Followers ask for a new partition when their last fetch returns, and writers of all copies wait for that.
		"replica.fetch.wait.max.ms": 50, // 500 ms
		"replica.fetch.backoff.ms":  50, // 1 s

		// Topics are made and leaders elected at once: the controller does not wait for more to write in one go.
		"controller.quorum.append.linger.ms": 0, // 25 ms

		// Compacted topics whose settings ask for it are compacted while a test waits.
		"log.cleaner.backoff.ms": 200, // 15 s
		// So do records of topics whose settings limit how long they are kept.
		"log.initial.task.delay.ms":       500, // 30 s
		"log.retention.check.interval.ms": 500, // 5 min

		// Records are of any age: with the usual 7 days of retention those with old timestamps would be gone at the first
		// look.
		"log.retention.ms": -1,

		// Small on disk and in memory.
		"log.segment.delete.delay.ms":    1000,
		"log.cleaner.dedupe.buffer.size": 4 << 20,
	}
	text := strings.Builder{}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if _, overridden := overrides[key]; !overridden {
			fmt.Fprintf(&text, "%s=%v\n", key, settings[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(overrides)) {
		fmt.Fprintf(&text, "%s=%s\n", key, overrides[key])
	}
	return text.String()
}

// newKafkaID draws an id in the form Kafka uses for clusters and folders: 16 bytes in base64 for URLs, never beginning
// with a dash, which its tools would take for an option.
func newKafkaID() string {
	for {
		drawn := make([]byte, 16)
		_, _ = rand.Read(drawn) // documented to never fail
		if id := base64.RawURLEncoding.EncodeToString(drawn); !strings.HasPrefix(id, "-") {
			return id
		}
	}
}
