//go:build !unix

package report

import "os"

// terminalWidth finds no terminal where there is no portable way to ask: the output is then plain text.
func terminalWidth(*os.File) (columns int, terminal bool) { return 0, false }
