package stub

import (
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Trouble is something wrong with a service, as applications see it. It strikes every request, unless Times or For say
// otherwise.
type Trouble struct {
	Name  string        // as a step says it, for people
	Times int           // of requests that it strikes; 0: no limit
	For   time.Duration // how long it strikes, from Disturb on; 0: until Up

	status     int           // of every answer; 0: its own
	delay      time.Duration // before every answer
	cuts, acts bool          // the connection is cut in place of an answer; after the service has acted
	holds      bool          // there is no answer while it lasts

	until time.Time
	over  chan struct{} // closed by Up, or when another trouble takes its place
	fired int
}

// Down cuts the connection in place of an answer.
func Down() Trouble { return Trouble{cuts: true} }

// Lost acts as it is asked, and then cuts the connection in place of the answer.
func Lost() Trouble { return Trouble{cuts: true, acts: true} }

// Silent takes requests and leaves them without an answer until it is over; the connections are cut then.
func Silent() Trouble { return Trouble{holds: true} }

// Failing answers with a status, and does not act.
func Failing(status int) Trouble { return Trouble{status: status} }

// Slow answers that much later. The service has acted at once.
func Slow(by time.Duration) Trouble { return Trouble{delay: by} }

// Disturb begins a trouble, in place of the one that there is.
func (s *Service) Disturb(t Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quit()
	t.over = make(chan struct{})
	if t.For > 0 {
		t.until = time.Now().Add(t.For)
	}
	s.trouble = &t
	s.troubles = append(s.troubles, s.trouble)
}

// Up ends what is wrong with the service. It is an error when nothing is.
func (s *Service) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble == nil {
		return errors.New("nothing is wrong with the service that could end; remove the step, or disturb the service before")
	}
	s.quit()
	return nil
}

// quit ends the trouble that there is. The lock is held.
func (s *Service) quit() {
	if s.trouble != nil {
		close(s.trouble.over)
		s.trouble = nil
	}
}

// strike finds what is wrong with the service for one more request, and the fact that says so. Without an answer the
// status is 0.
func (s *Service) strike(said *journal.Exchange) (*Trouble, *journal.Fact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.trouble
	if t == nil || t.For > 0 && time.Now().After(t.until) || t.Times > 0 && t.fired == t.Times {
		return nil, nil
	}
	t.fired++
	said.Fault = t.Name
	if t.cuts || t.holds {
		said.Status, said.Reply, said.ReplyHeaders = 0, "", nil
	}
	text := fmt.Sprintf("%s (%s %s)", t.Name, said.Method, said.Path)
	return t, &journal.Fact{Kind: journal.FaultFired, Source: journal.SourceService, Partition: -1, Offset: -1, Text: text}
}

// Unfired says which troubles struck fewer requests than they were to: none at all, or not as many as they name.
func (s *Service) Unfired() (told []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.troubles {
		switch {
		case t.fired == 0:
			told = append(told, fmt.Sprintf("the fault %q met no request of an application", t.Name))
		case t.fired < t.Times:
			told = append(told, fmt.Sprintf("the fault %q met %d of %d requests", t.Name, t.fired, t.Times))
		}
	}
	return told
}
