package journal

import (
	"fmt"
	"strings"
)

// Share is what a member of a share group (KIP-932) is given of one partition, or says of what it was given. The fact's
// Offset is the first one, its Count the number of records. One without a partition closes the member's share session:
// all that the member holds is given back.
type Share struct {
	Member string       `json:"member,omitzero"`
	Epoch  int32        `json:"epoch"` // of the share session; -1 closes it
	Ranges []ShareRange `json:"ranges,omitzero"`
	Code   int16        `json:"code"`
	// no answer of the cluster was seen, so that what the member said may be in force or not
	Unanswered bool `json:"unanswered,omitzero"`
}

// ShareRange is a range of offsets, which has at least one.
type ShareRange struct {
	First      int64     `json:"first"`
	Last       int64     `json:"last"`                // this one too
	Deliveries int16     `json:"deliveries,omitzero"` // how often it was delivered, this time too; of what is given
	Type       ShareType `json:"type,omitzero"`       // of what is acknowledged
}

// ShareType is what a member says of a record that it holds.
type ShareType int8

// What can be said. Of a gap there is no record.
const (
	ShareGap     ShareType = 0
	ShareAccept  ShareType = 1
	ShareRelease ShareType = 2
	ShareReject  ShareType = 3
	ShareRenew   ShareType = 4
)

func (t ShareType) String() string {
	names := [...]string{"gap", "accept", "release", "reject", "renew"}
	if t < 0 || int(t) >= len(names) {
		return fmt.Sprintf("type %d", t)
	}
	return names[t]
}

// Final tells whether nothing can be done with a record any more.
func (t ShareType) Final() bool { return t == ShareAccept || t == ShareReject }

func (*Share) detail() {}

// String is such as "member=m 0-9 delivery 1".
func (s *Share) String() string {
	words := []string{"member=" + quote(s.Member)}
	if s.Epoch < 0 {
		words = append(words, "closes")
	}
	for _, r := range s.Ranges {
		text := fmt.Sprintf("%d-%d", r.First, r.Last)
		if r.Deliveries > 0 {
			text += fmt.Sprintf(" delivery %d", r.Deliveries)
		} else {
			text += " " + r.Type.String()
		}
		words = append(words, text)
	}
	if s.Unanswered {
		words = append(words, "unanswered")
	}
	return strings.Join(words, " ")
}
