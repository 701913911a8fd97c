package database

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// startPostgres starts a PostgreSQL server of our own from the programs that are installed here.
func startPostgres(ctx context.Context, progress io.Writer) (*schemas, error) {
	programs, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	folder, release, err := scratch.Folder("postgres")
	if err != nil {
		return nil, err
	}
	s := &postgresServer{programs: programs, server: server{kind: "PostgreSQL", folder: folder, release: release,
		troubles: postgresTroubles, quit: syscall.SIGQUIT}}
	return begin(ctx, progress, &s.server, programs, s.start)
}

// postgresServer ends by SIGQUIT, without a checkpoint: SIGKILL would leave its shared memory behind.
type postgresServer struct {
	server
	programs string // folder of initdb and postgres
}

// postgresTroubles: a process of the server died, and every connection was cut; its disk is full.
var postgresTroubles = regexp.MustCompile(
	`was terminated by signal|PANIC: |No space left on device|Disk quota exceeded`)

// FindPostgres returns the folder of the newest installation.
func FindPostgres() (string, error) {
	places, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian keeps the versions apart, and none of them in PATH
	slices.SortFunc(places, func(a, b string) int { return version(b) - version(a) })
	if found, err := exec.LookPath("initdb"); err == nil {
		if found, err = filepath.EvalSymlinks(found); err == nil {
			places = append([]string{filepath.Dir(found)}, places...)
		}
	}
	for _, place := range places {
		_, initErr := os.Stat(filepath.Join(place, "initdb"))
		_, serverErr := os.Stat(filepath.Join(place, "postgres"))
		if initErr == nil && serverErr == nil {
			return place, nil
		}
	}
	return "", outcome.Environmentf(exec.ErrNotFound, "cannot find PostgreSQL (initdb and postgres, in PATH or "+
		"/usr/lib/postgresql/*/bin); install it (Debian: apt-get install postgresql), "+
		"or give the address of a server: --database postgres://user:password@host:5432/database")
}

func version(folder string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	return n
}

func (s *postgresServer) start(ctx context.Context) (*schemas, error) {
	if err := s.leaveRoot("postgres", "nobody"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	data := filepath.Join(s.folder, "data")
	password := rand.Text()
	if err := s.initialise(ctx, data, password); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := s.launch(ctx, filepath.Join(s.programs, "postgres"), "-D", data, "-p", port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c",
		"shared_buffers=32MB", "-c", "dynamic_shared_memory_type=mmap"); err != nil { // in the folder, where it is swept
		return nil, err
	}
	address := url.URL{Scheme: "postgres", User: url.UserPassword(role, password),
		Host: net.JoinHostPort("127.0.0.1", port), Path: "/postgres", RawQuery: "sslmode=disable"}
	var found *schemas
	if err := s.untilConnected(ctx, func(ctx context.Context) (err error) {
		found, err = connect(ctx, address.String())
		return err
	}); err != nil {
		return nil, err
	}
	found.own = &s.server
	return found, nil
}

// initialise makes the folder of data. Nothing is synced to disk: a run's databases need not survive the machine.
// Nobody gets in without the password, which only this run knows.
func (s *postgresServer) initialise(ctx context.Context, data, password string) error {
	file := filepath.Join(s.folder, "password")
	if err := s.secretFile(file, password); err != nil {
		return err
	}
	argv := slices.Concat(s.as, []string{filepath.Join(s.programs, "initdb"), "-D", data, "-U", role,
		"--auth=scram-sha-256", "--pwfile=" + file, "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"})
	if lines, err := child.Ask(ctx, s.folder, argv[0], argv[1:]...); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(strings.Join(lines, "\n")))
	}
	return os.Remove(file)
}
