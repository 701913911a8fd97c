package main

import (
	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

type completionCommand struct {
	Shell string `arg:"" help:"bash, zsh or fish. Default: your login shell." enum:"bash,zsh,fish," default:""`
	Code  bool   `short:"c" help:"Print only the code that the shell runs."`
}

// Help stands below the first line of the command's help.
func (*completionCommand) Help() string {
	return "Prints a command. Run it to turn on completion in this shell, or put it into the shell's init file."
}

// Run prints what to do.
func (c *completionCommand) Run(parsed *kong.Context) error {
	return (&kongcompletion.Completion{Shell: c.Shell, Code: c.Code}).Run(parsed)
}
