package topicconfig

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Want says what a value should be instead, such as "one of true, false", or "" for one that may be right: the cluster
// has the last word.
func (s *Setting) Want(value string) string {
	switch s.Kind {
	case boolean:
		return wantOneOf([]string{"true", "false"}, value)
	case double:
		if f, err := strconv.ParseFloat(value, 64); err != nil || !(f >= s.least && f <= s.most) {
			return fmt.Sprintf("a number from %g to %g", s.least, s.most)
		}
	case integer, long:
		least := s.least
		if s.expected != nil {
			least = *s.expected
		}
		n, err := strconv.ParseInt(strings.ReplaceAll(value, "_", ""), 10, 64)
		if err != nil || float64(n) < least {
			return fmt.Sprintf("a whole number of at least %.0f", least)
		}
	case list:
		for e := range strings.SplitSeq(value, ",") {
			if s.words != nil && !slices.Contains(s.words, strings.TrimSpace(e)) {
				return "delete, compact, or both with a comma between"
			}
		}
	case word:
		return wantOneOf(s.words, value)
	}
	return ""
}

func wantOneOf(words []string, value string) string {
	if words == nil || slices.Contains(words, value) {
		return ""
	}
	return "one of " + strings.Join(words, ", ")
}

// Parse returns a value as a broker keeps it, or what is wrong with it, in the words of Apache Kafka.
func (s *Setting) Parse(value string) (parsed, wrong string) {
	parsed = strings.TrimSpace(value)
	shown := parsed
	switch s.Kind {
	case boolean:
		if parsed = strings.ToLower(parsed); parsed != "true" && parsed != "false" {
			wrong = "Expected value to be either true or false"
		}
	case integer:
		wrong = s.refuseNumber(parsed, "INT", whole(parsed, 32))
	case long:
		wrong = s.refuseNumber(parsed, "LONG", whole(parsed, 64))
	case double:
		_, err := strconv.ParseFloat(parsed, 64)
		wrong = s.refuseNumber(parsed, "DOUBLE", err == nil)
	case list:
		elements := Elements(parsed)
		parsed = strings.Join(elements, ",")
		for _, e := range elements {
			if why := s.refuseElement(e); why != "" && wrong == "" {
				shown, wrong = e, why
				if s.words == nil {
					shown = "[" + strings.Join(elements, ", ") + "]"
				}
			}
		}
	case word:
		wrong = s.refuseWord(parsed)
	}
	if wrong != "" {
		wrong = fmt.Sprintf("Invalid value %s for configuration %s: %s", shown, s.Name, wrong)
	}
	return parsed, wrong
}

func (s *Setting) refuseNumber(value, kind string, isOne bool) string {
	n, _ := strconv.ParseFloat(value, 64)
	switch {
	case !isOne:
		return "Not a number of type " + kind
	case s.Name == gzipLevel && value != "-1" && (n < 1 || n > s.most):
		return "Value must be between 1 and 9 or equal to -1"
	case n < s.least:
		return fmt.Sprintf("Value must be at least %.0f", s.least)
	case n > s.most:
		return fmt.Sprintf("Value must be no more than %.0f", s.most)
	}
	return ""
}

func (s *Setting) refuseWord(value string) string {
	if value == "" || s.words == nil || slices.Contains(s.words, value) {
		return ""
	}
	return "String must be one of: " + strings.Join(s.words, ", ")
}

// refuseElement is of a list. One without words is of replicas that are throttled.
func (s *Setting) refuseElement(value string) string {
	if s.words != nil {
		return s.refuseWord(value)
	}
	partition, broker, ok := strings.Cut(value, ":")
	if value == "*" || ok && whole(partition, 32) && whole(broker, 32) {
		return ""
	}
	return s.Name + " must be the literal '*' or a list of replicas in the following format: " +
		"[partitionId]:[brokerId],[partitionId]:[brokerId],..."
}

func whole(s string, bits int) bool {
	_, err := strconv.ParseInt(s, 10, bits)
	return err == nil
}

// Elements returns the elements of a list, each once.
func Elements(value string) (elements []string) {
	for e := range strings.SplitSeq(value, ",") {
		if e = strings.TrimSpace(e); e != "" && !slices.Contains(elements, e) {
			elements = append(elements, e)
		}
	}
	return elements
}
