package membership

import (
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// stayed marks the ownerships that ended as a member left whose client goes on: it has not closed the connection by
// which it left, or has spoken as a member by it since. A consumer that is closed closes that too. Clients leave in the
// name of an application that does not poll within max.poll.interval.ms, and go on once it does. One that unsubscribes
// looks alike.
func stayed(all []Ownership, facts []journal.Fact, group string) {
	if !slices.ContainsFunc(all, func(o Ownership) bool { return o.End == Left }) {
		return
	}
	open := map[uint64]bool{}           // connections
	spoke := map[uint64]time.Duration{} // when a member last did, by connection
	exited := map[string]time.Duration{}
	for i := range facts {
		f := &facts[i]
		if f.Kind == journal.Exited || f.Kind == journal.Killed {
			exited[f.App] = f.At
		}
		if f.Request == nil {
			continue
		}
		c, is := f.Detail.(*journal.Connection)
		switch {
		case is:
			open[f.Request.Connection] = c.Open
		case f.Group == group && Speaks(f):
			spoke[f.Request.Connection] = max(spoke[f.Request.Connection], f.Request.Sent)
		}
	}
	for i := range facts {
		f := &facts[i]
		m, ok := f.Detail.(*journal.Membership)
		if !ok || !m.Leaving || f.Group != group || f.Request == nil {
			continue
		}
		goesOn := open[f.Request.Connection] && exited[f.App] <= f.Request.Sent ||
			spoke[f.Request.Connection] > f.Request.Sent
		for n := range all {
			o := &all[n]
			o.Stayed = o.Stayed || goesOn && o.End == Left && o.App == f.App && o.To == f.Request.Sent
		}
	}
}

// Speaks is true of what a member says that has not left.
func Speaks(f *journal.Fact) bool {
	switch d := f.Detail.(type) {
	case *journal.Membership:
		return !d.Leaving
	case *journal.Commit:
		return true
	}
	return false
}

// expelled is true of a member whose client leaves in its name, as Java's clients say (KIP-800).
func expelled(s *saying) bool { return s.Leaving && strings.Contains(s.Reason, "poll timeout") }
