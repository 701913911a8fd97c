package profile

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"gopkg.in/yaml.v3"
)

// tlsEntry is a mapping, or true or false.
type tlsEntry struct {
	CA          text `yaml:"ca"`
	Certificate text `yaml:"certificate"`
	Key         text `yaml:"key"`
	ServerName  text `yaml:"server-name"`
	Insecure    bool `yaml:"insecure-skip-verify"`

	on bool
}

func (t *tlsEntry) read(d *reader, node *yaml.Node, what string) {
	if n := resolve(node); n != nil && n.Kind == yaml.ScalarNode {
		t.on = d.flag(n, "tls")
		return
	}
	t.on = true
	d.fields(node, "tls of "+what, t)
}

func (t *tlsEntry) options(p *Profile, needs *needs) *access.TLS {
	return &access.TLS{CAFile: p.relative(needs.text(t.CA)), CertFile: p.relative(needs.text(t.Certificate)),
		KeyFile: p.relative(needs.text(t.Key)), ServerName: needs.text(t.ServerName), InsecureSkipVerify: t.Insecure}
}

type saslEntry struct {
	Mechanism text `yaml:"mechanism"`
	Username  text `yaml:"username"`
	Password  text `yaml:"password"`
	Token     text `yaml:"token"`
}

// check reports a mechanism that does not exist, or that lacks what it proves itself with.
func (s *saslEntry) check(d *reader, what string, line int) {
	switch s.Mechanism.value {
	case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512":
		if s.Username.line == 0 || s.Password.line == 0 {
			d.problem(line, "sasl of %s needs username and password for %s; add them, as ${NAME} where they are secret", what,
				s.Mechanism.value)
		}
	case "OAUTHBEARER":
		if s.Token.line == 0 {
			d.problem(line, "sasl of %s needs token for OAUTHBEARER; add token: ${NAME}", what)
		}
	default:
		if len(s.Mechanism.missing) == 0 {
			d.problem(max(s.Mechanism.line, line), "got mechanism %q in sasl of %s, want one of PLAIN, SCRAM-SHA-256, "+
				"SCRAM-SHA-512, OAUTHBEARER", s.Mechanism.value, what)
		}
	}
}

// check reports files that cannot be used, each with its line: those that are not there, that hold no PEM, a
// certificate that is not valid now, and a key that belongs to another.
func (t *tlsEntry) check(needs *needs, files access.TLS) {
	now := time.Now()
	if text := needs.pem(t.CA, "ca", files.CAFile); text != nil {
		certificates := needs.certificates(t.CA, "ca", text)
		valid := false // an authority that has expired harms nobody beside one that has not
		for _, c := range certificates {
			valid = valid || now.Before(c.NotAfter) && !now.Before(c.NotBefore)
		}
		if len(certificates) > 0 && !valid && !files.InsecureSkipVerify {
			needs.period(t.CA, "ca", certificates[0], now)
		}
	}
	switch {
	case t.Certificate.line > 0 && t.Key.line == 0:
		needs.problem(t.Certificate.line, "got a certificate in tls of %s without a key; add key: FILE", needs.what)
		return
	case t.Key.line > 0 && t.Certificate.line == 0:
		needs.problem(t.Key.line, "got a key in tls of %s without a certificate; add certificate: FILE", needs.what)
		return
	}
	chain, key := needs.pem(t.Certificate, "certificate", files.CertFile), needs.pem(t.Key, "key", files.KeyFile)
	if chain == nil || key == nil {
		return
	}
	certificates := needs.certificates(t.Certificate, "certificate", chain)
	switch _, err := tls.X509KeyPair(chain, key); {
	case len(certificates) == 0:
		return
	case bytes.Contains(key, []byte("ENCRYPTED")):
		needs.problem(t.Key.line, "got an encrypted key in %s; decrypt it with openssl pkey", t.Key.value)
	case err != nil:
		needs.problem(t.Key.line, "got the key %s, which does not go with certificate %s: %w", t.Key.value,
			t.Certificate.value, err)
	}
	needs.period(t.Certificate, "certificate", certificates[0], now)
}

// pem is what is in a file of tls; nil where there is none, or none that can be used.
func (n *needs) pem(file text, key, path string) []byte {
	if file.line == 0 || len(file.missing) > 0 {
		return nil
	}
	text, err := source.ReadFile(path)
	if err != nil {
		if failed, ok := errors.AsType[*fs.PathError](err); ok {
			err = failed.Err
		}
		n.problem(file.line, "got %s %q in tls of %s, which cannot be read: %w; paths are relative to the profile", key,
			file.value, n.what, err)
		return nil
	}
	if block, _ := pem.Decode(text); block == nil {
		n.problem(file.line, "got %s %q in tls of %s, which is not PEM (-----BEGIN …-----); convert a JKS, PKCS#12 or DER "+
			"file with keytool or openssl", key, file.value, n.what)
		return nil
	}
	return text
}

// certificates are those in a PEM text.
func (n *needs) certificates(file text, key string, text []byte) (found []*x509.Certificate) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			n.problem(file.line, "got %s %q in tls of %s, with a certificate that is damaged: %w", key, file.value, n.what, err)
			return nil
		}
		found = append(found, certificate)
	}
	if len(found) == 0 {
		n.problem(file.line, "got %s %q in tls of %s, which holds no certificate (-----BEGIN CERTIFICATE-----)", key,
			file.value, n.what)
	}
	return found
}

// period reports a certificate that is not valid now.
func (n *needs) period(file text, key string, c *x509.Certificate, now time.Time) {
	const day = "2006-01-02"
	if now.After(c.NotAfter) {
		n.problem(file.line, "got %s %q in tls of %s, which expired on %s; renew it", key, file.value, n.what,
			c.NotAfter.UTC().Format(day))
	} else if now.Before(c.NotBefore) {
		n.problem(file.line, "got %s %q in tls of %s, which is valid from %s on; look at the clock of this machine", key,
			file.value, n.what, c.NotBefore.UTC().Format(day))
	}
}
