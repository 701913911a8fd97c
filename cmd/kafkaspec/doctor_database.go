package main

import (
	"context"
	"errors"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/runner/profile"
)

// database makes and removes a scenario's database on the server that the profile names. What kafkaspec would start
// itself is a program of the machine.
func (d *doctor) database(p *profile.Profile) {
	choice, at, err := p.Database()
	if err != nil {
		d.mistakes(err)
		return
	}
	if err := database.Check(choice); err != nil {
		d.mistakes(at.Errorf("database: %v", err))
		return
	}
	if !strings.Contains(choice, "://") {
		return
	}
	ctx, cancel := context.WithTimeout(d.ctx, probeWithin)
	defer cancel()
	backend, err := database.New(ctx, choice, nil)
	if err != nil {
		d.bad("%v", err)
		return
	}
	one, err := backend.Open(ctx)
	if err == nil {
		err = one.Close(context.WithoutCancel(ctx))
	}
	if err = errors.Join(err, backend.Close(context.WithoutCancel(ctx))); err != nil {
		d.bad("%v", err)
		return
	}
	d.ok("database: %s lets kafkaspec make and remove a database for each scenario", backend)
}
