package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
)

const misspelt = `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    Then "orders" is empti
`

// TestVSCode opens a feature in VS Code with the extension of docs/editors.md: a mistake is underlined, and steps are
// offered.
func TestVSCode(t *testing.T) {
	fetched := filepath.Join(testenv.Clients(t), "vscode")
	if _, err := os.Stat(fetched); err != nil {
		t.Skip("needs a VS Code server; make vscode fetches it")
	}
	testenv.Chromium(t)
	folder := t.TempDir()
	extension(t, filepath.Join(folder, "extensions", "kafkaspec"), fetched)
	work := filepath.Join(folder, "work")
	put(t, filepath.Join(work, "a.feature"), misspelt)
	server := serveVSCode(t, fetched, folder, work)
	b := browser.Visit(t, fmt.Sprintf("http://%s/?folder=%s&payload=[[%q,%q]]", server, work, "openFile",
		"vscode-remote://"+server+work+"/a.feature"))
	b.Until(`document.querySelectorAll('.view-line').length > 3`)
	b.Until(`document.querySelector('.squiggly-error')`)

	b.Run(chromedp.Click(`.view-lines > .view-line:nth-child(4)`), chromedp.KeyEvent(kb.End+kb.Enter))
	for _, key := range `And "orders" cont` {
		b.Run(chromedp.KeyEvent(string(key)))
	}
	b.Until(`[...document.querySelectorAll('.suggest-widget .monaco-list-row')].some((e) =>
		e.getAttribute('aria-label').startsWith('{topic} contains exactly {count} record(s)'))`)
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// extension writes the one of the guide, which is to start this kafkaspec.
func extension(t *testing.T, folder, fetched string) {
	t.Helper()
	guide, err := os.ReadFile("../../docs/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	files := regexp.MustCompile("(?s)`(package.json|extension.js)`:\n\n```\\w+\n(.*?)```").FindAllStringSubmatch(
		string(guide), -1)
	program, err := exec.LookPath("kafkaspec")
	if err != nil || len(files) != 2 {
		t.Fatalf("got %d files of the guide, want two; %v", len(files), err)
	}
	for _, file := range files {
		put(t, filepath.Join(folder, file[1]), strings.Replace(file[2], `command: "kafkaspec"`,
			fmt.Sprintf("command: %q", program), 1))
	}
	client := filepath.Join(fetched, "client", "node_modules")
	if err := os.Symlink(client, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
}

// serveVSCode starts the server, and returns its address once it answers.
func serveVSCode(t *testing.T, fetched, folder, work string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(filepath.Join(fetched, "node", "node_modules", "node", "bin", "node"),
		filepath.Join(fetched, "server", "node_modules", "code-server"), "--auth", "none", "--bind-addr", address,
		"--user-data-dir", filepath.Join(folder, "data"), "--extensions-dir", filepath.Join(folder, "extensions"),
		"--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", work)
	c.Env = append(os.Environ(), "HOME="+folder, "XDG_CONFIG_HOME="+folder, "XDG_DATA_HOME="+folder)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // with the hosts of extensions that it started
		_ = c.Wait()
	})
	err = await.Until(t.Context(), await.Options{Within: time.Minute, What: "the VS Code server to answer"},
		func(context.Context) (bool, error) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				return false, err
			}
			return true, conn.Close()
		})
	if err != nil {
		t.Fatal(err)
	}
	return address
}
