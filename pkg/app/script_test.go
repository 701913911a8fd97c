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
	t.Setenv("PATH", filepath.Join(dir, "programs")+string(filepath.ListSeparator)+os.Getenv("PATH"))
	for _, name := range []string{"programs/there.sh", "target/shipping-1.0.jar"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		noError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		noError(t, os.WriteFile(path, nil, 0o600))
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
		"bash there.sh":                        "",
		"bash ./there.sh":                      `has no file "./there.sh"`,
		"python3 there.sh":                     "",
		"java -jar target/shipping-1.1.jar":    `did you mean "shipping-1.0.jar"? build it, or give the path`,
		"java -jar target/shipping-1.0.jar":    "",
		"java -Xmx64m -Da=b --add-opens a/b=c --add-opens=a=b -jar lost.jar x": `no file "lost.jar"`,
		"env A=b java -jar lost.jar":                     `no file "lost.jar"`,
		"java -cp lost.jar org.example.Main":             `no file "lost.jar"`,
		"java --class-path=lost.jar:gone.jar Main":       `no file "lost.jar"`,
		"java -cp lost.jar:target/shipping-1.0.jar Main": "",
		"java -cp lost.jar:classes Main":                 "",
		"java -cp lib/*:lost.jar Main":                   "",
		"java -cp ${folder}/x.jar Main":                  "",
		"java -cp lost.jar com.sun.tools.javac.Main":     "",
		"java -cp lost.jar Main.java":                    "",
		"java -javaagent:a.jar -cp lost.jar Main":        "",
		"java -version -jar lost.jar":                    "",
		"java @options -jar lost.jar":                    "",
		"java -cp lost.jar -m a/b":                       "",
		"java -jar ${profile.folder}/lost.jar":           "",
		"java -jar /no/such/folder/lost.jar":             "",
		"java -jar":                                      "",
		"java org.example.Main -jar lost.jar":            "",
		"java -cp lost.jar":                              "",
		"javac -cp lost.jar Main.java":                   "",
		"python3":                                        "",
		"python3 -":                                      "",
		"":                                               "",
	} {
		err := app.CheckScript(strings.Fields(command), dir)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", command, err, want)
		}
	}
}
