// Package fetched tells apart what may be wrong with a fetch.
package fetched

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Error returns the errors of a fetch that end an application; those that the client recovers from are only logged.
func Error(log *slog.Logger, fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		switch {
		case errors.Is(e.Err, context.Canceled), errors.Is(e.Err, context.DeadlineExceeded):
		case errors.Is(e.Err, kgo.ErrClientClosed), errors.Is(e.Err, kerr.TopicAuthorizationFailed),
			errors.Is(e.Err, kerr.GroupAuthorizationFailed), errors.Is(e.Err, kerr.SaslAuthenticationFailed):
			return fmt.Errorf("fetch topic %s partition %d: %w", e.Topic, e.Partition, e.Err)
		default:
			log.Warn("warning", "topic", e.Topic, "partition", e.Partition, "error", e.Err)
		}
	}
	return nil
}
