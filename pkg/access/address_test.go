package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/access"
)

func TestSecretsIn(t *testing.T) {
	for address, want := range map[string][]string{
		"sqlite":                                       nil,
		"http://registry:8081":                         nil,
		"local:3@4.1.0":                                nil, // the name of a cluster
		"--cluster=local:3@4.1.0":                      nil,
		"http://reader@host:8081":                      nil,
		"http://reader:hunter2@registry:8081/api":      {"hunter2", "hunter2", access.Basic("reader", "hunter2")},
		"postgres://u:a%2Fb@h/d?sslpassword=x%20y":     {"x%20y", "x%20y", "x y", "a%2Fb", "a/b", access.Basic("u", "a/b")},
		"postgres://u:a/b?c#d@e%@h:port/d":             {"a/b?c#d@e%"},
		"reader:hunter2@registry:8081":                 {"hunter2", "hunter2", access.Basic("reader", "hunter2")},
		"host=db user=u password=hunter2 dbname=d":     {"hunter2", "hunter2", "hunter2"},
		`host=db password = 'it\'s me' user=u`:         {`it\'s me`, "it's me", `it\'s me`},
		`login required username="u" password="a;b";`:  {"a;b", "a;b", "a;b"},
		"jdbc:postgresql://h/d?user=u&password=a&x=y":  {"a", "a", "a"},
		"Server=db;Uid=u;Pwd=hunter2;Encrypt=yes":      {"hunter2", "hunter2", "hunter2"},
		"https://h/path?api_key=0123456789&format=csv": {"0123456789", "0123456789", "0123456789"},
	} {
		if diff := cmp.Diff(want, access.SecretsIn(address)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func TestShown(t *testing.T) {
	for address, want := range map[string]string{
		"mysql":                                    "mysql",
		"localhost:8081":                           "localhost:8081",
		"registry.example.org":                     "registry.example.org",
		"http://registry:8081/api":                 "http://registry:8081/api",
		"http://reader:s3cret@registry:8081":       "http://reader:xxxxx@registry:8081",
		"postgres://u:s3c ret%@host:5432/d":        "postgres://…@host:5432/d",
		"postgres://u:s3cret:5432/d":               "postgres://…",
		"postgres://u:s3cret@h/d?sslpassword=s3c":  "postgres://…",
		"http://reader:s3cret@host/?password=s3cr": "http://…",
		"host=db password=s3cret":                  "…",
		"reader:s3cret@registry":                   "…",
		"reader:s3cret":                            "…",
		"":                                         "",
	} {
		got := access.Shown(address)
		if got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
		if strings.Contains(got, "s3c") {
			t.Errorf("%s: got %q, which shows the secret", address, got)
		}
	}
}
