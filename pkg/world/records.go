package world

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Records returns every record the topic holds now, in the order of offsets on each partition. Too many to be held is
// an error.
func (w *World) Records(ctx context.Context, name string) ([]record.Record, error) {
	tail, err := w.Refresh(ctx, name)
	if err != nil {
		return nil, err
	}
	if tail.Count > int64(len(tail.kept)) {
		return nil, Final(fmt.Errorf("%q holds %d records; comparing them one by one works up to %d: use a judge, such as: "+
			"every record of … is in … exactly once", name, tail.Count, keptRecords))
	}
	return tail.kept, nil
}

// Count returns how many records the topic holds now; control markers and aborted records do not count.
func (w *World) Count(ctx context.Context, name string) (int64, error) {
	tail, err := w.Refresh(ctx, name)
	if err != nil {
		return 0, err
	}
	return tail.Count, nil
}
