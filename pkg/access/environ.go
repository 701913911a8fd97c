package access

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Names of the environment variables an application under test is given.
const (
	envProtocol   = "KAFKA_SECURITY_PROTOCOL"
	envMechanism  = "KAFKA_SASL_MECHANISM"
	envUsername   = "KAFKA_SASL_USERNAME"
	envPassword   = "KAFKA_SASL_PASSWORD"
	envToken      = "KAFKA_SASL_TOKEN"
	envCA         = "KAFKA_SSL_CA_LOCATION"
	envCert       = "KAFKA_SSL_CERTIFICATE_LOCATION"
	envKey        = "KAFKA_SSL_KEY_LOCATION"
	envServerName = "KAFKA_SSL_SERVER_NAME"
	envInsecure   = "KAFKA_SSL_INSECURE_SKIP_VERIFY"
)

// Environ is the access as environment variables, NAME=value, only those that are set; the protocol always is.
func (a Access) Environ() []string {
	environ := []string{envProtocol + "=" + a.Protocol()}
	add := func(name, value string) {
		if value != "" {
			environ = append(environ, name+"="+value)
		}
	}
	if a.SASL != nil {
		add(envMechanism, a.SASL.Mechanism)
		add(envUsername, a.SASL.Username)
		add(envPassword, a.SASL.Password)
		add(envToken, a.SASL.Token)
	}
	if a.TLS != nil {
		add(envCA, a.TLS.CAFile)
		add(envCert, a.TLS.CertFile)
		add(envKey, a.TLS.KeyFile)
		add(envServerName, a.TLS.ServerName)
		if a.TLS.InsecureSkipVerify {
			add(envInsecure, "true")
		}
	}
	return environ
}

// FromEnviron is the reverse of Environ. Without a protocol the access is plaintext; settings that the protocol leaves
// without use are an error, because a forgotten protocol would otherwise connect without them.
func FromEnviron(lookup func(string) (string, bool)) (Access, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	protocol := strings.ToUpper(get(envProtocol))
	if protocol == "" {
		protocol = "PLAINTEXT"
	}
	if !slices.Contains([]string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}, protocol) {
		return Access{}, fmt.Errorf("%s: got %q, want PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; correct the variable",
			envProtocol, get(envProtocol))
	}
	var a Access
	if strings.HasPrefix(protocol, "SASL") {
		a.SASL = &SASL{Mechanism: strings.ToUpper(get(envMechanism)), Username: get(envUsername), Password: get(envPassword),
			Token: get(envToken)}
		if err := a.SASL.validate(); err != nil {
			return Access{}, fmt.Errorf("environment variables KAFKA_SASL_…: %w", err)
		}
	} else if name := firstSet(get, envMechanism, envUsername, envPassword, envToken); name != "" {
		return Access{}, fmt.Errorf("%s is set, but %s is %s; set it to SASL_PLAINTEXT or SASL_SSL, or unset %s", name,
			envProtocol, protocol, name)
	}
	if strings.HasSuffix(protocol, "SSL") {
		a.TLS = &TLS{CAFile: get(envCA), CertFile: get(envCert), KeyFile: get(envKey), ServerName: get(envServerName)}
		if text := get(envInsecure); text != "" {
			insecure, err := strconv.ParseBool(text)
			if err != nil {
				return Access{}, fmt.Errorf("%s: got %q, want true or false; correct the variable", envInsecure, text)
			}
			a.TLS.InsecureSkipVerify = insecure
		}
	} else if name := firstSet(get, envCA, envCert, envKey, envServerName, envInsecure); name != "" {
		return Access{}, fmt.Errorf("%s is set, but %s is %s; set it to SSL or SASL_SSL, or unset %s", name, envProtocol,
			protocol, name)
	}
	return a, nil
}

func firstSet(get func(string) string, names ...string) string {
	for _, name := range names {
		if get(name) != "" {
			return name
		}
	}
	return ""
}
