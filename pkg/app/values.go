package app

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// valueNames are the names that Value knows. What ends in a dot is followed by a name of the scenario or the
// application: a topic, a group, a port, a setting.
var valueNames = []string{"kafka.bootstrap", "kafka.client-id", "kafka.security-protocol", "kafka.sasl-mechanism",
	"kafka.sasl-username", "kafka.sasl-password", "kafka.sasl-token", "kafka.ssl-ca-location",
	"kafka.ssl-certificate-location", "kafka.ssl-key-location", "topic.", "group", "group.", "watched-group", "input",
	"inputs", "output", "outputs", "registry", "database.url", "database.jdbc", "database.host", "database.port",
	"database.user", "database.password", "database.name", "database.schema", "database.file", "port.", "settings.",
	"folder", "http."}

// ErrNoValue is wrapped by the errors of Value for what the scenario could have, but does not have.
var ErrNoValue = errors.New("has no value here")

// CheckValueName is an error, with the nearest right name, for a name that Value does not know.
func CheckValueName(name string) error {
	head, rest, dotted := strings.Cut(name, ".")
	if slices.Contains(valueNames, name) && !strings.HasSuffix(name, ".") ||
		dotted && rest != "" && slices.Contains(valueNames, head+".") {
		return nil
	}
	shown := make([]string, len(valueNames))
	for i, known := range valueNames {
		if shown[i] = known; strings.HasSuffix(known, ".") {
			shown[i] += "NAME"
		}
	}
	if near := nearest.Slip(head+".", valueNames); strings.HasSuffix(near, ".") && rest != "" {
		return fmt.Errorf("did you mean ${%s%s}?", near, rest)
	}
	if near := nearest.Word(name, shown); near != "" {
		return fmt.Errorf("did you mean ${%s}?", near)
	}
	if known := slices.Contains(valueNames, head+"."); known {
		return fmt.Errorf("want a name behind the dot, as in ${%s.NAME}", head)
	}
	return fmt.Errorf("want one of %s", strings.Join(shown, ", "))
}

// ValueNear is the name without a dot of which another is probably a slip; "" where there is none.
func ValueNear(name string) string {
	near := nearest.Slip(name, slices.DeleteFunc(slices.Clone(valueNames), func(known string) bool {
		return strings.Contains(known, ".")
	}))
	return near
}

// Value is one of the things an application is told, by the name a profile gives it: "kafka.bootstrap",
// "topic.orders" (physical name), "port.http", "settings.retry.attempts". An error says what there is instead.
func (e Env) Value(name string) (string, error) {
	head, rest, _ := strings.Cut(name, ".")
	switch head {
	case "kafka":
		return e.kafkaValue(rest)
	case "topic":
		return named("topic", rest, e.Topics)
	case "group":
		if rest == "" {
			return some(e.Group, "the application is in no group")
		}
		return named("group", rest, e.Groups)
	case "watched-group":
		return some(e.WatchedGroup, "the application watches no group")
	case "input":
		return only("input", e.Inputs)
	case "output":
		return only("output", e.Outputs)
	case "inputs":
		return some(strings.Join(e.Inputs, ","), "the application reads no topics")
	case "outputs":
		return some(strings.Join(e.Outputs, ","), "the application writes no topics")
	case "registry":
		return some(e.Registry, "there is no schema registry")
	case "database":
		return e.databaseValue(rest)
	case "http":
		return e.serviceValue(rest)
	case "port":
		if port, ok := e.Ports[rest]; ok {
			return strconv.Itoa(port), nil
		}
		if rest != "" {
			return "", fmt.Errorf("%w: only an application of the profile is given ports", ErrNoValue)
		}
	case "settings":
		return e.setting(rest)
	case "folder":
		return some(e.Folder, "the application has no folder of its own")
	}
	return "", CheckValueName(name)
}

func (e Env) kafkaValue(name string) (string, error) {
	switch name {
	case "bootstrap":
		return strings.Join(e.Bootstrap, ","), nil
	case "client-id":
		return e.Name, nil
	}
	variable := "KAFKA_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	for _, entry := range e.Access.Environ() {
		if name, value, _ := strings.Cut(entry, "="); name == variable {
			return value, nil
		}
	}
	return "", fmt.Errorf("%w: the cluster is reached with %s", ErrNoValue, e.Access.Protocol())
}

// databaseValue takes the address of the database apart.
func (e Env) databaseValue(part string) (string, error) {
	if e.Database == "" {
		return "", fmt.Errorf("%w: no step of the scenario speaks of a database", ErrNoValue)
	}
	address, err := url.Parse(e.Database)
	if err != nil {
		return "", errors.New("the database's address is no URL") // err would show its password
	}
	password, _ := address.User.Password()
	file, isFile := "", address.Scheme == "sqlite"
	if isFile {
		file = strings.TrimPrefix(address.Path, "/")
	}
	schema, jdbc := "", "jdbc:sqlite:"+file
	switch {
	case address.Scheme == "mysql": // to which a schema and a database are one
		schema = strings.TrimPrefix(address.Path, "/")
		jdbc = "jdbc:mysql://" + address.Host + address.Path + jdbcTLS[address.Query().Get("tls")]
	case !isFile:
		_, schema, _ = strings.Cut(address.Query().Get("options"), "-csearch_path=")
		jdbc = "jdbc:postgresql://" + address.Host + address.Path + "?currentSchema=" + url.QueryEscape(schema)
	}
	values := map[string]string{"url": e.Database, "jdbc": jdbc, "host": address.Hostname(), "port": address.Port(),
		"user": address.User.Username(), "password": password, "schema": schema, "file": file}
	if !isFile {
		values["name"] = strings.TrimPrefix(address.Path, "/")
	}
	switch {
	case values[part] != "":
		return values[part], nil
	case isFile:
		return "", fmt.Errorf("%w: the database is sqlite; one on a server has it (--database postgres or mysql)", ErrNoValue)
	case part == "file":
		return "", fmt.Errorf("%w: the database is %s, and only that of --database sqlite is a file", ErrNoValue,
			address.Scheme)
	}
	return "", fmt.Errorf("%w: the database is %s, whose address has none", ErrNoValue, address.Scheme)
}

