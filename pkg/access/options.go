package access

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Options returns what a franz-go client needs to get in. Files are read here, each time, so that a renewed
// certificate is used by the next client. Errors name the setting and the file, never a secret.
func (a Access) Options() ([]kgo.Opt, error) {
	var options []kgo.Opt
	if a.TLS != nil {
		config, err := a.TLS.Config()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.DialTLSConfig(config))
	}
	if a.SASL != nil {
		mechanism, err := a.SASL.mechanism()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.SASL(mechanism))
	}
	return options, nil
}

// Config reads the files and returns the settings for crypto/tls.
func (t TLS) Config() (*tls.Config, error) {
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         t.ServerName,
		InsecureSkipVerify: t.InsecureSkipVerify, // asked for by the user, and shown by String
	}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("tls: cannot read the CA file: %w; name a PEM file with the certificate authorities of the "+
				"brokers", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("tls: CA file %s: got no certificate in it, want PEM (-----BEGIN CERTIFICATE-----); "+
				"convert a JKS or PKCS#12 store with keytool or openssl", t.CAFile)
		}
	}
	switch {
	case t.CertFile != "" && t.KeyFile != "":
		pair, err := keyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	case t.CertFile != "":
		return nil, fmt.Errorf("tls: got the client certificate %s without a key file, want both; name the file with its "+
			"private key", t.CertFile)
	case t.KeyFile != "":
		return nil, fmt.Errorf("tls: got the key file %s without a client certificate, want both; name the file with the "+
			"certificate", t.KeyFile)
	}
	return config, nil
}

func keyPair(certFile, keyFile string) (tls.Certificate, error) {
	certificate, err := os.ReadFile(certFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tls: cannot read the client certificate: %w; name a PEM file", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tls: cannot read the key file: %w; name a PEM file", err)
	}
	if strings.Contains(string(key), "ENCRYPTED") {
		return tls.Certificate{}, fmt.Errorf("tls: key file %s: got an encrypted private key, want a plain one; decrypt it "+
			"with openssl pkey", keyFile)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tls: client certificate %s with key %s: %w; check that both are PEM and "+
			"belong together", certFile, keyFile, err)
	}
	return pair, nil
}

// mechanism checks the login and makes the franz-go mechanism of it.
func (s SASL) mechanism() (sasl.Mechanism, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	switch s.Mechanism {
	case Plain:
		return plain.Auth{User: s.Username, Pass: s.Password}.AsMechanism(), nil
	case ScramSHA256:
		return scram.Auth{User: s.Username, Pass: s.Password}.AsSha256Mechanism(), nil
	case ScramSHA512:
		return scram.Auth{User: s.Username, Pass: s.Password}.AsSha512Mechanism(), nil
	default:
		return oauth.Auth{Token: s.Token}.AsMechanism(), nil
	}
}

// validate reports a login that can not work: an unknown mechanism, or a credential that is missing or belongs to
// another mechanism. A secret from an unset environment variable shows here, before anything connects.
func (s SASL) validate() error {
	byToken := s.Mechanism == OAuthBearer
	missing := func(what string) error {
		return fmt.Errorf("sasl: %s got no %s; add it, or set the environment variable it comes from", s.Mechanism, what)
	}
	switch {
	case !slices.Contains([]string{Plain, ScramSHA256, ScramSHA512, OAuthBearer}, s.Mechanism):
		return fmt.Errorf("sasl: got mechanism %q, want %s, %s, %s or %s; correct the mechanism", s.Mechanism, Plain,
			ScramSHA256, ScramSHA512, OAuthBearer)
	case byToken && s.Token == "":
		return missing("token")
	case byToken && (s.Username != "" || s.Password != ""):
		return fmt.Errorf("sasl: %s got a username or password, want a token only; remove them or use %s", s.Mechanism, Plain)
	case !byToken && s.Username == "":
		return missing("username")
	case !byToken && s.Password == "":
		return missing("password")
	case !byToken && s.Token != "":
		return fmt.Errorf("sasl: %s got a token, want username and password only; remove the token or use %s", s.Mechanism,
			OAuthBearer)
	}
	return nil
}
