package wire

import "slices"

// fetchSession is the fetch session (KIP-227) of one connection: requests in it name only what changed, so which
// partitions they are about is known from those before. Clients begin a new session on a new connection.
type fetchSession struct {
	id         int32
	partitions []partitionKey
}

// ask is a request in the session; it returns all partitions the request is about.
func (s *fetchSession) ask(f *fetched) []partitionKey {
	var asked []partitionKey
	if f.SessionEpoch > 0 && f.SessionID == s.id {
		asked = slices.DeleteFunc(slices.Clone(s.partitions), func(p partitionKey) bool {
			return slices.Contains(f.forgotten, p)
		})
	}
	for _, p := range f.asked {
		if !slices.Contains(asked, p.partitionKey) {
			asked = append(asked, p.partitionKey)
		}
	}
	if f.SessionEpoch > 0 && f.SessionID == s.id {
		s.partitions = asked
	}
	return asked
}

// answered begins a session when the broker gave one to a full request.
func (s *fetchSession) answered(f *fetched, asked []partitionKey, body []byte) {
	if f.Version < 7 || f.SessionEpoch != 0 {
		return
	}
	c := newCursor(body)
	c.Span(4 + 2) // throttle, error code
	if id := c.Int32(); id != 0 {
		s.id, s.partitions = id, asked
	}
}
