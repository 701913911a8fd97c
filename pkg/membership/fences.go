package membership

import "github.com/twmb/franz-go/pkg/kerr"

// fences tells whether an answer means that the member owns nothing any more. A commit of a generation that has just
// ended is refused as well, but says nothing about the member, which may be in the next one.
func (s *saying) fences() bool {
	commit := s.API == "OffsetCommit" || s.API == "TxnOffsetCommit"
	return fences(s.Code) && (s.Code != kerr.IllegalGeneration.Code || !commit)
}

func fences(code int16) bool {
	switch code {
	case kerr.UnknownMemberID.Code, kerr.FencedInstanceID.Code, kerr.FencedMemberEpoch.Code, kerr.IllegalGeneration.Code:
		return true
	}
	return false
}
