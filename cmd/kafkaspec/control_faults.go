package main

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

type faultsAnswer struct {
	Faults []faultAnswer `json:"faults"`
}

type faultAnswer struct {
	ID     int    `json:"id"`
	Step   string `json:"step"`
	Fired  int    `json:"fired"`  // requests that it has struck
	Times  int    `json:"times"`  // requests that it is to strike; 0: all
	Stands bool   `json:"stands"` // it may still strike
}

// faults are those of the present cluster, in the order of their ids, which begin at 1. The stand is in use.
func (s *stand) faults() []faultAnswer {
	all := []faultAnswer{}
	for i, f := range s.world.Faults() {
		all = append(all, faultAnswer{i + 1, s.said[f], f.Handle.Fired(), f.Handle.Rule().Times, s.world.Stands(f)})
	}
	return all
}

func (c *control) listFaults(w http.ResponseWriter, _ *http.Request) error {
	return c.stand.use(func() error { return write(w, http.StatusOK, faultsAnswer{c.stand.faults()}) })
}

// isFault says whether a step makes something become of requests.
func isFault(m steps.Match) bool {
	return slices.ContainsFunc(m.Values, func(v phrase.Value) bool { _, is := v.Value.(wire.Selection); return is })
}

func (c *control) injectFault(w http.ResponseWriter, r *http.Request) error {
	var given struct {
		Step string `json:"step"`
	}
	if err := read(r, &given); err != nil {
		return err
	}
	match, err := givenStep(knownSteps(), given.Step, c.stand.listeners)
	if err != nil {
		return refuse(http.StatusBadRequest, "%s: %v", strconv.Quote(given.Step), err)
	}
	if !isFault(match) {
		return refuse(http.StatusBadRequest, "%s is no fault; want one such as: the next 3 Produce requests to \"orders\" "+
			"fail with REQUEST_TIMED_OUT", strconv.Quote(given.Step))
	}
	return c.stand.use(func() error {
		for _, name := range match.Names("topic") {
			if _, err := c.topic(r, name); err != nil {
				return err
			}
		}
		if err := c.stand.carryOut(c.stand.world.Context(r.Context()), match, given.Step); err != nil {
			return refuse(http.StatusBadRequest, "%s: %v", strconv.Quote(given.Step), err)
		}
		all := c.stand.faults()
		return write(w, http.StatusCreated, all[len(all)-1])
	})
}

func (c *control) liftAll(w http.ResponseWriter, _ *http.Request) error {
	return c.stand.use(func() error {
		for _, f := range c.stand.world.Faults() {
			c.stand.world.End(f)
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

func (c *control) liftFault(w http.ResponseWriter, r *http.Request) error {
	return c.stand.use(func() error {
		all := c.stand.world.Faults()
		id, err := strconv.Atoi(r.PathValue("fault"))
		if err != nil || id < 1 || id > len(all) {
			return refuse(http.StatusNotFound, "there is no fault %q; GET /faults lists them", r.PathValue("fault"))
		}
		if !c.stand.world.End(all[id-1]) {
			return refuse(http.StatusConflict, "fault %d was lifted before; inject it again with POST /faults", id)
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

// factKinds are the kinds of what the wire tells of clients.
var factKinds = []string{string(journal.FaultFired), string(journal.Note), string(journal.ProduceAttempt),
	string(journal.Fetched), string(journal.TopicMade), string(journal.TopicDeleted), string(journal.Transacted),
	string(journal.SaidOfGroup),
	string(journal.GroupJoin), string(journal.GroupAssigned), string(journal.GroupRevoked), string(journal.GroupLost),
	string(journal.GroupLeft), string(journal.GroupHeartbeat), string(journal.GroupCommit), string(journal.GroupPosition),
	string(journal.ShareAcquired), string(journal.ShareAcknowledged), string(journal.ShareClosed),
	string(journal.ClientSoftware), string(journal.APIVersion), string(journal.Connected)}

const (
	usualFacts = 1000
	mostFacts  = 10_000
	lastHeader = "Kafkaspec-Last"
)

// readFacts answers with facts as lines of JSON. The header tells up to which one was looked: what to ask for as after
// next time.
func (c *control) readFacts(w http.ResponseWriter, r *http.Request) error {
	after, err := numberIn(r, "after", 0, 0, 1<<62)
	if err != nil {
		return err
	}
	most, err := numberIn(r, "limit", usualFacts, 1, mostFacts)
	if err != nil {
		return err
	}
	wait, err := time.ParseDuration(cmp.Or(r.URL.Query().Get("wait"), "0s"))
	if err != nil || wait < 0 || wait > mostWait {
		return refuse(http.StatusBadRequest, "got wait=%q, want a time from 0s to %s, such as 5s", r.URL.Query().Get("wait"),
			mostWait)
	}
	kinds := r.URL.Query()["kind"]
	for _, kind := range kinds {
		if !slices.Contains(factKinds, kind) {
			near := cmp.Or(nearest.Word(kind, factKinds), factKinds[0])
			return refuse(http.StatusBadRequest, "got unknown kind %q, want one such as %q; GET /openapi.json lists them", kind,
				near)
		}
	}
	if len(kinds) == 0 {
		kinds = factKinds
	}
	found, last, err := c.factsAfter(r, after, int(most), kinds, wait)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set(lastHeader, strconv.FormatInt(last, 10))
	return journal.WriteFacts(w, found)
}

// factsAfter looks until there is a fact, the wait is over or the cluster is a fresh one.
func (c *control) factsAfter(r *http.Request, after int64, most int, kinds []string, wait time.Duration) (
	found []journal.Fact, last int64, err error) {
	var facts *journal.Journal
	var over <-chan struct{}
	if err := c.stand.use(func() error { facts, over = c.stand.world.Journal, c.stand.over; return nil }); err != nil {
		return nil, 0, err
	}
	if newest := facts.Last(); after > newest {
		return nil, 0, refuse(http.StatusConflict, "got after=%d, and the last fact is %d: the cluster was reset; begin "+
			"with after=0", after, newest)
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	for {
		changed := facts.Changed()
		last = max(after, facts.Last())
		found = facts.SelectAfter(after, func(f *journal.Fact) bool {
			return f.Seq <= last && slices.Contains(kinds, string(f.Kind))
		})
		if len(found) > most {
			found = found[:most]
			return found, found[most-1].Seq, nil
		}
		if len(found) > 0 || wait == 0 {
			return found, last, nil
		}
		select {
		case <-changed:
		case <-late.C:
			return found, last, nil
		case <-over:
			return found, last, nil
		case <-r.Context().Done():
			return found, last, nil
		}
	}
}
