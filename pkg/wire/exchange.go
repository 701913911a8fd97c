package wire

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// exchange is a request whose answer is awaited.
type exchange struct {
	requestHead
	clientID string
	sent     time.Time
	watch    observation // nil: the request makes no events
	read     bool        // the answer is to be decoded
	own      []byte      // the answer, made by the wire; nil when the broker makes it
	inner    chan []byte // gets the answer: it is the wire itself that asked; nil when the application did

	about    scope             // where rules take part
	faults   []string          // the rules that take part
	owed     []*Handle         // those of them that have had no effect yet
	request  kmsg.Request      // as decoded, when the answer gets refusals
	refusals []refusal         // what the answer gets
	cut      *Handle           // ends the connection when the answer comes
	ids      map[string]string // transactional ids as they were sent, by those that the cluster got; nil: none differ
	paces    []*Handle         // slow the answer down
}
