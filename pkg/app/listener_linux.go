package app

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// listener names the program that listens on a port of this machine; empty where it is not known, as of one of another
// user.
func listener(address string) string {
	_, text, _ := net.SplitHostPort(address)
	port, err := net.LookupPort("tcp", text)
	if err != nil || !isHere(address) {
		return ""
	}
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		lines, _ := os.ReadFile(table) // proc_pid_net(5): sl local rem state queues timer retransmits uid timeout inode
		for line := range strings.Lines(string(lines)) {
			const listening = "0A"
			fields := strings.Fields(line)
			if len(fields) < 10 || fields[3] != listening {
				continue
			}
			_, local, _ := strings.Cut(fields[1], ":")
			if at, err := strconv.ParseUint(local, 16, 16); err == nil && int(at) == port {
				sockets["socket:["+fields[9]+"]"] = true
			}
		}
	}
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, file := range files {
		if held, err := os.Readlink(file); err == nil && sockets[held] {
			pid := strings.Split(file, "/")[2]
			name, _ := os.ReadFile("/proc/" + pid + "/comm") // not its arguments, which may hold a password
			return fmt.Sprintf("process %s (%s)", pid, strings.TrimSpace(string(name)))
		}
	}
	return ""
}
