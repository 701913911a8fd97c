package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// TestCheckScript holds what is refused before the run to what cannot be anything else than a script that is missing.
func TestCheckScript(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shipping.py"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const missing = `has no file "shiping.py" to run; did you mean "shipping.py"?`
	for command, want := range map[string]string{
		"python3 shiping.py":                   missing,
		"/usr/bin/python3.12 -u shiping.py":    missing,
		"env A=b C= python3 shiping.py x":      missing,
		"bash -eu lost.sh":                     `has no file "lost.sh"`,
		"node --max-old-space-size=64 lost.js": `has no file "lost.js"`,
		"python3 nowhere/shipping.py":          `has no file "nowhere/shipping.py"`,
		"python3 shipping.py lost.py":          "",
		"python3 ./shipping.py":                "",
		"python3 -m shiping.py":                "",
		"python3 -W ignore shiping.py":         "",
		"python3 -c lost.py":                   "",
		"python3 module":                       "",
		"python3 ${profile.folder}/shiping.py": "",
		"python3 /no/such/folder/shiping.py":   "",
		"node --require ./lost.js shipping.py": "",
		"sh -c lost.sh":                        "",
		"docker run image python3 shiping.py":  "",
		"env -i python3 shiping.py":            "",
		"java -jar target/lost.jar":            "",
		"python3":                              "",
		"python3 -":                            "",
		"":                                     "",
	} {
		err := app.CheckScript(strings.Fields(command), dir)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", command, err, want)
		}
	}
}
