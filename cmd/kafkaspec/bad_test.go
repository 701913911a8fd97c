package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBadInput runs each folder of testdata/bad: the command line in args, with the folder's other files around it. want holds the
// exit code and what was said; ~~~ stands for what varies.
func TestBadInput(t *testing.T) {
	folders, err := filepath.Glob("testdata/bad/*")
	if err != nil || len(folders) < 40 {
		t.Fatalf("got %d cases (%v), want at least 40", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Chdir(folder)
			line, err := os.ReadFile("args")
			if err != nil {
				t.Fatal(err)
			}
			arguments := words(string(line))
			got := said(kafkaspec(t, arguments...))
			if *update {
				if err := os.WriteFile("want", []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile("want")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got); if the new text is right, run make golden\n%s", diff)
			}
			if strings.HasPrefix(got, "exit 0\n") {
				t.Error("got no complaint, want one")
			}
			if strings.HasPrefix(got, "exit 2\n") && arguments[0] == "run" && !strings.Contains(string(line), "--cluster") {
				startsNothing(t, arguments, got)
			}
		})
	}
}

// startsNothing runs the command line again for local brokers on a machine without Java: were a broker wanted before
// the input is known to be right, the answer would be about Java.
func startsNothing(t *testing.T, arguments []string, want string) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("KAFKA_HOME", "")
	t.Setenv("KAFKASPEC_CACHE", t.TempDir())
	got := said(kafkaspec(t, append(arguments, "--cluster", "local:3")...))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on local brokers the same mistake is answered in another way (-embedded +local):\n%s", diff)
	}
}

// words splits at blanks, but not within single quotes.
func words(line string) []string {
	var all []string
	for _, match := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		all = append(all, match[1]+match[2])
	}
	return all
}

var varying = regexp.MustCompile(`\d+\.\d+m?s|\bseed:? +\d+|--seed \d+|after=\S+|\b(?:of )?\d+ms\b`)

func said(code int, stdout, stderr string) string {
	text := fmt.Sprintf("exit %d\n%s", code, filepath.ToSlash(stderr))
	if code == exitFailed {
		text += stdout
	}
	return varying.ReplaceAllString(text, "~~~")
}
