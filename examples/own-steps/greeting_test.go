package greeting_test

import (
	"testing"

	"example.org/greeting"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

var params = runner.Params{
	Paths:        []string{"features"},
	Steps:        []func(*steps.Registry){register},
	Applications: map[string]app.Func{"greeter": greeting.Greet},
}

func TestMain(m *testing.M) { runner.Main(m, params) }

func TestFeatures(t *testing.T) { runner.Run(t, params) }
