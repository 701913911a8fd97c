package wire

import "slices"

// fetchSession is the fetch session (KIP-227) of one connection: requests in it name only what changed, so which
// partitions they are about, and from where, is known from those before. Clients begin a new session on a new
// connection.
type fetchSession struct {
	id        int32
	positions []position
	told      int64 // of the assignments of the application, that before which it was last told whole
}

// askAfter is ask behind so many assignments of partitions to the application. The first request behind one tells of
// all that the session is about: a partition that was given back at the offset where it was is not named again.
func (s *fetchSession) askAfter(assignments int64, f *fetched) {
	s.ask(f)
	if s.told != assignments {
		f.named, s.told = f.asked(), assignments
	}
}

// ask is a request in the session: what it is about, its session included, is then in its positions.
func (s *fetchSession) ask(f *fetched) {
	within := f.SessionEpoch > 0 && f.SessionID == s.id
	var asked []position
	if within {
		asked = slices.DeleteFunc(slices.Clone(s.positions), func(p position) bool {
			return slices.Contains(f.forgotten, p.partitionKey)
		})
	}
	for _, p := range f.positions {
		if i := slices.IndexFunc(asked, p.sameAs); i >= 0 {
			asked[i] = p
		} else {
			asked = append(asked, p)
		}
	}
	if f.positions = asked; within {
		s.positions = asked
	}
}

// answered begins a session when the broker gave one to a full request.
func (s *fetchSession) answered(f *fetched, body []byte) {
	if f.Version < 7 || f.SessionEpoch != 0 {
		return
	}
	c := newCursor(body)
	c.Span(4 + 2) // throttle, error code
	if id := c.Int32(); id != 0 {
		s.id, s.positions = id, f.positions
	}
}
