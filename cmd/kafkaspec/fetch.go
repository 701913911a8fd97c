package main

import (
	"context"
	"fmt"
	"io"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
)

// fetchCommand makes sure that something is in the cache, and shows where.
type fetchCommand struct {
	Cache string `placeholder:"DIR" help:"The cache folder. Default: the environment variable KAFKASPEC_CACHE, else the folder kafkaspec in the user's cache folder, such as ~/.cache/kafkaspec."`
}

func (f *fetchCommand) run(c *console, fetch func(context.Context, string, io.Writer) (string, error)) error {
	home, err := fetch(c.ctx, f.Cache, c.stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, home)
	return err
}

type kafkaCommand struct {
	fetchCommand
	Version string `arg:"" optional:"" help:"The version, such as 4.1.2. Default: the one that --cluster local uses."`
}

// Run fetches Apache Kafka.
func (k *kafkaCommand) Run(c *console) error {
	if k.Version != "" {
		if err := cluster.CheckVersion(k.Version); err != nil {
			return usage("%v", err)
		}
	}
	return k.run(c, func(ctx context.Context, cache string, progress io.Writer) (string, error) {
		return cluster.FetchKafka(ctx, k.Version, cache, progress)
	})
}

type registryCommand struct{ fetchCommand }

// Run fetches Apicurio Registry.
func (r *registryCommand) Run(c *console) error { return r.run(c, registry.Fetch) }
