package verdict

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// plants names the test that plants each kind of anomaly into a valid random history, or compares with a slow and
// obvious judge on histories that have it.
var plants = map[string]string{
	InconsistentOffset:  "TestKeptFindsWhatWasPlanted",
	LostWrite:           "TestCopyFindsWhatWasPlanted",
	Duplicate:           "TestCopyFindsWhatWasPlanted",
	Unexpected:          "TestCopyFindsWhatWasPlanted",
	Reordered:           "TestOrderFindsWhatWasPlanted",
	TwoPartitions:       "TestPlacementFindsWhatWasPlanted",
	WrongPartition:      "TestPlacementFindsWhatWasPlanted",
	Uneven:              "TestEvennessFindsWhatWasPlanted",
	NotSplit:            "TestSplitAgreesWithTheNaiveJudge",
	AlteredLetter:       "TestOriginalsFindWhatWasPlanted",
	CommitAhead:         "TestCommitsFindsWhatWasPlanted",
	CommitPastEnd:       "TestCommitsFindsWhatWasPlanted",
	PollSkip:            "TestPollsFindWhatWasPlanted",
	NonMonotonicPoll:    "TestPollsFindWhatWasPlanted",
	NotAllAcks:          "TestIdempotenceFindsWhatWasPlanted",
	NoProducerID:        "TestIdempotenceFindsWhatWasPlanted",
	SequenceGap:         "TestIdempotenceFindsWhatWasPlanted",
	SequenceReused:      "TestIdempotenceFindsWhatWasPlanted",
	EarlyRetry:          "TestBackoffFindsWhatWasPlanted",
	LateRetry:           "TestBackoffFindsWhatWasPlanted",
	MissingResult:       "TestJoinFindsWhatWasPlanted",
	RepeatedResult:      "TestJoinFindsWhatWasPlanted",
	WrongMatch:          "TestJoinFindsWhatWasPlanted",
	MatchedNoneInForce:  "TestJoinFindsWhatWasPlanted",
	UnmatchedInForce:    "TestJoinFindsWhatWasPlanted",
	AlteredResult:       "TestJoinFindsWhatWasPlanted",
	TwoOwners:           "TestPlantedFaultsAreFound",
	CommitAfterRevoke:   "TestPlantedFaultsAreFound",
	CommitOfLost:        "TestPlantedFaultsAreFound",
	CommitOfAnothers:    "TestPlantedFaultsAreFound",
	RevokedUncommitted:  "TestPlantedFaultsAreFound",
	WrongStart:          "TestPlantedFaultsAreFound",
	RevokedUnmoved:      "TestPlantedFaultsAreFound",
	HeldByTwo:           "TestSharesFindWhatWasPlanted",
	SettledTwice:        "TestSharesFindWhatWasPlanted",
	AcceptedEarly:       "TestSharesFindWhatWasPlanted",
	AcknowledgedUnheld:  "TestSharesFindWhatWasPlanted",
	DeliveredTooOften:   "TestSharesFindWhatWasPlanted",
	GivenUp:             "TestSharesFindWhatWasPlanted",
	NotSettled:          "TestSharesFindWhatWasPlanted",
	NeverProcessed:      "TestPlantedFaultsAreFound",
	ProcessedTwice:      "TestPlantedFaultsAreFound",
	OutOfOrder:          "TestProcessingFindsWhatWasPlanted",
	MissingRow:          "TestEffectsFindWhatWasPlanted",
	RepeatedRow:         "TestEffectsFindWhatWasPlanted",
	PositionsDiffer:     "TestPositionsFindWhatWasPlanted",
	AlertWithoutBreach:  "TestAlertsFindWhatWasPlanted",
	AlertRepeated:       "TestAlertsFindWhatWasPlanted",
	ClearedWithoutAlert: "TestAlertsFindWhatWasPlanted",
	AlertMissing:        "TestAlertsFindWhatWasPlanted",
	AlertNotCleared:     "TestAlertsFindWhatWasPlanted",
	WindowMissing:       "TestWindowsFindWhatWasPlanted",
	WindowTwice:         "TestWindowsFindWhatWasPlanted",
	WindowWrong:         "TestWindowsFindWhatWasPlanted",
	WindowEarly:         "TestWindowsFindWhatWasPlanted",
	WindowUnexpected:    "TestWindowsFindWhatWasPlanted",
	NotSetAside:         "TestWindowsFindWhatWasPlanted",
	SetAsideTwice:       "TestWindowsFindWhatWasPlanted",
	SetAsideInTime:      "TestWindowsFindWhatWasPlanted",
	HangingTransaction:  "TestOpenTransaction",
	TornTransaction:     "TestTornFindsWhatWasPlanted",
	AbortedRead:         "TestTornFindsWhatWasPlanted",
	OffsetsElsewhere:    "TestOffsetsOutsideTransactionsAreFound",
	MissingReply:        "TestRepliesFindWhatWasPlanted",
	RepeatedReply:       "TestRepliesFindWhatWasPlanted",
	LateReply:           "TestRepliesFindWhatWasPlanted",
	MissingRequest:      "TestRequestsFindWhatWasPlanted",
	RepeatedRequest:     "TestRequestsFindWhatWasPlanted",
	SentAsNew:           "TestIdempotenceFindsWhatWasPlanted",
}

// TestEveryKindIsPlanted keeps a new kind from having no such test.
func TestEveryKindIsPlanted(t *testing.T) {
	tests := map[string]bool{}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				tests[f.Name.Name] = true
			}
		}
	}
	for _, k := range Kinds() {
		if k.Name == differs { // two records with one checksum, which cannot be made
			continue
		}
		if !tests[plants[k.Name]] {
			t.Errorf("%s: got the test %q, want one that plants it into a valid history; name it in plants", k.Name,
				plants[k.Name])
		}
	}
}
