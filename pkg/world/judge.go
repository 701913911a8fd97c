package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
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

// Found is a judge's error about work on topics. Work on what nobody can read is no finding while a transaction is open
// there: it may be of that. Where an application reads uncommitted, that is added.
func Found(ctx context.Context, err error, topics ...*Topic) error {
	found := (*verdict.Error)(nil)
	unexpected := func(k verdict.KindTotal) bool { return k.Kind == verdict.Unexpected }
	if !errors.As(err, &found) || !slices.ContainsFunc(found.Result.Kinds, unexpected) {
		return err
	}
	for _, t := range topics {
		err = t.readUncommitted(err)
	}
	for _, k := range found.Result.Kinds {
		if !unexpected(k) {
			return err
		}
	}
	return cmp.Or(Settled(ctx, topics...), err)
}

// readUncommitted adds to an error that an application reads the topic uncommitted, where one does.
func (t *Topic) readUncommitted(err error) error {
	reads := t.world.Journal.Select(func(f *journal.Fact) bool {
		d, ok := f.Detail.(*journal.Fetch)
		return ok && f.Kind == journal.GroupPosition && f.Topic == t.Name && !d.ReadCommitted
	})
	if len(reads) == 0 {
		return err
	}
	return fmt.Errorf("%w; %q reads uncommitted (isolation.level), so what an aborted transaction wrote reaches it", err,
		reads[0].App)
}
