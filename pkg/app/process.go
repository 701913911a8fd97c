package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// process is a run as a process.
type process struct {
	child   *child.Process
	release func() error // of the settings' folder
	over    chan struct{}
	err     error // of the supervision; valid after over
}

// launchProcess starts the command, or this executable again as the reference.
func (a *App) launchProcess(ctx context.Context, r *run) (life, error) {
	d := a.definition
	command, mark, err := d.command(a.env.Settings.places())
	if err != nil {
		return nil, err
	}
	if err := a.env.checkTopics(); err != nil {
		return nil, err
	}
	if err := writeFiles(a.env.Folder, d.Files); err != nil {
		return nil, err
	}
	settings, release, err := writeSettings(a.env.Settings)
	if err != nil {
		return nil, err
	}
	stdout, stderr := &lineWriter{emit: r.output.line}, &lineWriter{emit: r.output.line}
	c, err := child.Start(ctx, child.Spec{
		Path:   command[0],
		Args:   command[1:],
		Env:    slices.Concat(inherited(os.Environ()), unbuffered, a.env.Environ(settings), mark, d.Environ),
		Dir:    d.Dir,
		Stdout: stdout,
		Stderr: stderr,
		Grace:  d.Grace,
		End:    d.Stop.ends(),
	})
	if err != nil {
		return nil, errors.Join(unwatched(err), release())
	}
	p := &process{child: c, release: release, over: make(chan struct{})}
	go func() {
		<-c.Done()
		stdout.flush()
		stderr.flush()
		p.err = errors.Join(unwatched(c.Err()), release())
		close(p.over)
	}()
	return p, nil
}

// unwatched makes an error of the environment of one of the supervision: nobody can tell whether the application, the
// system for want of memory, or somebody else is to blame.
func unwatched(err error) error {
	if !errors.Is(err, child.ErrUnwatched) {
		return err
	}
	return outcome.Environmentf(err, "%v; look for what killed it, such as a want of memory, and run again", err)
}

// command gives what to run, and the mark that makes this executable an application.
func (d Definition) command(settingsPlaces string) (command, mark []string, err error) {
	if !d.AsProcess {
		return d.Command, nil, nil
	}
	if _, err := launched(d.Reference); err != nil {
		return nil, nil, fmt.Errorf("cannot run as a process: %w", err)
	}
	self, err := child.Executable()
	if err != nil {
		return nil, nil, err
	}
	return []string{self, "app", d.Reference}, []string{appVariable + "=" + d.Reference, envSettingsPlaces + "=" +
		settingsPlaces}, nil // the arguments are for people reading ps
}

// unbuffered has programs write their log lines at once though they write to a pipe.
var unbuffered = []string{"PYTHONUNBUFFERED=1"}

// writeFiles writes an application's files into its folder.
func writeFiles(folder string, files []File) error {
	for _, f := range files {
		name := filepath.Join(folder, f.Path)
		err := os.MkdirAll(filepath.Dir(name), 0o700)
		if err == nil {
			err = os.WriteFile(name, []byte(f.Content), 0o600)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w; check the folder for temporary files (TMPDIR)", f.Path, err)
		}
	}
	return nil
}

// writeSettings writes the file that APP_SETTINGS names; "" when there are no settings. The function deletes it.
func writeSettings(s Settings) (file string, release func() error, err error) {
	text := s.YAML()
	if len(text) == 0 {
		return "", func() error { return nil }, nil
	}
	folder, release, err := scratch.Folder("settings")
	if err != nil {
		return "", nil, fmt.Errorf("write settings: %w", err)
	}
	file = filepath.Join(folder, "settings.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", nil, errors.Join(fmt.Errorf("write settings: %w", err), release())
	}
	return file, release, nil
}

func (p *process) fields() map[string]string {
	return map[string]string{"as": "process", "pid": strconv.Itoa(p.child.PID())}
}

func (p *process) stop(ctx context.Context) error { return p.child.Stop(ctx) }
func (p *process) kill() error                    { return p.child.Kill() }
func (p *process) pause() error                   { return p.child.Pause() }
func (p *process) resume() error                  { return p.child.Resume() }
func (p *process) drain()                         { p.child.Drain() }
func (p *process) ended() <-chan struct{}         { return p.over }

func (p *process) end() State {
	code, signal := p.child.Exit()
	return State{Code: code, Signal: signal, Left: strings.Join(p.child.Left(), " and "), Err: p.err}
}
