package retryproducer

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// gate decides when the client may send. With kgo.ManualFlushing it sends, and sends again, during Flush only. So the gate
// flushes until one Produce request has ended, well or badly, and is shut before the client looks at how: what has to be sent
// again waits until the gate is opened again.
type gate struct {
	delay func(attempt int) time.Duration

	mu    sync.Mutex
	shut  func()        // ends the flush and waits for its end; nil while the gate is shut
	ended int           // attempts since reset
	wait  time.Duration // after the last one, if it failed
	last  time.Time     // when it ended, or another request failed
}

// open lets the client send until a Produce request has ended, or all records are settled.
func (g *gate) open(ctx context.Context, client *kgo.Client) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	flushed := make(chan struct{})
	g.mu.Lock()
	g.shut = func() { cancel(); <-flushed }
	g.mu.Unlock()
	_ = client.Flush(ctx) // its only error is that ctx ended
	close(flushed)
	g.mu.Lock()
	g.shut = nil
	g.mu.Unlock()
}

// OnBrokerE2E is called by the client when a request has ended, before it deals with the answer.
func (g *gate) OnBrokerE2E(_ kgo.BrokerMetadata, key int16, e2e kgo.BrokerE2E) {
	if key == int16(kmsg.Produce) {
		g.end()
	} else if e2e.Err() != nil {
		g.mu.Lock()
		g.last = time.Now()
		g.mu.Unlock()
	}
}

// OnBrokerConnect takes a broker that cannot be reached for a failed attempt: nothing can be sent to it.
func (g *gate) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	if err != nil {
		g.end()
	}
}

func (g *gate) end() {
	g.mu.Lock()
	g.last = time.Now()
	g.ended++
	g.wait = g.delay(g.ended)
	shut := g.shut
	g.shut = nil
	g.mu.Unlock()
	if shut != nil {
		shut()
	}
}

// reset starts counting anew: a batch begins, or the last attempt went well.
func (g *gate) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended, g.wait = 0, 0
}

// attempts returns how many there were since reset, the wait after the last one, and how much of it is left.
func (g *gate) attempts() (n int, wait, left time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended, g.wait, g.wait - time.Since(g.last)
}

// backoff is how long the client waits by itself: for requests other than Produce, and for what it was about to send when the
// gate was shut. All waits count from the end of the last request, so this one is over when the gate opens again.
func (g *gate) backoff(attempt int) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := g.wait
	if attempt > g.ended {
		wait = g.delay(attempt)
	}
	return max(wait-time.Since(g.last), time.Millisecond)
}
