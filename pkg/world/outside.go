package world

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// Outside gives a program that kafkaspec does not run its way to the cluster, through the wire and under a name that
// fault steps know. It listens at the place, at the ports for as many brokers as there are; the others have free ports.
// What is returned are the bootstrap servers.
func (w Scenario) Outside(ctx context.Context, name string, place listen.Place, ports ...int) ([]string, error) {
	proxy, err := w.wire(ctx)
	if err != nil {
		return nil, err
	}
	link, err := proxy.ApplicationAt(name, place, ports...)
	if err != nil {
		return nil, fmt.Errorf("put the wire between %q and the cluster: %w", name, err)
	}
	return link.Bootstrap(), nil
}
