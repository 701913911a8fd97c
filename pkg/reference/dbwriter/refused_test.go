package dbwriter_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// A member that is told by a commit that the group has gone on joins again and goes on behind that commit, which is
// made again though no more records come.
func TestRefusedCommitIsMadeAgain(t *testing.T) {
	for _, refused := range []*kerr.Error{kerr.UnknownMemberID, kerr.RebalanceInProgress} {
		t.Run(refused.Message, func(t *testing.T) {
			l, file := lab.New(t), newFile(t)
			l.Topic(t, "orders", 1)
			l.RefuseCommit(refused)
			fill(t, l, 1, 10)
			run := l.Start(t, dbwriter.Run, env(file), "")
			l.UntilCommitted(t, "writers", "orders", map[int32]int64{0: 10})
			run.Until(t, 1, "msg=warning ", refused.Message)
		})
	}
}
