package world

import (
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
