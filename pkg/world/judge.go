package world

import (
	"cmp"
	"context"
	"errors"
	"slices"

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
// there: it may be of that.
func Found(ctx context.Context, err error, topics ...*Topic) error {
	found := (*verdict.Error)(nil)
	if errors.As(err, &found) && len(found.Result.Kinds) > 0 &&
		!slices.ContainsFunc(found.Result.Kinds, func(k verdict.KindTotal) bool { return k.Kind != verdict.Unexpected }) {
		return cmp.Or(Settled(ctx, topics...), err)
	}
	return err
}
