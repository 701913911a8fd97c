package retryproducer

import (
	"encoding/binary"
	"net"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestAClosedConnectionEndsItsWait holds that a request that waits for its turn ends with its connection, unsent.
func TestAClosedConnectionEndsItsWait(t *testing.T) {
	p := &pace{delay: func(int) time.Duration { return time.Hour }, retrying: func(int, time.Duration) {
		t.Error("got a retry, want none of a connection that is closed")
	}}
	p.OnBrokerE2E(kgo.BrokerMetadata{}, int16(kmsg.Produce), kgo.BrokerE2E{}) // the next one waits
	broker, application := net.Pipe()
	conn := &pacedConn{Conn: application, pace: p, given: make(chan struct{})}
	request := binary.BigEndian.AppendUint16(make([]byte, keyAt), uint16(kmsg.Produce))
	written := make(chan error, 1)
	go func() {
		_, err := conn.Write(request)
		written <- err
	}()
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-written:
		if err == nil {
			t.Error("got a request written, want an error")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("got a request that still waits, want an error")
	}
	if n, err := broker.Read(make([]byte, 10)); err == nil {
		t.Errorf("got %d bytes at the broker, want the end of the connection", n)
	}
}

// The client waits after a request of any kind that failed: else it would ask a cluster that is away without a pause.
func TestAWaitFollowsEachFailedRequest(t *testing.T) {
	p := &pace{delay: func(int) time.Duration { return time.Hour }}
	p.OnBrokerE2E(kgo.BrokerMetadata{}, int16(kmsg.Metadata), kgo.BrokerE2E{})
	if got := p.backoff(1); got > time.Second {
		t.Errorf("got a wait of %v after a request that went well, want none", got)
	}
	p.OnBrokerE2E(kgo.BrokerMetadata{}, int16(kmsg.Metadata), kgo.BrokerE2E{ReadErr: net.ErrClosed})
	if got := p.backoff(1); got < 59*time.Minute {
		t.Errorf("got a wait of %v after a request that failed, want an hour", got)
	}
}
