package main

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
)

type registryCommand struct {
	Cache string `placeholder:"DIR" help:"Cache folder. Default: KAFKASPEC_CACHE, else kafkaspec in the user's cache folder."`
}

// Run makes sure that Apicurio Registry is in the cache, and shows where.
func (r *registryCommand) Run(c *console) error {
	home, err := registry.Fetch(c.ctx, r.Cache, c.stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, home)
	return err
}
