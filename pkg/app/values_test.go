package app_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestValues(t *testing.T) {
	settings, err := app.ParseSettings([]byte("retry: {attempts: 5}\nwait: 1.5s\nshare: 10%\nevents: 1_000\n"+
		"list: [1, two]\nnested: [[1]]\nout: orders\nelse: nowhere\nsize: 3kB\n"+
		"factor: 2.5\n"), source.Place{File: "settings"})
	noError(t, err)
	env := app.Env{Name: "shipping", Bootstrap: []string{"a:1", "b:2"}, Group: "ks-1-ship",
		Inputs: []string{"ks-1-orders"}, Outputs: []string{"ks-1-paid", "ks-1-sent"},
		Topics: map[string]string{"orders": "ks-1-orders"},
		Groups: map[string]string{"ship": "ks-1-ship"}, Ports: map[string]int{"http": 8080}, Folder: "/tmp/own",
		Settings: settings, Registry: "http://localhost:8081",
		Database: "postgresql://u:p%40ss@db:5432/shop?options=-csearch_path%3Dks_1",
		Access:   access.Access{SASL: &access.SASL{Mechanism: "PLAIN", Username: "u", Password: "secret"}}}
	for name, want := range map[string]string{
		"kafka.bootstrap": "a:1,b:2", "kafka.client-id": "shipping", "kafka.security-protocol": "SASL_PLAINTEXT",
		"kafka.sasl-username": "u", "kafka.sasl-password": "secret", "topic.orders": "ks-1-orders", "group": "ks-1-ship",
		"group.ship": "ks-1-ship", "input": "ks-1-orders", "inputs": "ks-1-orders", "outputs": "ks-1-paid,ks-1-sent",
		"registry": "http://localhost:8081", "port.http": "8080", "settings.retry.attempts": "5", "settings.wait": "1.5s",
		"settings.list": "1,two", "settings.out.topic": "ks-1-orders", "settings.else.topic": "nowhere",
		"settings.wait.ms": "1500", "settings.share.number": "0.1",
		"settings.events.number": "1000",
		"settings.size.number":   "3000", "settings.factor.number": "2.5", "folder": "/tmp/own",
		"database.url": env.Database, "database.host": "db", "database.port": "5432", "database.user": "u",
		"database.password": "p@ss", "database.name": "shop", "database.schema": "ks_1",
		"database.jdbc": "jdbc:postgresql://db:5432/shop?currentSchema=ks_1",
	} {
		if got, err := env.Value(name); got != want || err != nil {
			t.Errorf("%s: got %q and %v, want %q", name, got, err, want)
		}
		if err := app.CheckValueName(name); err != nil {
			t.Errorf("%s: got %v, want it to be known", name, err)
		}
	}
	for name, want := range map[string]string{
		"topic.order": `the scenario has no topic "order"; did you mean "orders"?`,
		"group.other": `the scenario has no group "other", only ship`, "output": "the application has 2 outputs; use ${outputs}",
		"kafka.ssl-ca-location": "the cluster is reached with SASL_PLAINTEXT", "settings.nested": `no setting "nested"`,
		"settings.retry": `no setting "retry"`, "settings.none.ms": `no setting "none"`, "settings.none.topic": `no setting "none"`,
		"settings.share.ms": `got "10%", want a duration`, "settings.wait.number": `got "1.5s", want a number`, "database.file": "the database is postgresql",
	} {
		if _, err := env.Value(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to contain %q", name, err, want)
		}
	}
	mysql := app.Env{Database: "mysql://u:p%40ss@db:3306/ks_1?tls=skip-verify"}
	for name, want := range map[string]string{"database.url": "mysql://u:p%40ss@db:3306/ks_1?tls=skip-verify",
		"database.jdbc": "jdbc:mysql://db:3306/ks_1?sslMode=REQUIRED", "database.host": "db", "database.port": "3306",
		"database.user": "u", "database.password": "p@ss", "database.name": "ks_1", "database.schema": "ks_1"} {
		if got, err := mysql.Value(name); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := mysql.Value("database.file"); err == nil || !strings.Contains(err.Error(), "the database is mysql") {
		t.Errorf("got %v, want that MySQL has no file", err)
	}
	sqlite := app.Env{Database: "sqlite:////tmp/x/database.sqlite"}
	for name, want := range map[string]string{"database.file": "/tmp/x/database.sqlite",
		"database.jdbc": "jdbc:sqlite:/tmp/x/database.sqlite"} {
		if got, err := sqlite.Value(name); got != want || err != nil {
			t.Errorf("%s: got %q and %v, want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{
		"kafka.botstrap": "did you mean ${kafka.bootstrap}?", "topic.": "want a name",
		"topic":            "want a name behind the dot, as in ${topic.NAME}",
		"whatever.this.is": "want one of kafka.bootstrap, ",
	} {
		if err := app.CheckValueName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to contain %q", name, err, want)
		}
	}
}
