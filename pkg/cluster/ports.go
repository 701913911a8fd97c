package cluster

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// Ports of local brokers lie below those that systems hand out for outgoing connections (from 32768 on Linux, 49152 on
// macOS): otherwise a client could be given the port of a broker that is down, and the broker could not come back.
const (
	firstPort = 20_000
	lastPort  = 29_999
)

// FreePorts finds ports of the loopback address that nobody uses now, for servers that kafkaspec starts. All are held
// until the last is found, so that they differ.
func FreePorts(count int) ([]int, error) {
	var held []net.Listener
	defer func() {
		for _, listener := range held {
			_ = listener.Close()
		}
	}()
	var ports []int
	start, span := rand.IntN(lastPort-firstPort+1), lastPort-firstPort+1 // any free port is as good as another
	for i := 0; i < span && len(ports) < count; i++ {
		port := firstPort + (start+i)%span
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		held = append(held, listener)
		ports = append(ports, port)
	}
	if len(ports) < count {
		return nil, outcome.Environmentf(errors.New("no free port"), "cannot start local brokers: got %d free ports of the "+
			"loopback address between %d and %d, want %d; end some of the processes that listen there", len(ports), firstPort,
			lastPort, count)
	}
	return ports, nil
}
