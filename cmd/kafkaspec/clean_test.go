package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// What killed runs left on a cluster is listed, and deleted when asked to; what is younger than a day, or somebody
// else's, stays.
func TestClean(t *testing.T) {
	old := fmt.Sprintf("ks-%08x-01234567-orders", time.Now().Add(-25*time.Hour).Unix())
	young := fmt.Sprintf("ks-%08x-01234567-orders", time.Now().Add(-23*time.Hour).Unix())
	const ageless, others = "ks-89abcdef-orders", "orders"
	running, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, old, young, ageless, others))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	admin := kadm.NewClient(client)
	offsets := kadm.Offsets{}
	offsets.AddOffset(others, 0, 0, -1)
	for _, group := range []string{old, "somebodys"} {
		if _, err := admin.CommitOffsets(t.Context(), group, offsets); err != nil {
			t.Fatal(err)
		}
	}
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	text := "clusters:\n  staging:\n    kind: external\n    addresses: [" + running.ListenAddrs()[0] + "]\n"
	if err := os.WriteFile(profile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	clean := func(want []string, flags ...string) {
		t.Helper()
		code, out, problems := kafkaspec(t, append([]string{"clean", "--cluster", "staging", "--profile", profile},
			flags...)...)
		if code != exitPassed {
			t.Errorf("got exit code %d: %s", code, problems)
		}
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("got %q, want %q", out, line)
			}
		}
	}
	has := func(want ...string) {
		t.Helper()
		var got []string
		if err := await.Until(t.Context(), await.Options{What: "topics and groups", // a client remembers them for a moment
			State: func() string { return fmt.Sprintf("got %q, want %q", got, want) }},
			func(ctx context.Context) (bool, error) {
				topics, err := admin.ListTopics(ctx)
				if err != nil {
					return false, err
				}
				groups, err := admin.ListGroups(ctx)
				got = append(topics.Names(), groups.Groups()...)
				return slices.Equal(got, want), err
			}); err != nil {
			t.Error(err)
		}
	}
	clean([]string{"topic  " + old, "group  " + old, "2 leftovers of scenarios, older than 24h; 2 are younger",
		"delete them with --delete"})
	has(old, young, ageless, others, old, "somebodys")
	clean([]string{"deleted"}, "--delete")
	has(young, ageless, others, "somebodys")
	clean([]string{"topic  " + ageless + "  (age not known)", "2 leftovers", "deleted"}, "--delete", "--older-than", "0s")
	has(others, "somebodys")
	clean([]string{"0 leftovers"})
	if code, _, problems := kafkaspec(t, "clean", "--cluster", "embedded"); code != exitInput ||
		!strings.Contains(problems, "keeps nothing") {
		t.Errorf("got exit code %d and %q, want embedded to be refused", code, problems)
	}
}
