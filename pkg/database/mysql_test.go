package database_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// A user of a MySQL server who is not let in, or may not make a database, is told what to do.
func TestMySQLUsers(t *testing.T) {
	backend := backends(t)[database.MySQL]
	if backend == nil {
		t.Skip("MariaDB is not installed here")
	}
	d, err := backend.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close(context.Background()) }()
	address, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Run(t.Context(), "CREATE OR REPLACE USER clerk IDENTIFIED BY 's3cret';"+
		"GRANT ALL ON `kafkaspec\\_%`.* TO clerk;"+
		"CREATE OR REPLACE USER guest IDENTIFIED BY 's3cret'; GRANT SELECT ON *.* TO guest;"+
		"CREATE OR REPLACE USER careful IDENTIFIED BY 's3cret' REQUIRE SSL"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ user, password, path, want string }{
		// MariaDB 11.4 makes a certificate for itself, which nobody has signed
		"no TLS, or an unknown certificate": {"clerk", "s3cret", "/?tls=true", "in the address"},
		"rights to its databases only":      {"clerk", "s3cret", "", ""},
		"no rights":                         {"guest", "s3cret", "/mysql", "whose names begin with kafkaspec_: GRANT ALL ON"},
		"another password":                  {"clerk", "s3crets", "", "check user and password in the address"},
		"TLS only":                          {"careful", "s3cret", "", "takes TLS only wants ?tls=true"},
		"no such database":                  {"guest", "s3cret", "/orders", "name a database that is there, or none"},
	} {
		t.Run(name, func(t *testing.T) {
			at := *address
			at.User = url.UserPassword(c.user, c.password)
			at.Path, at.RawQuery, _ = strings.Cut(c.path, "?")
			err := openOnce(t, at.String())
			if c.want == "" {
				if err != nil {
					t.Errorf("got %v, want a database", err)
				}
				return
			}
			if !outcome.IsEnvironment(err) || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want an error of the environment with %q, without the password", err, c.want)
			}
		})
	}
}

func openOnce(t *testing.T, address string) error {
	t.Helper()
	backend, err := database.New(t.Context(), address, nil)
	if err != nil {
		return err
	}
	defer func() { _ = backend.Close(context.Background()) }()
	d, err := backend.Open(t.Context())
	if err != nil {
		return err
	}
	return d.Close(context.Background())
}
