package builtin

// What applications report when they are done, and the figures that it is held against.

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// rateAtLeast compares the rate of a done line, which must be one of an application that has the field.
func rateAtLeast(w *world.World, a *world.Application, field, verb string, want float64) error {
	counted, err := reported(w, a, field)
	switch {
	case err != nil:
		return err
	case counted <= 0:
		return world.Final(fmt.Errorf("application %q: its line of the kind \"done\" gives %s=%d, so it has no rate", a.Name,
			field, counted))
	}
	rate, err := reported(w, a, "rate")
	if err != nil {
		return err
	}
	if field == "acknowledged" {
		if err := trueRate(w, a, rate); err != nil {
			return world.Final(fmt.Errorf("application %q: %w", a.Name, err))
		}
	}
	w.Note("%q %s %d records/s on %s", a.Name, verb, rate, w.Session.Describe())
	if float64(rate) < want {
		return world.Final(fmt.Errorf("application %q %s %d records/s, want at least %.0f records/s, on %s; %s", a.Name, verb,
			rate, want, w.Session.Describe(), measuredOver(w, a)))
	}
	return nil
}

// measuredOver says what time the rate of a done line is of: the application's own.
func measuredOver(w *world.World, a *world.Application) string {
	line, err := done(w, a)
	if err != nil || line.Fields()["seconds"] == "" {
		return "it has measured that itself, and does not say over what time"
	}
	return fmt.Sprintf("it has measured that itself, over %s seconds without its warm-up, as its line at %.3fs says",
		line.Fields()["seconds"], line.At.Seconds())
}

// trueRate holds a producer's rate against the time and the warm-up that the same line gives, where it does: events of
// the warm-up do not count.
func trueRate(w *world.World, a *world.Application, rate int64) error {
	line, err := done(w, a)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(line.Fields()["seconds"], 64)
	warmUp, missing := strconv.ParseInt(line.Fields()["warm-up"], 10, 64)
	if err != nil || missing != nil || seconds < leastSeconds {
		return nil // not told, or so short that the rounding of the seconds shows
	}
	counted, err := reported(w, a, "acknowledged")
	if err != nil {
		return err
	}
	want := float64(counted-warmUp) / seconds
	if math.Abs(float64(rate)-want) > 0.05*want+1 {
		return fmt.Errorf("its line of the kind \"done\" gives a rate of %d records/s, and %d acknowledged ones without a "+
			"warm-up of %d in %g s are %.0f records/s", rate, counted, warmUp, seconds, want)
	}
	return nil
}

// leastSeconds is the shortest time whose rounding to milliseconds does not change a rate much.
const leastSeconds = 0.02

func latency(w *world.World, a *world.Application, percentile string) (time.Duration, error) {
	done, err := done(w, a)
	if err != nil {
		return 0, err
	}
	got, err := time.ParseDuration(done.Fields()[percentile])
	if err != nil || got < 0 {
		return 0, world.Final(fmt.Errorf("application %q: its line of the kind \"done\" gives %s=%q, want a duration such "+
			"as 1.5ms", a.Name, percentile, done.Fields()[percentile]))
	}
	if done.Fields()["timed"] == "0" {
		return 0, world.Final(fmt.Errorf("%w: application %q timed no event", verdict.ErrInconclusive, a.Name))
	}
	w.Note("%q measured a %s latency of %s on %s", a.Name, percentile, got, w.Session.Describe())
	return got, nil
}

// done returns the last line of the kind done that an application wrote since it was started last.
func done(w *world.World, a *world.Application) (journal.Fact, error) {
	lines := a.Lately(a.Facts(journal.Done))
	if len(lines) == 0 {
		err := fmt.Errorf("application %q has logged no line of the kind \"done\" since it was started last", a.Name)
		if ended := a.Alive(); ended != nil {
			return journal.Fact{}, world.Final(fmt.Errorf("%w (%w)", err, ended))
		}
		return journal.Fact{}, err
	}
	return lines[len(lines)-1], nil
}

// reported returns a whole number of the last done line.
func reported(w *world.World, a *world.Application, field string) (int64, error) {
	done, err := done(w, a)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(done.Fields()[field], 10, 64)
	if err != nil {
		return 0, world.Final(fmt.Errorf("application %q: its line of the kind \"done\" gives %s=%q, want a number", a.Name,
			field, done.Fields()[field]))
	}
	return n, nil
}

func baselineIsKnown(s world.Surroundings, m steps.Match) error {
	_, err := findBaseline(s.Fixtures, m.Names("string")[0])
	return err
}

// findBaseline reads the file baselines/NAME.json.
func findBaseline(fixtures fs.FS, name string) (baseline.Figures, error) {
	file := "baselines/" + name + ".json"
	text, err := fs.ReadFile(fixtures, file)
	if err == nil {
		return baseline.Read(text, file)
	}
	files, _ := fs.Glob(fixtures, "baselines/*.json")
	var known []string
	for _, f := range files {
		known = append(known, strings.TrimSuffix(path.Base(f), ".json"))
	}
	slices.Sort(known)
	advice := "kafkaspec bench --json " + file + " beside the feature makes one"
	if near := nearest.Word(name, known); near != "" {
		advice = fmt.Sprintf("did you mean %q?", near)
	}
	return baseline.Figures{}, fmt.Errorf("unknown baseline %q; known are %s; %s", name, words.Quoted(known), advice)
}
