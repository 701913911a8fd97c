package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// minJava is the oldest Java that Apache Kafka 4 brokers run on.
const minJava = 17

var javaVersion = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// javaPatience is how long `java -version` may take on a machine that is busy.
const javaPatience = 30 * time.Second

// FindJava returns the Java of JAVA_HOME or else the one in PATH, and what it says it is. needs names what needs it
// ("the local cluster"), instead what else to do. Every error is outcome.Environment.
func FindJava(ctx context.Context, needs, instead string) (command, version string, err error) {
	java := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	path, err := exec.LookPath(java)
	if err != nil {
		return "", "", outcome.Environmentf(err, "%s needs Java %d or later, and %s was not found: install a Java runtime "+
			"or set JAVA_HOME, or %s", needs, minJava, java, instead)
	}
	late, cancel := context.WithTimeoutCause(ctx, javaPatience, errors.New("no answer within "+javaPatience.String()))
	defer cancel()
	// One that dies must not leave its hs_err file in the user's folder.
	lines, err := child.Ask(late, "", path, "-XX:ErrorFile="+os.DevNull, "-version")
	output := strings.Join(lines, "\n")
	if err != nil {
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		if late.Err() != nil {
			err = context.Cause(late)
		}
		return "", "", outcome.Environmentf(err, "%s needs Java %d or later, and %s -version failed (%v%s): install a "+
			"Java runtime or set JAVA_HOME, or %s", needs, minJava, path, err, shownLines(lines), instead)
	}
	found := javaVersion.FindStringSubmatch(output)
	if found == nil {
		return "", "", outcome.Environmentf(nil,
			"%s needs Java %d or later, got no version from %s -version%s: set JAVA_HOME to one, or %s",
			needs, minJava, path, shownLines(lines), instead)
	}
	if major, _ := strconv.Atoi(found[1]); major < minJava {
		return "", "", outcome.Environmentf(nil, "%s needs Java %d or later, got Java %d at %s: install a newer one or set "+
			"JAVA_HOME, or %s", needs, minJava, major, path, instead)
	}
	return path, output, nil
}

// shownLines are a few lines of what a program wrote, in one.
func shownLines(lines []string) string {
	const most, longest = 3, 200
	text := ""
	for _, line := range lines[:min(len(lines), most)] {
		text += ": " + line[:min(len(line), longest)]
	}
	return text
}
