package world

// What stands behind the steps about HTTP services: those that the scenario stands in for, and what they were asked.

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Service is an HTTP service that the scenario stands in for.
type Service struct {
	Name  string
	world *World
	stub  *stub.Service // nil in a world that is past
}

// DeclareService adds an HTTP service to the scenario, which gives the first answer that fits; without any, 200 to all.
func (w *World) DeclareService(name string, answers []stub.Answer) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.services[name] != nil {
		return fmt.Errorf("HTTP service %q is declared twice; remove one of the two steps", name)
	}
	if w.services == nil {
		w.services = map[string]*Service{}
	}
	w.services[name] = &Service{name, w, stub.New(stub.Options{Name: name, Answers: answers,
		Tell: w.Journal.Add})}
	return nil
}

// Service returns a declared HTTP service.
func (w *World) Service(name string) (*Service, error) {
	if w.past != nil { // its journal tells what it was asked
		return &Service{Name: name, world: w}, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.services[name]; ok {
		return s, nil
	}
	return nil, Final(fmt.Errorf("unknown HTTP service %q; declared are %s", name,
		words.Quoted(slices.Sorted(maps.Keys(w.services)))))
}

// Disturb has something be wrong with the service, in place of what there is.
func (s *Service) Disturb(t stub.Trouble) error {
	s.stub.Disturb(t)
	return nil
}

// Up ends what is wrong with the service.
func (s *Service) Up() error { return s.stub.Up() }

// Asked are the facts of the requests to the service, in the order in which they came. It is inconclusive where there
// were more than are told.
func (s *Service) Asked() ([]journal.Fact, error) {
	facts := s.world.Journal.Select(func(f *journal.Fact) bool {
		d, ok := f.Detail.(*journal.Exchange)
		return ok && f.Kind == journal.ServiceAsked && d.Service == s.Name
	})
	if len(facts) >= stub.MostTold {
		return nil, Final(fmt.Errorf("%w: the HTTP service %q was asked %d times or more, and no more is told of",
			verdict.ErrInconclusive, s.Name, stub.MostTold))
	}
	return facts, nil
}

// serve gives an application an address of its own for each service.
func (w *World) serve(env *app.Env, place listen.Place) error {
	w.mu.Lock()
	services := maps.Clone(w.services)
	w.mu.Unlock()
	for name, s := range services {
		address, err := s.stub.Address(env.Name, place)
		if err != nil {
			return err
		}
		if env.Services == nil {
			env.Services = map[string]string{}
		}
		env.Services[name] = address
	}
	return nil
}

// ServicesDied is an error of the environment where a service of the scenario does not listen any more.
func (w Scenario) ServicesDied() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(w.services)) {
		errs = append(errs, w.services[name].stub.Health())
	}
	return errors.Join(errs...)
}

// atServices reports faults that met fewer requests than they were to, requests that no answer fits, and services that
// died.
func (w *World) atServices() error {
	errs := []error{Scenario{w}.ServicesDied()}
	for _, name := range slices.Sorted(maps.Keys(w.services)) {
		s := w.services[name].stub
		for _, told := range s.Unfired() {
			errs = append(errs, fmt.Errorf("%s: %w", told, verdict.ErrInconclusive))
		}
		if unknown := s.Unknown(); len(unknown) > 0 {
			errs = append(errs, fmt.Errorf("the HTTP service %q was asked %s, and has no answer for that; if it is meant, add "+
				"a row to its answers", name, words.Quoted(unknown)))
		}
	}
	return errors.Join(errs...)
}

func (w *World) closeServices() error {
	var errs []error
	for _, s := range w.services {
		errs = append(errs, s.stub.Close())
	}
	return errors.Join(errs...)
}
