package access

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
)

// keyed are the secrets that stand behind their names: password=s3cret, in a URL's query or in a DSN of PostgreSQL,
// where quotes may be around it.
var keyed = regexp.MustCompile(`(?i)([a-z_.-]*(?:password|passwd|pwd|secret|token|api_?key))\s*=\s*` +
	`('(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|[^\s;&]*)`)

// cluster is such as local:3@4.1.0, brokers of a version, which looks like a user with a password.
var cluster = regexp.MustCompile(`^(?:--cluster=)?local:[\w.]*@[\w.-]*$`)

// SecretsIn are the parts of an address or DSN that must not be shown: passwords, as they are written and as they are
// meant, and user:password as HTTP sends it. The address need not be one that can be parsed.
func SecretsIn(address string) []string {
	if cluster.MatchString(address) {
		return nil
	}
	var secrets []string
	add := func(texts ...string) {
		for _, text := range texts {
			if text != "" {
				secrets = append(secrets, text)
			}
		}
	}
	for _, match := range keyed.FindAllStringSubmatch(address, -1) {
		value := strings.Trim(match[2], `'"`)
		add(value, strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`).Replace(value))
		if meant, err := url.QueryUnescape(value); err == nil {
			add(meant)
		}
	}
	user, password, ok := userInfo(address)
	if !ok {
		return secrets
	}
	add(password)
	if meant, err := url.PathUnescape(password); err == nil && meant != "" {
		name, _ := url.PathUnescape(user)
		add(meant, Basic(name, meant))
	}
	return secrets
}

// userInfo finds user and password by their signs, also where the address is no URL: before the last @ of what stands
// before the path.
func userInfo(address string) (user, password string, ok bool) {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		rest = address
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return "", "", false
	}
	return strings.Cut(rest[:at], ":")
}

// Basic is a user and password as HTTP's basic authentication sends them (RFC 7617).
func Basic(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}

// harmless is a word or host:port, or several, which hold no secret.
var harmless = regexp.MustCompile(`^(?:(?:[\w.-]*|\[[\da-fA-F:.]*\])(?::\d+)?(?:,|$))*$`)

// Shown is an address or DSN for people: without its password, and without its middle where that cannot be told from
// the rest.
func Shown(address string) string {
	if harmless.MatchString(address) {
		return address
	}
	parsed, err := url.Parse(address)
	if err == nil && parsed.Host != "" && harmless.MatchString(parsed.Host) && !keyed.MatchString(address) {
		return parsed.Redacted()
	}
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return "…"
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 && !strings.ContainsAny(rest[at:], "=%") {
		return scheme + "://…" + rest[at:]
	}
	return scheme + "://…"
}
