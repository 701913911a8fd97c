package main

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

type kafkaCommand struct {
	Cache string `placeholder:"DIR" help:"Cache folder. Default: KAFKASPEC_CACHE, else kafkaspec in the user's cache folder."`
}

// Run makes sure that Apache Kafka is in the cache, and shows where.
func (k *kafkaCommand) Run(c *console) error {
	home, err := cluster.FetchKafka(c.ctx, k.Cache, c.stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, home)
	return err
}
