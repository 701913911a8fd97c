package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// homeVariable names an unpacked Apache Kafka that is used instead of fetched jars.
const homeVariable = "KAFKA_HOME"

// minKafka is the oldest major version that has no ZooKeeper mode and the group settings brokers are given here.
const minKafka = 4

var kafkaJar = regexp.MustCompile(`^kafka_2\.\d+-((\d+)\..*)\.jar$`)

// installation is Apache Kafka as found on this machine.
type installation struct {
	java, javaVersion string // the command, and what it says it is
	home, version     string
	fetched           bool     // home is ours and not a KAFKA_HOME
	options           []string // of every Java that is started
}

// classPath names all jars; the asterisk is Java's own.
func (i installation) classPath() string { return filepath.Join(i.home, "libs", "*") }

// findInstallation looks for Java, then for Kafka: in the given home, that of KAFKA_HOME, or the cache. Where a version
// is asked for, KAFKA_HOME counts only if it has that one.
func findInstallation(ctx context.Context, o LocalOptions) (installation, error) {
	java, javaVersion, err := FindJava(ctx, "the local cluster", "use --cluster embedded")
	if err != nil {
		return installation{}, err
	}
	home := o.KafkaHome
	if home == "" {
		if home = os.Getenv(homeVariable); home != "" && o.Version != "" {
			if version, err := homeVersion(home); err != nil || version != o.Version {
				home = ""
			}
		}
	}
	fetched := home == ""
	if fetched {
		if home, err = FetchKafka(ctx, o.Version, o.CacheDir, o.Progress); err != nil {
			return installation{}, err
		}
	}
	version, err := homeVersion(home)
	if err != nil {
		return installation{}, err
	}
	if err := CheckHome(home, o.Version); err != nil {
		return installation{}, outcome.Environmentf(err, "%v", err)
	}
	return installation{java: java, javaVersion: javaVersion, home: home, version: version, fetched: fetched}, nil
}

// CheckHome reports a folder that holds no Apache Kafka that can be used, or not that version; "" is any.
func CheckHome(home, version string) error {
	found, err := homeVersion(home)
	if err == nil && version != "" && found != version {
		return fmt.Errorf("got Apache Kafka %s in %s, want %s; name another folder, or leave it out to have the jars fetched",
			found, home, version)
	}
	return err
}

// homeVersion reads the version from the name of the broker's jar.
func homeVersion(home string) (string, error) {
	entries, err := os.ReadDir(filepath.Join(home, "libs"))
	if err != nil {
		return "", outcome.Environmentf(err, "cannot use Apache Kafka in %s: %v; set %s to an unpacked Apache Kafka, or "+
			"unset it to have the jars fetched", home, err, homeVariable)
	}
	for _, entry := range entries {
		found := kafkaJar.FindStringSubmatch(entry.Name())
		if found == nil {
			continue
		}
		if major, err := strconv.Atoi(found[2]); err != nil || major < minKafka {
			return "", outcome.Environmentf(nil, "cannot use Apache Kafka in %s: got version %s, want %d.0 or later; set %s "+
				"to a newer one, or unset it to have the jars fetched", home, found[1], minKafka, homeVariable)
		}
		return found[1], nil
	}
	return "", outcome.Environmentf(nil, "cannot use Apache Kafka in %s: got no kafka_2.13-….jar in its libs folder; "+
		"set %s to an unpacked Apache Kafka, or unset it to have the jars fetched", home, homeVariable)
}
