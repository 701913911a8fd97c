package wire

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// TestWhatAnApplicationWaitsFor has a broker that answers nothing.
func TestWhatAnApplicationWaitsFor(t *testing.T) {
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = broker.Close() }) // with what waits to be accepted
	p, err := New(t.Context(), Options{Upstream: []string{broker.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	link, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Asked("app"); got.Last != "" || got.Owed != nil {
		t.Errorf("got %+v before the first request, want nothing", got)
	}
	client, err := net.Dial("tcp", link.Bootstrap()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	began := time.Now()
	for i, request := range []kmsg.Request{kmsg.NewPtrMetadataRequest(), kmsg.NewPtrMetadataRequest(),
		kmsg.NewPtrFindCoordinatorRequest()} {
		request.SetVersion(1)
		if _, err := client.Write(kmsg.NewRequestFormatter().AppendRequest(nil, request, int32(i))); err != nil {
			t.Fatal(err)
		}
	}
	var got Asked
	err = await.Until(deadline(t), await.Options{Within: within, What: "the last request"},
		func(context.Context) (bool, error) { got = p.Asked("app"); return len(got.Owed) == 2, nil })
	if err != nil || got.At.Before(began) || cmp.Diff([]string{"FindCoordinator", "Metadata"}, got.Owed) != "" {
		t.Errorf("got %+v (%v), want the last request, and each API without an answer once", got, err)
	}
	if got := p.Asked("other"); got.Last != "" {
		t.Errorf("got %+v of an application that is not there, want nothing", got)
	}
}
