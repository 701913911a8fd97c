package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
