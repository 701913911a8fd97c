package wire

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// huge are unsigned varints: 2^32-1, 2^28-1, 2^21.
var huge = [][]byte{{0xff, 0xff, 0xff, 0xff, 0x0f}, {0xff, 0xff, 0xff, 0x7f}, {0x80, 0x80, 0x80, 0x01}}

// TestHugeTagCounts gives every flexible version of every observed API a body that ends with a count of tags no frame
// could hold. kmsg alone takes minutes over one of them.
func TestHugeTagCounts(t *testing.T) {
	start := time.Now()
	for key := range kmsg.Key(kmsg.MaxKey + 1) {
		if !observed(key) && !refusable(key) || kmsg.RequestForKey(int16(key)) == nil {
			continue
		}
		for version := apis()[key].flexible; version <= apis()[key].newest; version++ {
			for _, count := range huge {
				request := kmsg.RequestForKey(int16(key))
				request.SetVersion(version)
				body := request.AppendTo(nil)
				if _, err := decodeRequest(key, version, append(body[:len(body)-1:len(body)-1], count...)); err == nil {
					t.Errorf("%s request v%d: got no error, want one for tags %x", APIName(key), version, count)
				}
				body = request.ResponseKind().AppendTo(nil)
				if !flexibleAnswer(key, version) {
					continue
				}
				if _, err := decodeResponse(request, append(body[:len(body)-1:len(body)-1], count...)); err == nil {
					t.Errorf("%s answer v%d: got no error, want one for tags %x", APIName(key), version, count)
				}
			}
		}
	}
	if took := time.Since(start); took > within {
		t.Errorf("took %v, want no time to speak of", took)
	}
}

// TestBytesThatLookHuge holds that good frames are still read when names, numbers and blobs in them look like huge
// counts.
func TestBytesThatLookHuge(t *testing.T) {
	commit := kmsg.NewPtrOffsetCommitRequest()
	commit.Version, commit.Group, commit.Generation = 8, "注文の出荷", -1
	commit.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: "注文",
		Partitions: []kmsg.OffsetCommitRequestTopicPartition{{Partition: 1, Offset: -1, LeaderEpoch: -1}}}}
	sync := kmsg.NewPtrSyncGroupRequest()
	sync.Version, sync.GroupAssignment = 5,
		[]kmsg.SyncGroupRequestGroupAssignment{{MemberAssignment: bytes.Repeat([]byte{0xff}, 100)}}
	leave := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	leave.Version, leave.MemberEpoch, leave.RebalanceTimeoutMillis = 1, -1, -1
	for _, want := range []kmsg.Request{commit, sync, leave} {
		body := want.AppendTo(nil)
		if withoutHuge(body) == nil {
			t.Errorf("%T: got nothing suspicious, want a case that is", want)
		}
		got, err := decodeRequest(kmsg.Key(want.Key()), want.GetVersion(), body)
		if err != nil {
			t.Errorf("%T: %v", want, err)
		} else if !bytes.Equal(got.AppendTo(nil), body) {
			t.Errorf("%T: got another request than was sent", want)
		}
	}
}

// FuzzControl feeds the requests that kmsg decodes any bytes, and their answers too.
func FuzzControl(f *testing.F) {
	for key := range kmsg.Key(kmsg.MaxKey + 1) {
		if !observed(key) || key == kmsg.Produce || key == kmsg.Fetch {
			continue
		}
		request := kmsg.RequestForKey(int16(key))
		for version := range request.MaxVersion() + 1 {
			request.SetVersion(version)
			response := request.ResponseKind()
			f.Add(int16(key), version, request.AppendTo(nil), response.AppendTo(nil))
		}
	}
	names := &naming{directory: newBrokers()}
	f.Fuzz(func(_ *testing.T, number, version int16, body, answer []byte) {
		key := kmsg.Key(number)
		if !observed(key) || !knows(key, version) {
			return
		}
		// Nothing else tells of an input that takes minutes.
		stuck := time.AfterFunc(within, func() {
			panic(fmt.Sprintf("%s version %d: stuck on %x, answer %x", APIName(key), version, body, answer))
		})
		defer stuck.Stop()
		r := &request{requestHead: requestHead{key: key, version: version}, frame: body}
		if o, err := observe(r, wanted{contents: true}); err == nil {
			_, _ = o.facts(names, answer)
		}
	})
}

// TestANullStructureThatLooksHuge holds that the mark of a structure that is not there survives the guard.
func TestANullStructureThatLooksHuge(t *testing.T) {
	request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	request.Version = 1
	for _, interval := range []int32{0x8888, 0x808080, -1} {
		answer := request.ResponseKind().(*kmsg.ConsumerGroupHeartbeatResponse)
		answer.HeartbeatIntervalMillis = interval
		got, err := decodeResponse(request, answer.AppendTo(nil))
		if err != nil {
			t.Fatalf("interval %x: %v", interval, err)
		}
		if a := got.(*kmsg.ConsumerGroupHeartbeatResponse).Assignment; a != nil {
			t.Errorf("interval %x: got assignment %v, want none", interval, a)
		}
	}
}
