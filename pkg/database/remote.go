package database

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/access"
)

// remote is a server that is reached by an address. What makes databases on it embeds it.
type remote struct {
	address *url.URL
	admin   *sql.DB
	version string
	own     *server // nil: somebody else's
}

// Secrets are those of the server's address.
func (r *remote) Secrets() []string { return access.SecretsIn(r.address.String()) }

// Close ends the connections and, where it was started, the server.
func (r *remote) Close(ctx context.Context) error {
	err := r.admin.Close()
	if r.own != nil {
		err = errors.Join(r.own.health(), err, r.own.close(ctx))
	}
	return err
}

// Health is an error of the environment once a server that was started has failed. It shows what the server wrote last.
func (r *remote) Health() error {
	if r.own == nil {
		return nil
	}
	return r.own.health()
}

// masked is an error's text without the password.
func masked(err error, address *url.URL) string {
	text := err.Error()
	for _, secret := range access.SecretsIn(address.String()) {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}
