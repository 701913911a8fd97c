package profile

import (
	"maps"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// stop says how an application is told to end, and how long that may take.
type stop struct {
	Signal  text          `yaml:"signal"`
	HTTP    text          `yaml:"http"`
	Timeout time.Duration `yaml:"timeout"`
}

func (s *stop) read(d *reader, node *yaml.Node, what string) {
	type fields stop // without read
	var given fields
	lines := d.fields(node, "stop of "+what, &given)
	*s = stop(given)
	if _, known := app.Signals[s.Signal.value]; !known && s.Signal.value != "" {
		d.problem(s.Signal.line, "got signal %q in stop of %s; %s", s.Signal.value, what,
			oneOf(s.Signal.value, slices.Sorted(maps.Keys(app.Signals))))
	}
	if s.Signal.line > 0 && s.HTTP.line > 0 {
		d.problem(lines["http"], "got signal and http in stop of %s, want one of them; remove the other", what)
	}
}
