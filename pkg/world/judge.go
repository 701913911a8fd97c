package world

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// lasting are the findings that more records cannot take back. An unexpected record is not among them: what it copies
// may have come after the input was read.
var lasting = []string{verdict.Duplicate, verdict.Reordered, verdict.TwoPartitions, verdict.WrongPartition,
	verdict.RepeatedResult, verdict.RepeatedRow,
	verdict.TwoOwners, verdict.CommitAfterRevoke, verdict.CommitOfLost, verdict.RevokedUnmoved, verdict.ProcessedTwice,
	verdict.AlertWithoutBreach, verdict.AlertRepeated, verdict.ClearedWithoutAlert, verdict.WindowTwice,
	verdict.SetAsideTwice}

// Judged is the error of a result. One with lasting findings is not waited on, and tells of those only: what else was
// found may be of records that were still on their way.
func Judged(r verdict.Result) error {
	if stays, found := r.Lasting(lasting...); found {
		return Final(stays.Err())
	}
	return r.Err()
}

// ScanBoth reads two topics, one after the other, and hands each record on.
func (w *World) ScanBoth(ctx context.Context, from, to string, input, output func(*record.Record)) error {
	if err := w.Scan(ctx, from, input); err != nil {
		return err
	}
	return w.Scan(ctx, to, output)
}
