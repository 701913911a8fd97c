package wire

import (
	"bufio"
	"bytes"
	"io"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// FuzzFrames reads any bytes as requests and as responses: nothing may panic, and what is passed on is what came in.
func FuzzFrames(f *testing.F) {
	formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID("app"))
	for key := range int16(kmsg.MaxKey + 1) {
		if request := kmsg.RequestForKey(int16(key)); request != nil {
			request.SetVersion(request.MaxVersion())
			f.Add(formatter.AppendRequest(nil, request, 7))
		}
	}
	f.Add([]byte{0, 0, 0, 3, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		var out bytes.Buffer
		requests := bufio.NewReaderSize(bytes.NewReader(b), readSize)
		for {
			head, err := peekRequest(requests)
			if err != nil {
				break
			}
			if head.size <= len(b) {
				if prefix, err := requests.Peek(min(head.size, readSize)); err == nil {
					_, _ = parseRequest(head, prefix)
				}
			}
			if copyFrame(&out, requests, head.size) != nil {
				break
			}
		}
		rest, _ := io.ReadAll(requests)
		if got := append(out.Bytes(), rest...); !bytes.Equal(got, b) {
			t.Errorf("got %x, want %x", got, b)
		}
		if size, _, err := peekAnswer(bufio.NewReader(bytes.NewReader(b))); err == nil && size < 2*sizeBytes {
			t.Errorf("got a response of %d bytes, want its head at least", size)
		}
	})
}

// fuzzRewriter feeds one rewriter any bytes in any version: it may fail, but neither panic nor loop.
func fuzzRewriter(f *testing.F, key kmsg.Key) {
	for _, response := range samples(func(int32) (string, int32) { return "broker", 9092 }) {
		if response.Key() != int16(key) {
			continue
		}
		for version := int16(0); version <= response.MaxVersion(); version++ {
			response.SetVersion(version)
			f.Add(version, response.AppendTo(nil))
		}
	}
	f.Fuzz(func(t *testing.T, version int16, body []byte) {
		if !knows(key, version) {
			return
		}
		got, differs, err := rewriteBody(key, version, body, replaced{})
		if err != nil && (differs || !bytes.Equal(got, body)) {
			t.Errorf("got a changed body with %v, want it as it was", err)
		}
	})
}

func FuzzMetadata(f *testing.F)         { fuzzRewriter(f, kmsg.Metadata) }
func FuzzFindCoordinator(f *testing.F)  { fuzzRewriter(f, kmsg.FindCoordinator) }
func FuzzDescribeCluster(f *testing.F)  { fuzzRewriter(f, kmsg.DescribeCluster) }
func FuzzProduce(f *testing.F)          { fuzzRewriter(f, kmsg.Produce) }
func FuzzFetch(f *testing.F)            { fuzzRewriter(f, kmsg.Fetch) }
func FuzzShareFetch(f *testing.F)       { fuzzRewriter(f, kmsg.ShareFetch) }
func FuzzShareAcknowledge(f *testing.F) { fuzzRewriter(f, kmsg.ShareAcknowledge) }
func FuzzAPIVersions(f *testing.F)      { fuzzRewriter(f, kmsg.ApiVersions) }

// FuzzObserved feeds observed requests of the two hot APIs any bytes.
func FuzzObserved(f *testing.F) {
	for _, key := range []kmsg.Key{kmsg.Produce, kmsg.Fetch} {
		for version := int16(0); version <= apis()[key].newest; version++ {
			request := kmsg.RequestForKey(int16(key))
			switch r := request.(type) {
			case *kmsg.ProduceRequest:
				r.Topics = []kmsg.ProduceRequestTopic{{Topic: "t",
					Partitions: []kmsg.ProduceRequestTopicPartition{{Records: make([]byte, 70)}}}}
			case *kmsg.FetchRequest:
				r.Topics = []kmsg.FetchRequestTopic{{Topic: "t", Partitions: []kmsg.FetchRequestTopicPartition{{Partition: 1}}}}
			}
			request.SetVersion(version)
			f.Add(int16(key), version, request.AppendTo(nil), []byte{0, 1})
		}
	}
	names := &naming{directory: newBrokers()}
	f.Fuzz(func(_ *testing.T, number, version int16, body, answer []byte) {
		key := kmsg.Key(number)
		if key != kmsg.Produce && key != kmsg.Fetch || !knows(key, version) {
			return
		}
		r := &request{requestHead: requestHead{key: key, version: version}, frame: body}
		if o, err := observe(r, wanted{contents: true}); err == nil {
			_, _ = o.facts(names, answer)
		}
	})
}
