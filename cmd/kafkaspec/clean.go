package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

type cleanCommand struct {
	Cluster   string `required:"" placeholder:"NAME" help:"The cluster, a name from the profile."`
	Profile   string `placeholder:"FILE" help:"The profile, a YAML file with the cluster. Default: kafkaspec.yaml in this folder."`
	OlderThan string `placeholder:"TIME" default:"24h" help:"List only what is older, such as 2h, so that runs of others are left alone. With 0s also what does not say its age. Default: 24h."`
	Delete    bool   `help:"Delete what is listed. Default: only list it."`
}

// Run lists what scenarios left on a cluster, and deletes it when asked to.
func (l *cleanCommand) Run(c *console) (err error) {
	age, err := units.Duration.Parse(l.OlderThan)
	if err != nil {
		return usage("--older-than: %v", err)
	}
	if kind, _, _ := strings.Cut(l.Cluster, ":"); kind == "" || kind == cluster.KindEmbedded || kind == cluster.KindLocal {
		return l.nothingKept()
	}
	backend, err := runner.Open(c.ctx, runner.Params{Cluster: l.Cluster, Profile: l.Profile})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backend.Close(c.ctx)) }()
	cleaner, ok := backend.(cluster.Cleaner)
	if !ok || backend.Describe().Kind != cluster.KindExternal {
		return l.nothingKept()
	}
	all, err := cleaner.Leftovers(c.ctx)
	if err != nil {
		return err
	}
	var old []cluster.Leftover
	for _, one := range all {
		if age == 0 || !one.Made.IsZero() && time.Since(one.Made) > age {
			old = append(old, one)
		}
	}
	if err := l.show(c, old, len(all)-len(old)); err != nil || !l.Delete || len(old) == 0 {
		return err
	}
	if err := cleaner.Delete(c.ctx, old); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, "deleted")
	return err
}

func (l *cleanCommand) nothingKept() error {
	return usage("got --cluster %q, which ends with each run and keeps nothing; name a cluster of the profile", l.Cluster)
}

func (l *cleanCommand) show(c *console, old []cluster.Leftover, others int) error {
	for _, one := range old {
		kind, made := "topic", "age not known"
		if one.Group {
			kind = "group"
		}
		if !one.Made.IsZero() {
			made = "of " + one.Made.UTC().Format(time.RFC3339)
		}
		if _, err := fmt.Fprintf(c.stdout, "%s  %s  (%s)\n", kind, report.Harmless(one.Name), made); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("%s of scenarios, older than %s", words.Counted(len(old), "leftover"), l.OlderThan)
	if others > 0 {
		text += fmt.Sprintf("; %d are younger, or do not say their age (--older-than 0s)", others)
	}
	if len(old) > 0 && !l.Delete {
		text += "; delete them with --delete"
	}
	_, err := fmt.Fprintln(c.stdout, text)
	return err
}