// jdbcTLS is what the address of a MySQL server says of TLS, as its drivers of Java read it.
var jdbcTLS = map[string]string{"true": "?sslMode=VERIFY_IDENTITY", "skip-verify": "?sslMode=REQUIRED",
	"preferred": "?sslMode=PREFERRED", "false": "?sslMode=DISABLED"}

// serviceValue is the address of an HTTP service, or its host or port.
func (e Env) serviceValue(name string) (string, error) {
	value, err := named("HTTP service", name, e.Services)
	for _, part := range []string{".host", ".port"} {
		plain, is := strings.CutSuffix(name, part)
		if !is || err == nil {
			continue
		}
		if value, err = named("HTTP service", plain, e.Services); err != nil {
			return "", err
		}
		address, err := url.Parse(value)
		if err != nil {
			return "", err
		}
		return map[string]string{".host": address.Hostname(), ".port": address.Port()}[part], nil
	}
	return value, err
}

// named finds one of the scenario's topics or groups by its logical name.
func named(kind, logical string, physical map[string]string) (string, error) {
	if name, ok := physical[logical]; ok {
		return name, nil
	}
	known := slices.Sorted(maps.Keys(physical))
	if len(known) == 0 {
		return "", fmt.Errorf("%w: the scenario has no %s", ErrNoValue, kind)
	}
	if near := nearest.Word(logical, known); near != "" {
		return "", fmt.Errorf("%w: the scenario has no %s %q; did you mean %q?", ErrNoValue, kind, logical, near)
	}
	return "", fmt.Errorf("%w: the scenario has no %s %q, only %s", ErrNoValue, kind, logical, strings.Join(known, ", "))
}

func only(kind string, topics []string) (string, error) {
	if len(topics) != 1 {
		return "", fmt.Errorf("%w: the application has %d %ss; use ${%ss} or ${topic.NAME}", ErrNoValue, len(topics), kind,
			kind)
	}
	return topics[0], nil
}

func some(value, otherwise string) (string, error) {
	if value == "" {
		return "", fmt.Errorf("%w: %s", ErrNoValue, otherwise)
	}
	return value, nil
}

// setting is the value of a setting; with .topic behind its key, the physical name of the topic that it names.
func (e Env) setting(key string) (string, error) {
	value, err := e.Settings.told(key)
	if plain, is := strings.CutSuffix(key, ".topic"); is && err != nil {
		value, err = e.Settings.told(plain)
		value = e.Topic(value)
	}
	return value, err
}

// told is the value of a setting as it is written, a list with commas between its items; with .ms behind its key a
// duration in milliseconds, and with .number a count, a share or a size as a plain number (bytes), as other programs
// read them.
func (s Settings) told(key string) (string, error) {
	value, err := s.scalar(key)
	if err == nil {
		return value, nil
	}
	if plain, is := strings.CutSuffix(key, ".ms"); is {
		return converted(s, plain, units.Duration, func(d time.Duration) string {
			return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64)
		})
	}
	if plain, is := strings.CutSuffix(key, ".number"); is {
		return s.number(plain)
	}
	return "", err
}

// number is a count, a share or a size without its unit.
func (s Settings) number(key string) (string, error) {
	value, err := s.scalar(key)
	if err != nil {
		return "", err
	}
	if share, err := units.Percent.Parse(value); err == nil {
		return strconv.FormatFloat(share, 'f', -1, 64), nil
	}
	if count, err := units.Amount.Parse(value); err == nil {
		return strconv.FormatInt(count, 10), nil
	}
	if size, err := units.Size.Parse(value); err == nil {
		return strconv.FormatInt(size, 10), nil
	}
	return converted(s, key, units.Float, func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) })
}

func converted[T any](s Settings, key string, unit units.Unit[T], write func(T) string) (string, error) {
	value, err := s.scalar(key)
	if err != nil {
		return "", err
	}
	parsed, err := unit.Parse(value)
	if err != nil {
		return "", fmt.Errorf("cannot be told, as the setting %s: %w", key, err)
	}
	return write(parsed), nil
}

// scalar is the value of a setting as it is written; that of a list, with commas between its items.
func (s Settings) scalar(key string) (string, error) {
	node, ok := s.ask(key)
	if ok && len(node.Content) == 0 {
		return node.Value, nil
	}
	if ok && node.Kind == yaml.SequenceNode && !slices.ContainsFunc(node.Content, isNested) {
		items := make([]string, len(node.Content))
		for i, item := range node.Content {
			items[i] = item.Value
		}
		return strings.Join(items, ","), nil
	}
	return "", fmt.Errorf("%w: the step that declares the application has no setting %q", ErrNoValue, key)
}

func isNested(node *yaml.Node) bool { return len(node.Content) > 0 }
