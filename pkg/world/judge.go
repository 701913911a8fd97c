package world

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Judged is the error of a result. One with findings that waiting cannot heal is not waited on, and tells of those
// only.
func Judged(r verdict.Result) error {
	if stays, found := r.Lasting(); found {
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
