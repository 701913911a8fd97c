package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	serverPatience = time.Minute // for the folder of data to be made, and for the server to take connections
	endPatience    = 5 * time.Second
	role           = "kafkaspec"
)

// server is one of our own. It has a folder for temporary files, listens on the loopback address, and ends with close,
// and with this process however it ends.
type server struct {
	kind     string         // PostgreSQL, MariaDB
	troubles *regexp.Regexp // what one writes that goes on, and has failed nevertheless
	quit     syscall.Signal // ends it at once; 0: SIGKILL does, and leaves nothing behind but the folder
	folder   string
	release  func() error            // of the folder
	as       []string                // command that changes the user; servers refuse to run as root
	owner    func(file string) error // gives a file to that user; nil: it is ours already
	child    *child.Process
	log      child.Tail
}

// health is an error once the server is not what it was.
func (s *server) health() error {
	const shown = 10
	how := "has failed"
	switch last := strings.Join(s.log.Last(100), "\n"); {
	case !s.child.Lives():
		how = "ended " + s.child.How()
	case !s.troubles.MatchString(last):
		return nil
	}
	return outcome.Environmentf(nil, "the %s that kafkaspec started %s; it wrote last:\n  %s", s.kind, how,
		strings.Join(s.log.Last(shown), "\n  "))
}

// leaveRoot finds a user to run as, and gives it the folder.
func (s *server) leaveRoot(users ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	var someone *user.User
	for _, name := range users {
		if found, err := user.Lookup(name); err == nil {
			someone = found
			break
		}
	}
	if someone == nil {
		return fmt.Errorf("it refuses to run as root, and there is no user %s to run as; run kafkaspec as another user",
			strings.Join(users, " or "))
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

// begin carries out the start of a server from where it is installed. Of one that does not start nothing is left.
func begin[B any](ctx context.Context, progress io.Writer, s *server, from string,
	start func(context.Context) (B, error)) (B, error) {
	_, _ = fmt.Fprintf(progress, "starting %s from %s\n", s.kind, from)
	found, err := start(ctx)
	if err != nil {
		var none B
		return none, errors.Join(outcome.Environmentf(err, "cannot start %s from %s: %v", s.kind, from, err), s.close(ctx))
	}
	return found, nil
}

// launch starts the server's program.
func (s *server) launch(ctx context.Context, program string, arguments ...string) (err error) {
	argv := slices.Concat(s.as, []string{program}, arguments)
	s.child, err = child.Start(ctx, child.Spec{Path: argv[0], Args: argv[1:], Dir: s.folder, Stdout: &s.log,
		Stderr: &s.log, Grace: 5 * time.Second})
	return err
}

// untilConnected waits for the server to take connections.
func (s *server) untilConnected(ctx context.Context, try func(context.Context) error) error {
	return await.Until(ctx, await.Options{Within: serverPatience, What: s.kind + " to take connections"},
		func(ctx context.Context) (bool, error) {
			if s.child.Ended() {
				return false, await.Permanent(fmt.Errorf("it ended at once: %s", strings.Join(s.log.Last(20), "\n")))
			}
			err := try(ctx)
			return err == nil, err
		})
}

// secretFile writes a file that only the server's user can read.
func (s *server) secretFile(file, text string) error {
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil || s.owner == nil {
		return err
	}
	return s.owner(file)
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

// close ends the server at once: nothing of it is kept.
func (s *server) close(context.Context) error {
	var err error
	switch {
	case s.child == nil:
	case s.quit == 0:
		err = s.child.Kill()
	default:
		_ = s.child.Signal(s.quit) // it may have ended
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
