package scratch_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
)

// holder makes the test binary a process that has a folder until it is killed.
const holder = "KAFKASPEC_TEST_HOLDER"

func TestMain(m *testing.M) {
	if os.Getenv(holder) == "busy" {
		for {
			_, release, err := scratch.Folder("busy")
			fmt.Println(err)
			_ = release()
		}
	}
	if os.Getenv(holder) != "" {
		folder, _, err := scratch.Folder("held")
		fmt.Println(folder, err)
		_, _ = os.Stdin.Read(make([]byte, 1)) // until the test is over, if it is not killed
		return
	}
	os.Exit(m.Run())
}

// hold starts a process with a folder, and returns that with what kills it.
func hold(t *testing.T) (folder string, kill func()) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), holder+"=1")
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = input.Close() })
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	folder, ok := strings.CutSuffix(line, " <nil>\n")
	if err != nil || !ok {
		t.Fatalf("got %q (%v), want a folder", line, err)
	}
	kill = func() { _ = command.Process.Kill(); _ = command.Wait() }
	t.Cleanup(kill)
	return folder, kill
}

func there(folder string) bool {
	_, err := os.Stat(folder)
	return !errors.Is(err, fs.ErrNotExist)
}

// What a process left that was killed is swept, and what one has that runs is not.
func TestSweep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	alive, _ := hold(t)
	dead, kill := hold(t)
	kill()
	if !there(dead) {
		t.Fatal("got no folder of a process that was killed, want it to be there until somebody sweeps")
	}
	scratch.Sweep()
	if there(filepath.Dir(dead)) {
		t.Error("got the folder of a process that was killed, want it swept")
	}
	if !there(alive) {
		t.Error("got the folder of a running process swept")
	}
}

// The folder of the process goes with the last one in it, and comes again.
func TestFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for range 2 {
		one, releaseOne, err := scratch.Folder("one")
		if err != nil {
			t.Fatal(err)
		}
		two, releaseTwo, err := scratch.Folder("two")
		if err != nil {
			t.Fatal(err)
		}
		scratch.Sweep()
		if err := errors.Join(releaseOne(), releaseOne()); err != nil || there(one) || !there(two) {
			t.Errorf("got %v, first there %v, second there %v, want only the second", err, there(one), there(two))
		}
		if err := releaseTwo(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
			t.Errorf("got %v left, want nothing", left)
		}
	}
}

// A process may be killed while it makes or deletes its folder, before or after that has a lock.
func TestSweepOfUnfinished(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	random := rand.New(rand.NewPCG(1, 0))
	for range 20 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), holder+"=busy")
		output, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(output)
		for range 1 + random.IntN(50) {
			if _, err := lines.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	if _, err := os.MkdirTemp("", "kafkaspec-work-"); err != nil {
		t.Fatal(err)
	}
	scratch.Sweep()
	left, _ := os.ReadDir(os.TempDir())
	if len(left) == 0 {
		t.Error("got the new folder without a lock swept, want it to be left for a minute")
	}
	earlier := time.Now().Add(-2 * time.Minute)
	for _, folder := range left {
		if err := os.Chtimes(filepath.Join(os.TempDir(), folder.Name()), earlier, earlier); err != nil {
			t.Fatal(err)
		}
	}
	scratch.Sweep()
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("got %v left, want nothing", left)
	}
}
