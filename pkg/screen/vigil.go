package screen

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// A vigil keeps a member of a classic group alive while it waits for an answer to JoinGroup or SyncGroup. Apache Kafka
// expires no member that waits for the others (GroupMetadataManager, Member.shouldKeepAlive); kfake does, once its
// session timeout is over, and never answers it. So heartbeats are sent in its name, over a connection of their own.
type vigil struct {
	address string
	beat    *kmsg.HeartbeatRequest
	every   time.Duration

	mu    sync.Mutex
	timer *time.Timer
	conn  net.Conn
	over  bool
}

const (
	beatsInSession = 3
	beatVersion    = 3 // the last whose header is without tags, and the first with instance ids
)

func newVigil(address string, m member, known memberState) *vigil {
	beat := kmsg.NewPtrHeartbeatRequest()
	beat.Version, beat.Group, beat.MemberID, beat.InstanceID = beatVersion, m.group, m.id, known.instance
	beat.Generation = known.generation
	v := &vigil{address: address, beat: beat, every: known.session / beatsInSession}
	v.timer = time.AfterFunc(v.every, v.next)
	return v
}

func (v *vigil) next() {
	if !v.send() {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.over {
		v.timer.Reset(v.every)
	}
}

// send sends a heartbeat. It is false once there is no use in another: what a member is answered it hears itself.
func (v *vigil) send() bool {
	conn := v.dialed()
	if conn == nil {
		return false
	}
	frame := binary.BigEndian.AppendUint16(make([]byte, sizeBytes), uint16(kmsg.Heartbeat))
	frame = binary.BigEndian.AppendUint16(frame, beatVersion)
	frame = append(frame, 0, 0, 0, 1, 0xff, 0xff) // correlation id, no client id
	if _, err := conn.Write(sized(v.beat.AppendTo(frame))); err != nil {
		return false
	}
	head := make([]byte, sizeBytes)
	if _, err := io.ReadFull(conn, head); err != nil {
		return false
	}
	_, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head)))
	return err == nil
}

// dialed is the connection for heartbeats; nil once the vigil is over.
func (v *vigil) dialed() net.Conn {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.conn == nil && !v.over {
		if conn, err := net.Dial("tcp", v.address); err == nil {
			v.conn = conn
		}
	}
	return v.conn
}

func (v *vigil) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over = true; v.timer.Stop() && v.conn == nil {
		return
	}
	if v.conn != nil {
		_ = v.conn.Close() // only our own heartbeats were on it
	}
}

// member is one of a classic group.
type member struct{ group, id string }

// memberState is what a heartbeat of a member needs.
type memberState struct {
	generation int32
	session    time.Duration
	instance   *string
}

func (s *state) memberState(m member) (memberState, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	known, ok := s.members[m]
	return known, ok
}

// setMember takes note of a member, or forgets it where known is nil.
func (s *state) setMember(m member, known *memberState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known == nil {
		delete(s.members, m)
		return
	}
	s.members[m] = *known
}

// waiting begins a vigil for a member that is to wait for the others, if it has been in the group before.
func (c *connection) waiting(request kmsg.Request) {
	var m member
	switch r := request.(type) {
	case *kmsg.JoinGroupRequest:
		m = member{r.Group, r.MemberID}
	case *kmsg.SyncGroupRequest:
		m = member{r.Group, r.MemberID}
	default:
		return
	}
	known, ok := c.listener.state.memberState(m)
	if !ok {
		return
	}
	c.endVigil()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.vigil = newVigil(c.listener.Addr().String(), m, known)
}

// endVigil ends the one there is. A connection has one request in work at a time.
func (c *connection) endVigil() {
	c.mu.Lock()
	v := c.vigil
	c.vigil = nil
	c.mu.Unlock()
	if v != nil {
		v.end()
	}
}

func (s *state) joinedGroup(request kmsg.Request, _ any, answer kmsg.Response) bool {
	asked, got := request.(*kmsg.JoinGroupRequest), answer.(*kmsg.JoinGroupResponse)
	if got.ErrorCode == 0 {
		s.setMember(member{asked.Group, got.MemberID}, &memberState{got.Generation,
			time.Duration(asked.SessionTimeoutMillis) * time.Millisecond, asked.InstanceID})
	}
	return false
}
