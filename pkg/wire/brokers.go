package wire

import (
	"net"
	"strconv"
	"sync"
)

// anyBroker stands for a broker whose node id is not known, or does not matter.
const anyBroker int32 = -1

// brokers is what responses have told about the cluster. All applications share it: what one has seen is true for all.
type brokers struct {
	mu     sync.RWMutex
	nodes  map[int32]string // node id to address
	topics map[[16]byte]string
}

func newBrokers() *brokers {
	return &brokers{nodes: make(map[int32]string), topics: make(map[[16]byte]string)}
}

// seen remembers an address; a broker that came back elsewhere has a new one under its old node id.
func (b *brokers) seen(node int32, host string, port int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes[node] = net.JoinHostPort(host, strconv.Itoa(int(port)))
}

func (b *brokers) address(node int32) (string, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	address, ok := b.nodes[node]
	return address, ok
}

// at finds the broker behind an address, anyBroker while none is known to be there.
func (b *brokers) at(address string) int32 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for node, known := range b.nodes {
		if known == address {
			return node
		}
	}
	return anyBroker
}

func (b *brokers) topicSeen(id [16]byte, name string) {
	if id == ([16]byte{}) || name == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.topics[id] = name
}

// topic is the name behind a topic id; "" for one no Metadata response has named.
func (b *brokers) topic(id [16]byte) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.topics[id]
}
