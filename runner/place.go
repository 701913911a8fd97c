package runner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/profile"
)

// place is where processes find this machine.
func (p Params) place() listen.Place { return listen.Place{Listen: p.Listen, Advertise: p.Advertise} }

// choosePlace takes from the profile what the parameters leave open of it.
func (p *Params) choosePlace(from *profile.Profile) error {
	var problems source.Errors
	check := func(flag, host string, check func(string) error) {
		if host == "" {
			return
		}
		if err := check(host); err != nil {
			problems = append(problems, source.Place{}.Errorf("%s: %w", flag, err))
		}
	}
	check("--advertise", p.Advertise, listen.CheckAdvertise)
	check("--listen", p.Listen, listen.CheckListen)
	p.Advertise = cmp.Or(p.Advertise, from.Defaults.Advertise)
	p.Listen = cmp.Or(p.Listen, from.Defaults.Listen)
	return problems.Err()
}

// warnBeyond says where kafkaspec listens for others than programs of this machine, once for each such place.
func (r *run) warnBeyond(scenarios []*scenario) {
	told := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(profiledOf(scenarios))) {
		warning := r.params.place().For(r.profile.Advertised(name)).Warning()
		if warning != "" && !told[warning] {
			told[warning] = true
			_, _ = fmt.Fprintf(r.params.progress(), "%s (--listen ADDRESS has it listen at one address)\n", warning)
		}
	}
}
