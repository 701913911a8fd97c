package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	right := map[string]string{
		"go.mod":          "module example.org/m\n\ngo 1.24\n",
		"m.go":            "package m\n\nimport \"os\"\n\nfunc pid() int { return os.Getpid() + own() }\n",
		"m_linux.go":      "package m\n\nimport \"syscall\"\n\nfunc own() int { return syscall.Getppid() }\n",
		"m_windows.go":    "package m\n\nfunc own() int { return 0 }\n",
		"below/darwin.go": "//go:build darwin\n\npackage below\n",
	}
	for _, test := range []struct {
		name, platform string
		change         map[string]string
		wants          string
	}{
		{name: "right", platform: "windows/amd64"},
		{name: "a function that another system lacks", platform: "darwin/arm64", wants: "m.go:5:39: undefined: own"},
		{name: "a mistake in a body", platform: "windows/amd64", wants: "cannot use \"0\"",
			change: map[string]string{"m_windows.go": "package m\n\nfunc own() int { return \"0\" }\n"}},
		{name: "a package that is not there", platform: "windows/amd64", wants: "example.org/m/none",
			change: map[string]string{
				"m_windows.go": "package m\n\nimport _ \"example.org/m/none\"\n\nfunc own() int { return 0 }\n",
			}},
		{name: "what is embedded is not there", platform: "windows/amd64", wants: "pattern none.txt",
			change: map[string]string{
				"m_windows.go": "package m\n\nimport _ \"embed\"\n\n//go:embed none.txt\nvar text string\n\n" +
					"func own() int { return len(text) }\n",
			}},
		{name: "no Go", platform: "windows/amd64", wants: "expected 'package'",
			change: map[string]string{"m_windows.go": "hello\n"}},
		{name: "no processor", platform: "windows", wants: "name both"},
		{name: "no such system", platform: "winows/amd64", wants: "winows/amd64"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := maps.Clone(right)
			maps.Copy(files, test.change)
			err := check(write(t, files), test.platform)
			switch {
			case test.wants == "" && err != nil:
				t.Errorf("got %v, want no mistake", err)
			case test.wants != "" && (err == nil || !strings.Contains(err.Error(), test.wants)):
				t.Errorf("got error %v, want one that says %q", err, test.wants)
			}
		})
	}
}

func write(t *testing.T, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
