package database

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	serverPatience = time.Minute // for initdb, and for the server to take connections
	endPatience    = 5 * time.Second
	role           = "kafkaspec"
)

// startServer starts a PostgreSQL server of our own from the programs that are installed here. It has a folder for
// temporary files, listens on the loopback address, and ends with Close, and with this process however it ends.
func startServer(ctx context.Context, progress io.Writer) (*schemas, error) {
	if progress == nil {
		progress = io.Discard
	}
	programs, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	folder, release, err := scratch.Folder("postgres")
	if err != nil {
		return nil, err
	}
	s := &server{programs: programs, folder: folder, release: release}
	_, _ = fmt.Fprintf(progress, "starting PostgreSQL from %s\n", programs)
	found, err := s.start(ctx)
	if err != nil {
		return nil, errors.Join(outcome.Environmentf(err, "cannot start PostgreSQL from %s: %v", programs, err), s.close(ctx))
	}
	return found, nil
}

// server is a PostgreSQL server of our own.
type server struct {
	programs string // folder of initdb and postgres
	folder   string
	release  func() error            // of the folder
	as       []string                // command that changes the user; PostgreSQL refuses to run as root
	owner    func(file string) error // gives a file to that user; nil: it is ours already
	child    *child.Process
	log      child.Tail
}

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

func (s *server) start(ctx context.Context) (*schemas, error) {
	if err := s.leaveRoot(); err != nil {
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
	if err := s.launch(ctx, data, port); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "postgres", User: url.UserPassword(role, password),
		Host: net.JoinHostPort("127.0.0.1", port), Path: "/postgres", RawQuery: "sslmode=disable"}
	var found *schemas
	err = await.Until(ctx, await.Options{Within: serverPatience, What: "PostgreSQL to take connections"},
		func(ctx context.Context) (bool, error) {
			if s.child.Ended() {
				return false, await.Permanent(fmt.Errorf("it ended at once: %s", strings.Join(s.log.Last(20), "\n")))
			}
			var err error
			found, err = connect(ctx, address.String())
			return err == nil, err
		})
	if err != nil {
		return nil, err
	}
	found.own = s
	return found, nil
}

// troubles are what a server writes that goes on, and has failed nevertheless: a process of it died, and every
// connection was cut; its disk is full.
var troubles = regexp.MustCompile(`was terminated by signal|PANIC: |No space left on device|Disk quota exceeded`)

// health is an error once the server is not what it was.
func (s *server) health() error {
	const shown = 10
	how := "has failed"
	switch last := strings.Join(s.log.Last(100), "\n"); {
	case s.child.Ended():
		how = "ended " + s.child.How()
	case !troubles.MatchString(last):
		return nil
	}
	return outcome.Environmentf(nil, "the PostgreSQL that kafkaspec started %s; it wrote last:\n  %s", how,
		strings.Join(s.log.Last(shown), "\n  "))
}

// leaveRoot finds a user to run as, and gives it the folder.
func (s *server) leaveRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	var someone *user.User
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			someone = found
			break
		}
	}
	if someone == nil {
		return errors.New("it refuses to run as root, and there is no user postgres or nobody to run as; run kafkaspec as " +
			"another user")
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		return fmt.Errorf("it refuses to run as root, and setpriv (util-linux) is not there to change the user: %w; run "+
			"kafkaspec as another user", err)
	}
	uid, _ := strconv.Atoi(someone.Uid)
	gid, _ := strconv.Atoi(someone.Gid)
	s.as = []string{setpriv, "--reuid=" + someone.Uid, "--regid=" + someone.Gid, "--clear-groups"}
	s.owner = func(file string) error { return os.Chown(file, uid, gid) }
	return s.owner(s.folder)
}

func (s *server) command(program string, arguments ...string) []string {
	return slices.Concat(s.as, []string{filepath.Join(s.programs, program)}, arguments)
}

// initialise makes the folder of data. Nothing is synced to disk: a run's databases need not survive the machine.
// Nobody gets in without the password, which only this run knows.
func (s *server) initialise(ctx context.Context, data, password string) error {
	file := filepath.Join(s.folder, "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		return err
	}
	if s.owner != nil {
		if err := s.owner(file); err != nil {
			return err
		}
	}
	argv := s.command("initdb", "-D", data, "-U", role, "--auth=scram-sha-256", "--pwfile="+file, "-E", "UTF8",
		"--locale=C", "--no-sync", "--no-instructions")
	if lines, err := child.Ask(ctx, s.folder, argv[0], argv[1:]...); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(strings.Join(lines, "\n")))
	}
	return os.Remove(file)
}

func (s *server) launch(ctx context.Context, data, port string) error {
	argv := s.command("postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c",
		"unix_socket_directories=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c",
		"shared_buffers=32MB", "-c", "dynamic_shared_memory_type=mmap") // in the folder, where it is swept
	process, err := child.Start(ctx, child.Spec{Path: argv[0], Args: argv[1:], Dir: s.folder, Stdout: &s.log,
		Stderr: &s.log, Grace: 5 * time.Second})
	s.child = process
	return err
}

// freePort is one that nobody listens on now.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// close ends the server at once, without a checkpoint: nothing of it is kept. SIGKILL would leave its shared memory
// behind.
func (s *server) close(context.Context) error {
	var err error
	if s.child != nil {
		_ = s.child.Signal(syscall.SIGQUIT) // it may have ended
		late := time.NewTimer(endPatience)
		defer late.Stop()
		select {
		case <-s.child.Done():
		case <-late.C:
			err = s.child.Kill()
		}
	}
	return errors.Join(err, s.release())
}
