package cluster

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

var kafkaVersion = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$`)

// CheckVersion is nil for a version of Apache Kafka that local brokers may have: one of those that are known, or a
// newer one, such as 4.5.0, that Maven may have meanwhile.
func CheckVersion(version string) error {
	known := kafka.Tried()
	if slices.Contains(known, version) {
		return nil
	}
	newest := known[len(known)-1]
	if kafkaVersion.MatchString(version) && slices.Compare(numbers(version), numbers(newest)) > 0 {
		return nil
	}
	advice := fmt.Sprintf("want %s or a newer one", strings.Join(known, ", "))
	if near := nearest.Word(version, known); near != "" {
		advice = fmt.Sprintf("did you mean %q? %s", near, advice)
	}
	return fmt.Errorf("got version %q of Apache Kafka; %s", version, advice)
}

// numbers are those of a version, to compare it by.
func numbers(version string) (numbers []int) {
	for word := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(word)
		numbers = append(numbers, n)
	}
	return numbers
}
