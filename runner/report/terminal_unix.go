//go:build unix

package report

import (
	"os"

	"golang.org/x/sys/unix"
)

// terminalWidth is how many columns the terminal behind the file has, and whether there is one.
func terminalWidth(file *os.File) (columns int, terminal bool) {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}
