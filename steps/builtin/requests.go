package builtin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// requestsDoc is the grammar, for the catalogue.
const requestsDoc = "requests of the Kafka protocol: `the next Produce request`, `the next 3 Produce requests`, `every Fetch request` or `2% of " +
	"Produce requests`, each narrowed by any of " +
	"`from \"app\"`, `to \"topic\"`, `partition 1`, `of group \"g\"`, `of transactional id \"t\"`, `at broker 2`, " +
	"`after the first 20`, and at the end `for 2s` or `from now on`"

// requestsPattern takes any words where a selector may stand, so that a slip in one is told as such.
const requestsPattern = `(?:the next(?: ` + phrase.Number + `)?|every|-?\d[\w.]*% of)(?: [A-Za-z]\w*)? requests?` +
	`(?: [a-z]+(?: [a-z]+){0,2} (?:` + phrase.Quoted + `|` + phrase.Number + `))*(?: from now on)?`

var (
	requestsHead = regexp.MustCompile(`^(?:the next(?: (` + phrase.Number + `))?|every|(-?\d[\w.]*%) of)(?: ([A-Za-z]\w*))? requests?`)
	requestsPart = regexp.MustCompile(`^ ([a-z]+(?: [a-z]+){0,2}) (` + phrase.Quoted + `|` + phrase.Number + `)`)
)

// selectors are what may narrow a selection: the words, and how what follows them is read.
var selectors = map[string]func(r *wire.Selection, text string) error{
	"from": func(r *wire.Selection, text string) error {
		return readName(&r.App, phrase.Named("app", "application"), text)
	},
	"to": func(r *wire.Selection, text string) error { return readName(&r.Topic, topicName(), text) },
	"of group": func(r *wire.Selection, text string) error {
		return readName(&r.Group, phrase.Named("group", "group"), text)
	},
	"of transactional id": func(r *wire.Selection, text string) error {
		return readName(&r.TransactionalID, phrase.Named("", "transactional id"), text)
	},
	"partition":       func(r *wire.Selection, text string) error { return readNumber(&r.Partition, 0, text) },
	"at broker":       func(r *wire.Selection, text string) error { return readNumber(&r.Broker, 0, text) },
	"after the first": func(r *wire.Selection, text string) error { return readNumber(&r.After, 1, text) },
	"for": func(r *wire.Selection, text string) (err error) {
		r.For, err = units.Period.Parse(text)
		return err
	},
}

// selectorsInOrder is the order in which errors list them.
var selectorsInOrder = []string{"from", "to", "partition", "of group", "of transactional id", "at broker",
	"after the first", "for"}

// parseRequests reads a selection of requests.
func parseRequests(text string) (wire.Selection, error) {
	r, rest, err := parseRequestsHead(text)
	if err != nil {
		return r, err
	}
	rest, endless := strings.CutSuffix(rest, " from now on")
	seen := map[string]bool{}
	for rest != "" {
		m := requestsPart.FindStringSubmatch(rest)
		if m == nil {
			return r, fmt.Errorf("got %q behind the requests, want %s", strings.TrimSpace(rest), wantSelectors(""))
		}
		words, value := m[1], m[2]
		read, ok := selectors[words]
		switch {
		case !ok:
			return r, fmt.Errorf("got %q behind the requests, want %s", words, wantSelectors(words))
		case seen[words]:
			return r, fmt.Errorf("got %q twice behind the requests, want it once; declare two faults", words)
		}
		seen[words] = true
		if err := read(&r, value); err != nil {
			return r, fmt.Errorf("behind %q: %w", words, err)
		}
		rest = rest[len(m[0]):]
	}
	switch {
	case seen["partition"] && !seen["to"]:
		return r, fmt.Errorf(`got a partition without its topic, want both: to "orders" partition %d`, r.Partition)
	case endless && (r.Times > 0 || r.For > 0):
		return r, fmt.Errorf("got from now on for requests that are counted or timed, want one of the two")
	}
	return r, nil
}

func parseRequestsHead(text string) (wire.Selection, string, error) {
	r := wire.Every("")
	m := requestsHead.FindStringSubmatch(text)
	if m == nil {
		return r, "", fmt.Errorf("got %q, want requests such as: the next 3 Produce requests", text)
	}
	var err error
	switch times, rate := m[1], m[2]; {
	case times == "" && strings.HasPrefix(text, "the next "):
		r.Times = 1
	case times != "":
		if err = readNumber(&r.Times, 1, times); err != nil {
			return r, "", fmt.Errorf("behind %q: %w", "the next", err)
		}
	case rate != "":
		if r.Rate, err = units.Percent.Parse(rate); err == nil && (r.Rate <= 0 || r.Rate > 1) {
			err = fmt.Errorf("got %s of the requests, want more than 0%% and at most 100%%", rate)
		}
	}
	if err == nil && m[3] != "" {
		r.API, err = parseAPI(m[3])
	}
	return r, text[len(m[0]):], err
}

// wantSelectors lists what may stand there, and the one that somebody may have meant.
func wantSelectors(words string) string {
	want := "one of " + strings.Join(selectorsInOrder, ", ")
	if near := nearest.Word(words, selectorsInOrder); words != "" && near != "" {
		want += "; did you mean " + near + "?"
	}
	return want
}

// readName reads a quoted name as a parameter of that type is read.
func readName(into *string, as phrase.Param, text string) error {
	if !strings.HasPrefix(text, `"`) {
		return fmt.Errorf(`got %s, want a name in double quotes`, text)
	}
	value, err := as.Parse(text)
	if err != nil {
		return err
	}
	*into = value.(string)
	return nil
}

func readNumber[T int | int32](into *T, least int64, text string) error {
	n, err := units.Int.Parse(text)
	if err == nil && (n < least || n > 1_000_000_000) {
		err = fmt.Errorf("got %s, want %d or more", text, least)
	}
	*into = T(n)
	return err
}

// namesIn are the parameter values inside of a selection, so that whoever checks names finds them there too.
func namesIn(r wire.Selection) []phrase.Value {
	all := []phrase.Value{{Param: "app", Text: r.App, Value: r.App}, {Param: "topic", Text: r.Topic, Value: r.Topic},
		{Param: "group", Text: r.Group, Value: r.Group}}
	return slices.DeleteFunc(all, func(v phrase.Value) bool { return v.Text == "" })
}
