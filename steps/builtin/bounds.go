package builtin

// Bounds: which numbers a step may have, so that one that cannot be meant is refused before anything runs.

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// bound is what numbers may be where the words of a phrase around them, @ in their place, have this form.
type bound struct {
	words       *regexp.Regexp
	least, most float64
	got, want   string // for people; %s is the number
}

const (
	mostPartitions = 10_000
	mostRecords    = 1_000_000_000
	mostBytes      = 50 << 20 // of a record
)

// bounds are looked at in this order; the first one that goes with a number counts.
var bounds = []bound{
	{regexp.MustCompile(`^field .* runs from`), -math.MaxFloat64, math.MaxFloat64, "%s", ""},
	{regexp.MustCompile(`^a cluster of at least @ broker`), 1, mostBrokers, "a cluster of %s brokers", "1 to 9"},
	{regexp.MustCompile(`^topic \{topic\} with @ partition`), 1, mostPartitions, "%s partitions", "1 to 10_000"},
	{regexp.MustCompile(`^topic \{topic\} is grown to @`), 2, mostPartitions, "%s partitions", "2 to 10_000"},
	{regexp.MustCompile(`, replication @`), 1, 1_000, "replication %s", "at least 1"},
	{regexp.MustCompile(`^the schema registry answers with status @`), 400, 599, "status %s", "one of an error: 400 to 599"},
	{regexp.MustCompile(`chi-square p of at least @`), 0, 1, "a p of %s", "0 to 1"},
	{regexp.MustCompile(`at most @ less than the mean`), 0, 1, "%s", "0% to 100%"},
	{regexp.MustCompile(`growing by @`), 1, 1_000, "a factor of %s", "at least 1"},
	{regexp.MustCompile(`^a transaction with @`), 1, 100_000, "%s records", "1 to 100_000"},
	{regexp.MustCompile(`^a record of @`), 0, mostBytes, "a record of %s", "at most 50MiB"},
	{regexp.MustCompile(`^@ record.* (?:is|are)`), 0, mostRecords, "%s records", "at most 1_000_000_000"},
	{regexp.MustCompile(`in version @ or newer`), 0, 1_000, "version %s", "0 or more"},
	{regexp.MustCompile(`partition @`), 0, mostPartitions - 1, "partition %s", "0 to 9_999"},
	{regexp.MustCompile(`offset @`), 0, math.MaxInt64, "offset %s", "0 or more"},
	{regexp.MustCompile(`broker @`), 0, 1_000, "broker %s", "0 to 1_000"},
	{regexp.MustCompile(`@`), 0, math.MaxFloat64, "%s", "0 or more"},
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// boundsOf are the bounds of a phrase's numbers, by parameter.
func boundsOf(phrase string) []*bound {
	places := parameter.FindAllStringSubmatchIndex(phrase, -1)
	found := make([]*bound, len(places))
	for i, at := range places {
		switch phrase[at[2]:at[3]] {
		case "int", "count", "float", "percent", "size":
		default:
			continue
		}
		words := phrase[:at[0]] + "@" + phrase[at[1]:]
		for k := range bounds {
			if bounds[k].words.MatchString(words) {
				found[i] = &bounds[k]
				break
			}
		}
	}
	return found
}

// bounded has a step's numbers looked at.
func bounded(d *steps.Definition) {
	if strings.Contains(d.Phrase.String(), "shows the metric") { // metrics may be negative
		return
	}
	steps.Checked(func(_ world.Surroundings, m steps.Match) error {
		phrase, values := m.Expanded()
		limits := boundsOf(phrase)
		for i, v := range values {
			if i >= len(limits) || limits[i] == nil {
				continue
			}
			var number float64
			switch value := v.Value.(type) {
			case int64:
				number = float64(value)
			case float64:
				number = value
			default:
				continue
			}
			if !(number >= limits[i].least && number <= limits[i].most) { // written so for NaN
				return fmt.Errorf("got "+limits[i].got+", want %s", v.Text, limits[i].want)
			}
		}
		return nil
	})(d)
}

func runsUpwards(_ world.Surroundings, m steps.Match) error {
	from, to := m.Values[2].Value.(int64), m.Values[3].Value.(int64)
	if from > to+1 { // from 0 to -1 is none
		return fmt.Errorf("got a range from %d to %d, want the lower end first", from, to)
	}
	return nil
}

func delaysGrow(_ world.Surroundings, m steps.Match) error {
	first, most := m.Values[2].Value.(time.Duration), m.Values[4].Value.(time.Duration)
	if first <= 0 || most < first {
		return fmt.Errorf("got delays of %s growing up to %s, want a first one above zero, and the longest not below it",
			first, most)
	}
	return nil
}
