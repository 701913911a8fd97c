package access_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"gopkg.in/yaml.v3"
)

const (
	secretPassword = `pa"ss\word<1>`
	secretToken    = "eyJ-token-value"
)

func everything() access.Access {
	return access.Access{
		TLS: &access.TLS{CAFile: "ca.pem", CertFile: "cert.pem", KeyFile: "key.pem", ServerName: "kafka.test",
			InsecureSkipVerify: true},
		SASL: &access.SASL{Mechanism: access.Plain, Username: "alice", Password: secretPassword, Token: secretToken},
	}
}

func TestNoOutputShowsSecrets(t *testing.T) {
	a := everything()
	type exported struct{ Inner access.Access }
	type unexported struct{ inner access.Access }
	values := map[string]any{
		"value": a, "pointer": &a, "sasl": *a.SASL, "sasl pointer": a.SASL,
		"exported field": exported{a}, "unexported field": unexported{a}, "slice": []access.SASL{*a.SASL},
		"map": map[string]access.Access{"x": a},
	}
	var outputs []string
	for name, value := range values {
		verbs := []string{"%v", "%+v", "%#v"}
		if name != "unexported field" { // fmt calls no methods there, and shows more to a verb that does not fit
			verbs = append(verbs, "%s", "%q", "%x")
		}
		for _, verb := range verbs {
			outputs = append(outputs, name+" "+verb+": "+fmt.Sprintf(verb, value))
		}
		var text bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("open", "access", value)
		slog.New(slog.NewJSONHandler(&text, nil)).Info("open", "access", value)
		if encoded, err := json.Marshal(value); err == nil {
			text.Write(encoded)
		}
		if encoded, err := yaml.Marshal(value); err == nil {
			text.Write(encoded)
		}
		outputs = append(outputs, name+" encoded: "+text.String())
	}
	for _, output := range outputs {
		for _, secret := range a.Secrets() {
			if strings.Contains(output, secret) || strings.Contains(output, fmt.Sprintf("%x", secret)) {
				t.Errorf("got the secret %q in output, want it hidden:\n%s", secret, output)
			}
		}
	}
}

func TestStringSaysWhatIsUsed(t *testing.T) {
	got := everything().String()
	want := "TLS with CA ca.pem and client certificate cert.pem, broker certificate not verified, SASL PLAIN as alice, " +
		"password ***, token ***"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (access.Access{}).String(); got != "plaintext" {
		t.Errorf("got %q, want plaintext", got)
	}
}

func TestSecretsHaveTheFormsOfText(t *testing.T) {
	want := []string{`pa\"ss\\word\u003c1\u003e`, secretToken, `pa\"ss\\word<1>`, secretPassword}
	if diff := cmp.Diff(want, everything().Secrets()); diff != "" {
		t.Errorf("secrets, longest first (-want +got):\n%s", diff)
	}
	if got := (access.Access{}).Secrets(); len(got) != 0 {
		t.Errorf("got %q, want none", got)
	}
}

func TestOptionsNameWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text.pem")
	encrypted := filepath.Join(folder, "encrypted.pem")
	write(t, text, "no certificate")
	write(t, encrypted, "-----BEGIN ENCRYPTED PRIVATE KEY-----")
	absent := filepath.Join(folder, "absent.pem")
	tests := map[string]struct {
		access access.Access
		want   string
	}{
		"CA absent": {access.Access{TLS: &access.TLS{CAFile: absent}}, "tls: cannot read the CA file: open " +
			absent},
		"CA not PEM":     {access.Access{TLS: &access.TLS{CAFile: text}}, "got no certificate in it"},
		"no key":         {access.Access{TLS: &access.TLS{CertFile: text}}, "without a key file"},
		"no certificate": {access.Access{TLS: &access.TLS{KeyFile: text}}, "without a client certificate"},
		"certificate gone": {access.Access{TLS: &access.TLS{CertFile: absent, KeyFile: text}},
			"cannot read the client certificate"},
		"key gone":      {access.Access{TLS: &access.TLS{CertFile: text, KeyFile: absent}}, "cannot read the key file"},
		"key encrypted": {access.Access{TLS: &access.TLS{CertFile: text, KeyFile: encrypted}}, "decrypt it"},
		"pair broken":   {access.Access{TLS: &access.TLS{CertFile: text, KeyFile: text}}, "belong together"},
		"mechanism unknown": {access.Access{SASL: &access.SASL{Mechanism: "SCRAM"}},
			`got mechanism "SCRAM", want PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER`},
		"no user": {access.Access{SASL: &access.SASL{Mechanism: "PLAIN", Password: secretPassword}},
			"got no username"},
		"no password": {access.Access{SASL: &access.SASL{Mechanism: "SCRAM-SHA-512", Username: "alice"}},
			"got no password"},
		"no token": {access.Access{SASL: &access.SASL{Mechanism: "OAUTHBEARER"}}, "got no token"},
		"token misplaced": {access.Access{SASL: &access.SASL{Mechanism: "PLAIN", Username: "alice",
			Password: secretPassword, Token: secretToken}}, "remove the token"},
		"login misplaced": {access.Access{SASL: &access.SASL{Mechanism: "OAUTHBEARER", Token: secretToken,
			Password: secretPassword}}, "want a token only"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := test.access.Options()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want one with %q", err, test.want)
			}
			for _, secret := range test.access.Secrets() {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("got a secret in the error, want none: %v", err)
				}
			}
		})
	}
}

func TestEnvironThereAndBack(t *testing.T) {
	tls := everything().TLS
	for _, want := range []access.Access{
		{},
		{TLS: &access.TLS{}},
		{TLS: tls},
		{SASL: &access.SASL{Mechanism: access.ScramSHA512, Username: "alice", Password: secretPassword}},
		{TLS: tls, SASL: &access.SASL{Mechanism: access.OAuthBearer, Token: secretToken}},
	} {
		got, err := access.FromEnviron(lookupIn(want.Environ()))
		if err != nil {
			t.Fatalf("%s: got error %v, want none", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want, diff)
		}
	}
}

func TestFromEnvironRefusesWhatWouldBeIgnored(t *testing.T) {
	tests := map[string]string{
		"KAFKA_SECURITY_PROTOCOL=TLS": `got "TLS", want PLAINTEXT`,
		"KAFKA_SASL_PASSWORD=" + secretPassword: "KAFKA_SASL_PASSWORD is set, but " +
			"KAFKA_SECURITY_PROTOCOL is PLAINTEXT",
		"KAFKA_SSL_CA_LOCATION=ca.pem":                                         "KAFKA_SSL_CA_LOCATION is set",
		"KAFKA_SECURITY_PROTOCOL=SASL_SSL":                                     "got mechanism",
		"KAFKA_SECURITY_PROTOCOL=SSL,KAFKA_SSL_INSECURE_SKIP_VERIFY=sometimes": "want true or false",
	}
	for environ, want := range tests {
		_, err := access.FromEnviron(lookupIn(strings.Split(environ, ",")))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secretPassword) {
			t.Errorf("%s: got error %v, want one with %q and no secret", environ, err, want)
		}
	}
}

func lookupIn(environ []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, entry := range environ {
			if key, value, _ := strings.Cut(entry, "="); key == name {
				return value, true
			}
		}
		return "", false
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
