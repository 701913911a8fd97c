// Package access says how a Kafka client gets into a cluster: TLS and SASL.
//
// One Access travels from the profile to every client kafkaspec makes, to every application it starts in the same
// process, and as environment variables to every application it starts as a process. Passwords and tokens can be read
// from its fields on purpose only: printing, logging and encoding an Access shows a placeholder.
package access

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
)

// Mechanism names of SASL that an Access can use.
const (
	Plain       = "PLAIN"
	ScramSHA256 = "SCRAM-SHA-256"
	ScramSHA512 = "SCRAM-SHA-512"
	OAuthBearer = "OAUTHBEARER"
)

// hidden stands in all output for a secret that is set.
const hidden = "***"

// Access is how a client gets in. The zero value is plaintext without authentication.
type Access struct {
	TLS  *TLS  // nil: no TLS
	SASL *SASL // nil: no authentication
}

// TLS names the files of an encrypted connection. The zero value trusts the system's certificate authorities and
// shows no certificate of its own.
type TLS struct {
	CAFile             string // PEM; trusted instead of the system's authorities
	CertFile           string // PEM; client certificate, needs KeyFile
	KeyFile            string // PEM; private key of CertFile, not encrypted
	ServerName         string // expected in the broker's certificate; "" is the host of the address
	InsecureSkipVerify bool   // accept any certificate; only for tests
}

// SASL is a login. Username and Password belong to PLAIN and SCRAM, Token to OAUTHBEARER.
type SASL struct {
	Mechanism string // PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER
	Username  string
	Password  string
	Token     string
}

// Protocol is the name Kafka's own clients use for this combination: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
func (a Access) Protocol() string {
	switch {
	case a.TLS != nil && a.SASL != nil:
		return "SASL_SSL"
	case a.TLS != nil:
		return "SSL"
	case a.SASL != nil:
		return "SASL_PLAINTEXT"
	default:
		return "PLAINTEXT"
	}
}

// Secrets returns every form in which a password or token could stand in text: as it is, and as a JSON or Go string
// holds it. Longest first, so that replacing them one after the other leaves no rest.
func (a Access) Secrets() []string {
	if a.SASL == nil {
		return nil
	}
	var forms []string
	for _, secret := range []string{a.SASL.Password, a.SASL.Token} {
		if secret == "" {
			continue
		}
		forms = append(forms, secret, unquoted(strconv.Quote(secret)))
		if text, err := json.Marshal(secret); err == nil {
			forms = append(forms, unquoted(string(text)))
		}
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(forms)
}

func unquoted(text string) string { return text[1 : len(text)-1] }

// String describes the access without its secrets.
func (a Access) String() string {
	if a.TLS == nil && a.SASL == nil {
		return "plaintext"
	}
	var parts []string
	if a.TLS != nil {
		parts = append(parts, a.TLS.String())
	}
	if a.SASL != nil {
		parts = append(parts, a.SASL.String())
	}
	return strings.Join(parts, ", ")
}

// String describes the TLS settings; file names are not secret.
func (t TLS) String() string {
	text := "TLS"
	if t.CAFile != "" {
		text += " with CA " + t.CAFile
	}
	if t.CertFile != "" {
		text += " and client certificate " + t.CertFile
	}
	if t.InsecureSkipVerify {
		text += ", broker certificate not verified"
	}
	return text
}

// String names mechanism and user; password and token are placeholders.
func (s SASL) String() string {
	text := "SASL " + s.Mechanism
	if s.Username != "" {
		text += " as " + s.Username
	}
	if s.Password != "" {
		text += ", password " + hidden
	}
	if s.Token != "" {
		text += ", token " + hidden
	}
	return text
}

// Format prints String whatever the verb, so that %+v and %#v show no more than %s.
func (a Access) Format(state fmt.State, _ rune) { _, _ = fmt.Fprint(state, a.String()) }

// Format prints String whatever the verb, so that %+v and %#v show no more than %s.
func (s SASL) Format(state fmt.State, _ rune) { _, _ = fmt.Fprint(state, s.String()) }

// LogValue is what log/slog records.
func (a Access) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText makes JSON, YAML and log encoders write String.
func (s SASL) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
