package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// outages are two brokers of which one is killed and started again, and one paused to the end.
func outages() []journal.Fact {
	facts := story(3)
	for _, c := range []struct {
		at     int
		id     int32
		change string
	}{{60, 0, "killed"}, {120, 12, "paused"}, {200, 0, "started"}, {210, 0, "restarted"}} {
		f := event(c.at, "", journal.FaultFired)
		f.Source, f.Text = journal.SourceKafkaspec, fmt.Sprintf("broker %d is %s", c.id, c.change)
		f.Detail = &journal.Broker{ID: c.id, Change: c.change}
		facts = append(facts, f)
	}
	return facts
}

func TestOutagesOfBrokersAreBars(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	r.Scenarios[0].Journal = writeJournal(t, folder, "brokers.jsonl", outages())
	file := write(t, folder, r, nil)
	l := readFacts(t, readPage(t, file).Scenarios[0].Facts)
	var got []string
	for _, b := range l.B {
		if b[0] == 3 {
			got = append(got, fmt.Sprintf("broker %d %d-%d %s", b[3], b[4]/1000, b[5]/1000, l.text(b[6])))
		}
	}
	if want := "broker 0 60-200 killed\nbroker 12 120-0 paused"; strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	b := browser.Open(t, file)
	b.Until(`all.scenarios[0].timeline && all.scenarios[0].timeline.drawn > 0`)
	b.Want(`all.scenarios[0].timeline.lanes.filter((l) => /^broker /.test(l.name)).map((l) => l.name + ' ' +
		l.bars.length + ' ' + l.facts.filter((f) => f.kind === 'fault-fired' && !f.request).length).join()`,
		"broker 0 1 3,broker 12 1 1")
}
