package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// TestDoctorOfACluster looks at a cluster on which all can be done, and at one where a right is missing.
func TestDoctorOfACluster(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault    string // in the place of an ACL; empty for none
		code     int
		want     string
		wantGood int // lines about the cluster that are well
	}{
		{"", exitPassed, `ok     cluster "mine": records can be written in transactions`, 4},
		{`every EndTxn request fails with TRANSACTIONAL_ID_AUTHORIZATION_FAILED`, exitFailed,
			`wrong  cluster "mine": not so: records can be written in transactions`, 3},
	} {
		ctx, stop := context.WithCancel(t.Context())
		out, ended := new(screen), make(chan int, 1)
		arguments := []string{"broker", "--listen", "127.0.0.1:0"}
		if c.fault != "" {
			arguments = append(arguments, "--given", c.fault)
		}
		go func() { ended <- execute(arguments, &console{ctx: ctx, stdout: out, stderr: out}) }()
		address := out.awaitText(ctx, t, `bootstrap.servers=(\S+);`)[1]
		file := filepath.Join(t.TempDir(), "kafkaspec.yaml")
		profile := `clusters: {mine: {kind: external, addresses: ["` + address + `"]}}`
		if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
			t.Fatal(err)
		}
		code, shown, problems := kafkaspec(t, "doctor", "--profile", file, "--await", "5s")
		if code != c.code || !strings.Contains(shown, c.want) ||
			strings.Count(shown, `ok     cluster "mine"`) != c.wantGood {
			t.Errorf("%s: got exit code %d, want %d, %q and %d lines that are well:\n%s%s", c.fault, code, c.code, c.want,
				c.wantGood, shown, problems)
		}
		stop()
		if code := <-ended; code != exitPassed {
			t.Errorf("the broker: got exit code %d and %s, want %d", code, out, exitPassed)
		}
	}
}

// TestDoctorOfADatabase looks at a server as a user who may make databases, and as one who may not.
func TestDoctorOfADatabase(t *testing.T) {
	t.Parallel()
	if _, err := database.FindMariaDB(t.Context()); err != nil {
		t.Skipf("the doctor looks at no database: %v", err)
	}
	backend, err := database.New(t.Context(), database.MySQL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = backend.Close(context.Background()) }()
	own, err := backend.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = own.Close(context.Background()) }()
	if err := own.Run(t.Context(), "CREATE USER guest IDENTIFIED BY 'hunter2secret'"); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = ""
	guest := *address
	guest.User = url.UserPassword("guest", "hunter2secret")
	for address, c := range map[string]struct {
		code int
		want string
	}{
		address.String(): {exitPassed, "ok     database: MariaDB 1"},
		guest.String():   {exitFailed, "its user needs all rights to databases whose names begin with kafkaspec_"},
	} {
		file := filepath.Join(t.TempDir(), "kafkaspec.yaml")
		if err := os.WriteFile(file, []byte("database: "+address+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, shown, problems := kafkaspec(t, "doctor", "--profile", file)
		if code != c.code || !strings.Contains(shown, c.want) || strings.Contains(shown, "hunter2secret") {
			t.Errorf("got exit code %d, want %d and %q, without the password:\n%s%s", code, c.code, c.want, shown, problems)
		}
	}
	var left int
	if err := own.DB.QueryRowContext(t.Context(), "SELECT count(*) FROM information_schema.schemata "+
		"WHERE schema_name LIKE 'kafkaspec%'").Scan(&left); err != nil || left != 1 {
		t.Errorf("got %d databases (%v), want only the one that was there", left, err)
	}
}

// TestDoctorLeavesNothing tries an application that has a group of its own, and is not told of it, on a cluster that
// goes on. What was there before stays.
func TestDoctorLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	out, ended := new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{"broker", "--listen", "127.0.0.1:0"}, &console{ctx: ctx, stdout: out, stderr: out})
	}()
	address := out.awaitText(ctx, t, `bootstrap.servers=(\S+);`)[1]
	client, err := kgo.NewClient(kgo.SeedBrokers(address))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	folder := t.TempDir()
	profile, script := filepath.Join(folder, "kafkaspec.yaml"), filepath.Join(folder, "own.sh")
	for name, text := range map[string]string{
		script: "KAFKA_GROUP_ID=$OURS exec kafkaspec app group-consumer",
		profile: "clusters: {mine: {kind: external, addresses: ['" + address + "']}}\n" +
			"applications:\n" +
			"  own: {command: [sh, '" + script + "'], env: {OURS: ours}, ready: {log: msg=assigned}}\n" +
			"  fixed: {command: [sh, '" + script + "'], env: {OURS: ours}, ready: {log: msg=assigned}, names: fixed}\n" +
			"  before: {command: [sh, '" + script + "'], env: {OURS: before}, ready: {log: msg=assigned}}\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var offsets kadm.Offsets
	offsets.AddOffset("any", 0, 0, -1)
	if _, err := admin.CreateTopic(ctx, 1, 1, nil, "any"); err != nil {
		t.Fatal(err)
	}
	if err := admin.CommitAllOffsets(ctx, "before", offsets); err != nil {
		t.Fatal(err)
	}
	for application, group := range map[string]string{"own": "ours", "fixed": "ours", "before": "before"} {
		code, shown, problems := kafkaspec(t, "doctor", application, "--profile", profile, "--cluster", "mine", "--await",
			"2s")
		if want := `joins the group "` + group + `" and not "doctor"`; code != exitFailed || !strings.Contains(shown, want) {
			t.Errorf("%s: got exit code %d, want %d and %s:\n%s%s", application, code, exitFailed, want, shown, problems)
		}
		groups, err := admin.ListGroups(ctx)
		if err != nil {
			t.Fatal(err)
		}
		topics, err := admin.ListTopics(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if names := groups.Groups(); len(names) != 1 || names[0] != "before" || len(topics) != 1 {
			t.Errorf("%s: got groups %v and topics %v left, want before and any, which were there", application, names,
				topics.Names())
		}
	}
	stop()
	<-ended
}
