package app

// Ports that the application is to listen on, and that somebody else has: what answers there would be taken for it.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// PortTakenError says that another program listens where the application is to. That is not the application's fault.
type PortTakenError struct {
	Application string
	Address     string // host:port
	Listener    string // the program; empty where it is not known
}

func (e *PortTakenError) Error() string {
	who := e.Listener
	if who == "" {
		_, port, _ := net.SplitHostPort(e.Address)
		who = fmt.Sprintf("another program (ss -ltnp 'sport = :%[1]s' names it, on macOS lsof -i :%[1]s)", port)
	}
	return fmt.Sprintf("application %q: want %s free for it, and %s listens there already; stop that, or give the "+
		"application another port, such as ${port.http}", e.Application, e.Address, who)
}

// free refuses a start while something else listens on a port of the application: it would look like readiness, and be
// asked in its place.
func (d Definition) free(ctx context.Context) error {
	if d.Ready.TCP != "" {
		if _, _, err := net.SplitHostPort(d.Ready.TCP); err != nil {
			return fmt.Errorf("application %q: ready condition: %w; write host:port, as in localhost:8080", d.Name, err)
		}
	}
	if _, ok := hostAndPort(d.Ready.HTTP); !ok && d.Ready.HTTP != "" {
		return fmt.Errorf("application %q: ready condition: got %q, want a URL as in http://localhost:8080/health", d.Name,
			d.Ready.HTTP)
	}
	addresses, asked := d.addresses()
	if isHere(asked) { // elsewhere it may be asked through something
		addresses = append(addresses, asked)
	}
	for _, address := range addresses {
		if taken(ctx, address) {
			return &PortTakenError{d.Name, address, listener(address)}
		}
	}
	return nil
}

// Listens are the ports of this machine that are known before the start, each once: those of its ready conditions, and
// where it is asked.
func (d Definition) Listens() (ports []string) {
	ready, asked := d.addresses()
	for _, address := range append(ready, asked) {
		_, name, _ := net.SplitHostPort(address)
		if port, err := net.LookupPort("tcp", name); err == nil && port > 0 { // else the scenario chooses it
			ports = append(ports, strconv.Itoa(port))
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// addresses are those of the ready conditions, and where the application is asked, as far as they say so.
func (d Definition) addresses() (ready []string, asked string) {
	if d.Ready.TCP != "" {
		ready = append(ready, d.Ready.TCP)
	}
	if address, ok := hostAndPort(d.Ready.HTTP); ok {
		ready = append(ready, address)
	}
	asked, _ = hostAndPort(d.HTTP)
	return ready, asked
}

// hostAndPort is where the server of a URL listens; false where it is no URL of HTTP.
func hostAndPort(address string) (string, bool) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return "", false
	}
	return net.JoinHostPort(parsed.Hostname(), cmp.Or(parsed.Port(), parsed.Scheme)), true
}

// isHere tells whether an address is one of this machine by its name alone.
func isHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip.IsLoopback() || ip.IsUnspecified())
}

// taken tells whether somebody takes connections at an address or, on this machine, keeps others from listening there.
func taken(ctx context.Context, address string) bool {
	if listens(ctx, address) {
		return true
	}
	if !isHere(address) {
		return false
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return errors.Is(err, syscall.EADDRINUSE)
	}
	_ = listener.Close()
	return false
}

// inUse finds lines of programs that could not listen, and the port where they name it.
var (
	inUse = regexp.MustCompile(`(?i)address already in use|EADDRINUSE|port \d+ (is|was) already in use|` +
		`address already bound|Only one usage of each socket address`)
	portIn = regexp.MustCompile(`(?i)(?::|port[ =:]+)(\d{2,5})\b`)
)

// CouldNotListen is an error where an application that has ended wrote last that a port is in use, and somebody still
// listens there. One that listens twice has nobody there once it has ended.
func (a *App) CouldNotListen(ctx context.Context) error {
	const last = 30
	for _, line := range a.LastLines(last) {
		if !inUse.MatchString(line) {
			continue
		}
		for _, found := range portIn.FindAllStringSubmatch(line, -1) {
			port, err := strconv.Atoi(found[1])
			address := net.JoinHostPort("localhost", strings.TrimLeft(found[1], "0"))
			if err == nil && port > 0 && port < 1<<16 && taken(ctx, address) {
				return &PortTakenError{a.definition.Name, address, listener(address)}
			}
		}
	}
	return nil
}
