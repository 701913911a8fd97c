package runner

import (
	"context"
	"runtime/pprof"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// databases opens what gives scenarios their databases when the first scenario needs one, once.
type databases struct {
	once    sync.Once
	backend database.Backend
	err     error
}

// database makes the database of a scenario.
func (r *run) database(ctx context.Context) (*database.Database, error) {
	r.databases.once.Do(func() {
		// A server that is started belongs to the run and not to the scenario that happens to need it first.
		pprof.Do(ctx, pprof.Labels(scenarioLabel, ""), func(ctx context.Context) {
			r.databases.backend, r.databases.err = database.New(context.WithoutCancel(ctx), r.params.Database, r.params.Progress)
		})
	})
	if r.databases.err != nil {
		r.noteEnvironment(r.databases.err)
		return nil, r.databases.err
	}
	return r.databases.backend.Open(ctx)
}

// closeDatabases ends what was started for them.
func (r *run) closeDatabases(ctx context.Context) error {
	if r.databases.backend == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, clusterPatience))
	defer cancel()
	return r.databases.backend.Close(ctx)
}

// readDatabase takes the choice of a database from the parameters, else from the profile.
func (r *run) readDatabase(profiled string) error {
	from := "--database: "
	if r.params.Database == "" {
		from, r.params.Database = "the profile's database: ", profiled
	}
	r.secrets = append(r.secrets, database.Secrets(r.params.Database)...)
	if strings.Contains(r.params.Database, ":") {
		r.environ.Database = r.params.Database // for applications of scenarios that do not look at it
	}
	if err := database.Check(r.params.Database); err != nil {
		return &InputError{[]Problem{{Text: from + err.Error()}}}
	}
	return nil
}
