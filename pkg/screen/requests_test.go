package screen

import (
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// extremes are numbers that programs forget.
var extremes = []int64{0, 1, -1, 2, -2, 3, 100, 1000, -100, 1<<31 - 1, -1 << 31, 1<<63 - 1, -1 << 63}

// names are those of topics, groups, settings and the like, some of which there are.
var names = []string{"t", "u", "g", "", "consumer", "range", "cleanup.policy", "retention.ms", "0", "-1", "a/b", "tx"}

// extreme replaces the numbers and texts of a message by such values.
func extreme(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			d := v.Type().Field(i)
			if d.IsExported() && d.Name != "Version" && d.Type != reflect.TypeFor[kmsg.Tags]() {
				extreme(r, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			extreme(r, v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			extreme(r, v.Elem())
		}
	case reflect.String:
		v.SetString(names[r.IntN(len(names))])
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(extremes[r.IntN(len(extremes))] << (64 - v.Type().Bits()) >> (64 - v.Type().Bits()))
	}
}

// encoded is the frame of a request.
func encoded(request kmsg.Request) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, sizeBytes), uint16(request.Key()))
	b = binary.BigEndian.AppendUint16(b, uint16(request.GetVersion()))
	b = append(b, 0, 0, 0, 7, 0xff, 0xff) // correlation id, no client id
	if request.IsFlexible() {
		b = append(b, 0)
	}
	return sized(request.AppendTo(b))
}

// Well-formed requests with values that no client sends do not end the broker either.
func TestExtremeRequests(t *testing.T) {
	fake, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.SeedTopics(2, "t", "u"),
		kfake.ListenFn(New(Options{Brokers: 2}).Listen))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	r := rand.New(rand.NewPCG(7, 8))
	sent, answered := 0, 0
	everyRequest(func(request kmsg.Request) {
		random(r, reflect.ValueOf(request).Elem())
		extreme(r, reflect.ValueOf(request).Elem())
		conn, err := net.Dial("tcp", fake.ListenAddrs()[r.IntN(2)])
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := conn.Write(encoded(request)); err != nil {
			t.Fatal(err)
		}
		sent++
		// Some are answered late, such as a Fetch that waits for records: only that the broker lives counts.
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		switch _, err := io.ReadFull(conn, make([]byte, sizeBytes)); {
		case err == nil:
			answered++
		case !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrDeadlineExceeded):
			t.Logf("%s: %v", kmsg.NameForKey(request.Key()), err)
		}
	})
	if answered < sent/3 {
		t.Errorf("got %d answers to %d requests, want at least a third", answered, sent)
	}
}

// FuzzRequest feeds frames to the check: it must neither panic nor take long, and what it passes kmsg decodes quickly.
func FuzzRequest(f *testing.F) {
	r := rand.New(rand.NewPCG(9, 10))
	everyRequest(func(request kmsg.Request) {
		random(r, reflect.ValueOf(request).Elem())
		f.Add(encoded(request))
	})
	f.Fuzz(func(t *testing.T, frame []byte) {
		if len(frame) < sizeBytes+headBytes {
			return
		}
		begin := time.Now()
		c := &connection{listener: &listener{state: newState(1, nil)}}
		passed, err := c.look(frame)
		if err == nil {
			key, version := int16(binary.BigEndian.Uint16(passed[4:])), int16(binary.BigEndian.Uint16(passed[6:]))
			if request := kmsg.RequestForKey(key); key != int16(kmsg.ApiVersions) {
				request.SetVersion(version)
				_ = request.ReadFrom(passed[len(passed):]) // its version is known: no panic
			}
		}
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("got %s for %d bytes", d, len(frame))
		}
	})
}
