// Command kafkaspec runs feature files that say how an application of Kafka must behave.
//
// Exit codes: 0 everything passed, 1 a scenario did not, 2 the input is wrong, 3 the environment is (a cluster that
// cannot be reached, no Java), 130 interrupted.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-sql-driver/mysql"   // for --database mysql
	_ "github.com/jackc/pgx/v5/stdlib" // for --database postgres
	_ "modernc.org/sqlite"             // for --database sqlite

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	_ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf" // for schemas of that type
)

func main() {
	_ = mysql.SetLogger(&mysql.NopLogger{}) // a connection that was cut is an error where it is used; nil: there is one
	app.Main(reference.Lookup)              // does not return where this process was started as an application under test
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command without its process. The first signal ends a run in order, a second one at once; what was started
// ends with the process in either case.
func run(arguments []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	// An output that was closed is an error like any other: the reports are still written.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return execute(arguments, &console{ctx: ctx, stdout: stdout, stderr: stderr})
}
