package world

// The world as a journal tells it: nothing runs in it, and what the cluster would be asked is answered by what it
// answered then.

import (
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// past is what is known of a scenario that is over.
type past struct {
	answers map[asked][]journal.Answer // in the order in which they were given
	late    string                     // what was said of a look that held too late
	lives   map[string]app.State       // of applications that were started
}

type asked struct{ question, of, on string }

// Past is the world in which an expectation was looked at: the facts as they were then, and what the cluster answered.
// Of the options it takes Await and Needs. It need not be closed.
func Past(facts *journal.Journal, look *journal.Look, o Options) Scenario {
	w := &World{Session: nowhere{}, Journal: facts, Seed: o.Seed, options: o,
		past: &past{late: look.Late, answers: map[asked][]journal.Answer{}, lives: map[string]app.State{}}}
	for _, a := range look.Answers {
		of := asked{a.Question, a.Of, a.On}
		w.past.answers[of] = append(w.past.answers[of], a)
	}
	for _, f := range facts.Select(nil) {
		w.recall(&f)
	}
	return Scenario{w}
}

// recall has a fact make the world what it was.
func (w *World) recall(f *journal.Fact) {
	switch d := f.Detail.(type) {
	case *journal.Layout:
		t := w.topics[f.Topic]
		if d.Partitions == 0 && d.Named != "" {
			w.expect(&Topic{world: w, Name: f.Topic, Physical: d.Named})
			return
		}
		if t == nil {
			physical := f.Topic
			if coming := w.comes(f.Topic); coming != nil {
				physical = coming.Physical
				delete(w.coming, f.Topic)
			}
			t = w.addTopic(f.Topic, physical, d.Partitions)
			t.began = d.Began
		}
		t.Partitions = d.Partitions
		if d.Remade > 0 {
			t.earlier = append(t.earlier, life{to: d.Remade, began: t.began})
			t.remade, t.began = d.Remade, nil
		}
	case *journal.Role:
		if w.applications == nil {
			w.applications = map[string]*Application{}
		}
		if w.applications[f.App] == nil {
			w.order = append(w.order, f.App)
		}
		w.applications[f.App] = &Application{Name: f.App, Group: d.Group, Watches: d.Watches, Inputs: d.Reads,
			Outputs: d.Writes, Definition: app.Definition{Letters: d.Letters}, patterns: d.Logs, world: w}
	case *journal.Membership:
		w.hear(f, d)
	}
	switch f.Kind {
	case journal.Variable:
		if f.App == "" {
			w.SetVariable(f.Key, f.Text)
		} else {
			w.setTold(f.App, f.Key, f.Text)
		}
	case journal.Started:
		w.past.lives[f.App] = app.State{Phase: app.Running}
	case journal.Exited, journal.Killed:
		w.past.lives[f.App] = endOf(f)
	}
}

// endOf is the state of an application that has ended.
func endOf(f *journal.Fact) app.State {
	fields := f.Fields()
	state := app.State{Phase: app.Exited, Signal: fields["signal"], Left: fields["left"]}
	state.Code, _ = strconv.Atoi(fields["code"]) // of one that kafkaspec wrote it is a number
	switch {
	case f.Kind == journal.Killed:
		state.Phase = app.Killed
	case fields["environment"] != "":
		state.Phase, state.Err = app.Failed, outcome.Environmentf(nil, "%s", fields["error"])
	case fields["error"] != "":
		state.Phase, state.Err = app.Failed, errorText(fields["error"])
	case fields["requested"] != "":
		state.Phase = app.Stopped
	}
	return state
}

type errorText string

func (e errorText) Error() string { return string(e) }

// answer is what the cluster answered when that was asked; each in its turn, and the last one from then on.
func (p *past) answer(question journal.Answer) (journal.Answer, error) {
	of := asked{question.Question, question.Of, question.On}
	all := p.answers[of]
	if len(all) == 0 {
		return question, notKept("the journal does not tell the %s of %q", question.Question, question.Of)
	}
	if len(all) > 1 {
		p.answers[of] = all[1:]
	}
	return all[0], nil
}

func (p *past) records(question journal.Answer, see func(*record.Record), gone func(*record.Record, lack)) error {
	a, err := p.answer(question)
	if err != nil {
		return err
	}
	if a.TooMany {
		return notKept("%q held more records than a journal keeps, %d", a.Of, mostHeld)
	}
	for _, h := range a.Records {
		r := record.Record{Topic: a.Of, Partition: h.Partition, Offset: h.Offset}
		if h.Key != nil {
			r.Key = []byte(*h.Key)
		}
		for _, header := range h.Headers {
			r.Headers = append(r.Headers, record.Header{Key: header.Key, Value: []byte(header.Value)})
		}
		if h.Gone && gone != nil {
			gone(&r, lack{h.Whole, verdict.Cleaned{May: h.May, Unsure: h.Unsure, Until: h.Until}})
		} else {
			see(&r)
		}
	}
	return nil
}

// nowhere is the session of a world that is past. Names in a journal are those of the scenario.
type nowhere struct{ cluster.Session }

func (nowhere) Names() *cluster.Names { return cluster.NewNames("") }

// NeedsValues is an error where values of records are looked at and only a journal is left, which keeps none.
func (w *World) NeedsValues() error {
	if w.past != nil {
		return notKept("a journal keeps no values of records, and they are looked at")
	}
	return nil
}
