package child

import (
	"context"
	"os/exec"
	"time"
)

// Ask runs a program that says something and ends, in a folder; "" is the present one. It returns the last lines that
// the program wrote, to either output, in bounded memory. It does not wait for what the program has started.
func Ask(ctx context.Context, folder, path string, arguments ...string) (lines []string, err error) {
	var said Tail
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir, command.Stdout, command.Stderr, command.WaitDelay = folder, &said, &said, time.Second
	err = command.Run()
	return said.Last(mostLines), err
}

// mostLines is how many lines a message can use.
const mostLines = 20
