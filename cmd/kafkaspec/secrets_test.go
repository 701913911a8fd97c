package main

import (
	"encoding/base64"
	"fmt"
	"html"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// places are where secrets stand: those of the profile by the variable that holds it, ${A} and so on.
const secretProfile = `clusters:
  refusing:
    kind: external
    addresses: ["127.0.0.1:1"]
    sasl: {mechanism: PLAIN, username: somebody, password: "${SASL}"}
  token:
    kind: external
    addresses: ["127.0.0.1:1"]
    sasl: {mechanism: OAUTHBEARER, token: "${BEARER}"}
registry: http://reader:${REGISTRY}@127.0.0.1:1
applications:
  teller:
    command: [sh, teller.sh, "--password=${ARGUMENT}"]
    env:
      API_TOKEN: "${VALUE}"
      PRIVATE_KEY: "${PEM}"
      DSN: "host=127.0.0.1 user=me password='${DSN}' dbname=orders"
      ADDRESS: "http://me:${ADDRESS}@127.0.0.1/"
      ENCODED: "${ENCODED}"
`

// secretScript shows all that it has, as it is, as a very long line that is cut, and in pieces.
const secretScript = `echo "$*"
printenv
cat encoded.txt
head -c 65500 /dev/zero | tr '\0' x; printenv API_TOKEN
printenv API_TOKEN | cut -c 3-12
exit 1
`

const secretFeature = `Feature: Secrets
  Scenario: an application tells
    Given topic "orders" with 1 partition
    And application "teller" of the profile is in group "tellers" reading "orders"
    And the record "x" is in "orders"
    Then within 300ms "teller" processed exactly 1 record

  Scenario: a database is asked
    Given topic "orders" with 1 partition
    And application "writer" is the reference "db-writer" in group "writers" reading "orders"
    When the record "x" is sent to "orders"
    Then the table "records" has 1 row
`

const registryFeature = `Feature: Secrets
  Scenario: a registry is asked
    Given topic "orders" with 1 partition
    And schema "user-v1" is registered for "orders"
    Then "orders" is empty
`

// randomSecret is a password that somebody may have: letters, digits and signs that mean something in URLs, YAML or
// JSON. It has no quote, as it stands between quotes of the profile.
func randomSecret(random *rand.Rand, signs string) string {
	all := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + signs
	secret := make([]byte, 8+random.IntN(24))
	for i := range secret {
		secret[i] = all[random.IntN(len(all))]
	}
	return string(secret)
}

// TestSecretsStayInside puts random secrets wherever one can stand, has an application show them, and looks for any six
// characters in a row of them in every output.
func TestSecretsStayInside(t *testing.T) {
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { secretsStayInside(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func secretsStayInside(t *testing.T, random *rand.Rand) {
	t.Chdir(t.TempDir())
	const signs = `<>&+=\/"%~ `
	secrets := map[string]string{
		"SASL": randomSecret(random, signs), "BEARER": randomSecret(random, signs), "VALUE": randomSecret(random, signs),
		"REGISTRY": randomSecret(random, "-_~"), "ADDRESS": randomSecret(random, "+-_~"),
		"DSN": randomSecret(random, "@:/& "), "ARGUMENT": randomSecret(random, "@:/"),
		"PEM": "-----BEGIN PRIVATE KEY-----\n" + randomSecret(random, "+/") + "\n" + randomSecret(random, "+/") +
			"\n-----END PRIVATE KEY-----\n",
	}
	var encoded strings.Builder
	for _, secret := range secrets {
		for _, write := range []func(string) string{url.QueryEscape, url.PathEscape, html.EscapeString, strconv.Quote,
			func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) }} {
			encoded.WriteString(write(secret) + "\n")
		}
	}
	secrets["ENCODED"] = base64.StdEncoding.EncodeToString([]byte("somebody:" + secrets["SASL"]))
	for name, secret := range secrets {
		t.Setenv(name, secret)
	}
	for name, content := range map[string]string{"kafkaspec.yaml": secretProfile, "teller.sh": secretScript,
		"registry.feature": registryFeature, "secrets.feature": secretFeature, "encoded.txt": encoded.String()} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flag := randomSecret(random, "-_")
	secrets["flag"] = flag
	for i, more := range [][]string{
		{}, {}, {}, {"--cluster", "refusing"}, {"--cluster", "token"}, {"registry.feature"},
		{"--database", "postgres://me:" + flag + "@127.0.0.1:1/d"},
		{"--database", "host=127.0.0.1 user=me password=" + flag},
		{"--database", "postgres://me:" + flag + "%@127.0.0.1:port/d"},
		{"registry.feature", "--registry", "http://me:" + flag + "@127.0.0.1:1"}, {"--registry", "me:" + flag + "@127.0.0.1"},
		{"--databse=postgres://me:" + flag + "@127.0.0.1:1/d"},
	} {
		format := report.Formats[i%len(report.Formats)]
		code, stdout, stderr := kafkaspec(t, append([]string{"run", "secrets.feature", "--format", format, "--report",
			"reports"}, more...)...)
		if code == exitPassed || stdout+stderr == "" {
			t.Fatalf("%v: got exit %d and %q, want a failure that is explained", more, code, stdout+stderr)
		}
		noSecret(t, "standard output", stdout, secrets)
		noSecret(t, "standard error", stderr, secrets)
	}
	files := 0
	err := filepath.WalkDir("reports", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(file)
		noSecret(t, file, string(text), secrets)
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("got %d files (%v), want reports and journals", files, err)
	}
}

// noSecret looks for six characters in a row of a secret, as they are and in base64.
func noSecret(t *testing.T, where, text string, secrets map[string]string) {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	for name, secret := range secrets {
		for part := range strings.Lines(secret) {
			if strings.HasPrefix(part, "-----") {
				continue
			}
			part = strings.TrimSuffix(part, "\n")
			for i := 0; i+6 <= len(part); i++ {
				for _, line := range lines {
					if strings.Contains(line, part[i:i+6]) {
						t.Errorf("%s shows %q of %s in: %.300s", where, part[i:i+6], name, line)
						return
					}
				}
			}
		}
	}
	for i := 0; i+8 <= len(text); i++ {
		decoded, err := base64.StdEncoding.DecodeString(text[i : i+8])
		for name, secret := range secrets {
			if err == nil && strings.Contains(secret, string(decoded)) {
				t.Errorf("%s shows %q of %s in base64: %s", where, decoded, name, text[i:i+8])
				return
			}
		}
	}
}
