package cluster

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// minJava is the oldest Java that Apache Kafka 4 brokers run on.
const minJava = 17

var javaVersion = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// findJava returns a Java that can run brokers, that of JAVA_HOME or else the one in PATH, and what it says it is.
func findJava(ctx context.Context) (command, version string, err error) {
	java := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	path, err := exec.LookPath(java)
	if err != nil {
		return "", "", environment(err, "the local cluster needs Java %d or later, and %s was not found: install a Java runtime or set JAVA_HOME, or use --cluster embedded", minJava, java)
	}
	output, err := exec.CommandContext(ctx, path, "-version").CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		return "", "", environment(err, "the local cluster needs Java %d or later, and %s -version failed (%v: %s): install a Java runtime or set JAVA_HOME, or use --cluster embedded", minJava, path, err, firstLine(output))
	}
	found := javaVersion.FindSubmatch(output)
	if found == nil {
		return "", "", environment(nil, "the local cluster needs Java %d or later, got %q from %s -version: set JAVA_HOME to one, or use --cluster embedded", minJava, firstLine(output), path)
	}
	if major, _ := strconv.Atoi(string(found[1])); major < minJava {
		return "", "", environment(nil, "the local cluster needs Java %d or later, got Java %d at %s: install a newer one or set JAVA_HOME, or use --cluster embedded", minJava, major, path)
	}
	return path, string(output), nil
}

func firstLine(output []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return line
}
