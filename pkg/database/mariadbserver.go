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
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// startMariaDB starts a MariaDB server of our own from the programs that are installed here.
func startMariaDB(ctx context.Context, progress io.Writer) (*catalogs, error) {
	program, install, err := findMariaDB(ctx)
	if err != nil {
		return nil, err
	}
	folder, release, err := scratch.Folder("mariadb")
	if err != nil {
		return nil, err
	}
	s := &mariaServer{program: program, install: install, server: server{kind: "MariaDB", folder: folder,
		release: release, troubles: mariaTroubles}}
	return begin(ctx, progress, &s.server, program, s.start)
}

type mariaServer struct {
	server
	program string // mariadbd, or mysqld where it is called that
	install string // mariadb-install-db
}

// mariaTroubles: its disk is full, and it waits for somebody to make room.
var mariaTroubles = regexp.MustCompile(`got signal \d|No space left on device|Disk is full|Disk quota exceeded`)

// mariaFolders hold the programs where they are not in PATH: Debian has the server among the administrator's.
var mariaFolders = []string{"/usr/sbin", "/usr/bin", "/usr/libexec", "/usr/local/sbin", "/usr/local/bin",
	"/usr/local/mysql/bin", "/usr/local/mysql/scripts", "/opt/homebrew/bin"}

// FindMariaDB returns the server's program.
func FindMariaDB(ctx context.Context) (string, error) {
	program, _, err := findMariaDB(ctx)
	return program, err
}

func findMariaDB(ctx context.Context) (program, install string, err error) {
	const advice = "install it (Debian: apt-get install mariadb-server), or give the address of a server: " +
		"--database mysql://user:password@host:3306/database"
	other := ""
	for _, name := range []string{"mariadbd", "mysqld"} {
		for _, found := range installed(name) {
			lines, err := child.Ask(ctx, "/", found, "--no-defaults", "--version")
			if err == nil && strings.Contains(strings.Join(lines, " "), "MariaDB") {
				program = found
				break
			}
			other = found
		}
		if program != "" {
			break
		}
	}
	installs := append(installed("mariadb-install-db"), installed("mysql_install_db")...)
	switch {
	case program != "" && len(installs) > 0:
		return program, installs[0], nil
	case program != "":
		return "", "", outcome.Environmentf(exec.ErrNotFound, "found MariaDB (%s) without mariadb-install-db, which makes "+
			"its folder of data; %s", program, advice)
	case other != "":
		return "", "", outcome.Environmentf(exec.ErrNotFound, "%s is not MariaDB's, and kafkaspec starts no other; %s",
			other, advice)
	}
	return "", "", outcome.Environmentf(exec.ErrNotFound, "cannot find MariaDB (mariadbd or mysqld, in PATH, %s); %s",
		strings.Join(mariaFolders, ", "), advice)
}

// installed are the programs of a name, in PATH and the usual folders.
func installed(name string) (found []string) {
	if path, err := exec.LookPath(name); err == nil {
		found = append(found, path)
	}
	for _, folder := range mariaFolders {
		path, err := exec.LookPath(filepath.Join(folder, name))
		if err == nil && !slices.Contains(found, path) {
			found = append(found, path)
		}
	}
	return found
}

func (s *mariaServer) start(ctx context.Context) (*catalogs, error) {
	if err := s.leaveRoot("mysql", "nobody"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	data, password := filepath.Join(s.folder, "data"), rand.Text()
	// Nothing is synced to disk: a run's databases need not survive the machine.
	shared := []string{"--no-defaults", "--datadir=" + data, "--tmpdir=" + s.folder, "--innodb-flush-method=nosync",
		"--innodb-doublewrite=0", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M"}
	argv := slices.Concat(s.as, []string{s.install}, shared, []string{"--auth-root-authentication-method=normal",
		"--skip-test-db"})
	if lines, err := child.Ask(ctx, s.folder, argv[0], argv[1:]...); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(s.install), err, strings.TrimSpace(strings.Join(lines, "\n")))
	}
	users := filepath.Join(s.folder, "users.sql")
	if err := s.secretFile(users, onlyUser(password)); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := s.launch(ctx, s.program, append(shared, "--port="+port, "--bind-address=127.0.0.1",
		"--socket="+filepath.Join(s.folder, "socket"), "--pid-file="+filepath.Join(s.folder, "pid"),
		"--init-file="+users, "--innodb-flush-log-at-trx-commit=0", "--innodb-use-native-aio=0", "--skip-log-bin",
		"--skip-name-resolve", "--performance-schema=OFF", "--max-connections=200",
		"--character-set-server=utf8mb4")...); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: MySQL, User: url.UserPassword(role, password), Host: net.JoinHostPort("127.0.0.1", port),
		Path: "/mysql"}
	var found *catalogs
	if err := s.untilConnected(ctx, func(ctx context.Context) (err error) {
		found, err = connectMySQL(ctx, address.String())
		return err
	}); err != nil {
		return nil, err
	}
	found.own = &s.server
	return found, os.Remove(users)
}

// onlyUser makes the only user who gets in, with a password that only this run knows. The server takes no connection
// before it has run this.
func onlyUser(password string) string {
	return "CREATE USER '" + role + "'@'%' IDENTIFIED BY '" + password + "';\n" +
		"GRANT ALL ON *.* TO '" + role + "'@'%' WITH GRANT OPTION;\n" +
		"DELETE FROM mysql.global_priv WHERE User NOT IN ('" + role + "', 'mariadb.sys');\n" +
		"FLUSH PRIVILEGES;\n"
}
