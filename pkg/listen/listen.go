// Package listen says where kafkaspec listens for an application, and by which name the application finds it there: one
// on this machine by the loopback address, one in a container by a name or an address of the machine.
package listen

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strings"
)

// Loopback is where kafkaspec listens unless it is told otherwise.
const Loopback = "127.0.0.1"

// everywhere are all addresses of this machine.
const everywhere = "0.0.0.0"

// Place is how an application gets to this machine. The zero Place is the loopback address.
type Place struct {
	Listen    string // address of this machine to listen at, without a port; "": what Advertise needs
	Advertise string // host that the application is told; "": the address that is listened at
}

// For is the place of an application that is told a host of its own; "": it is told that of all.
func (p Place) For(host string) Place {
	if p.Advertise = cmp.Or(host, p.Advertise); isLoopback(host) {
		p.Listen = ""
	}
	return p
}

// Host is the address to listen at: that of Listen; else Advertise where that is an address of this machine; else all
// addresses of this machine, since a name such as host.docker.internal does not say which it leads to.
func (p Place) Host() string {
	switch {
	case p.Listen != "":
		return p.Listen
	case p.Advertise == "" || isLoopback(p.Advertise):
		return Loopback
	case isOwn(p.Advertise):
		return p.Advertise
	}
	return everywhere
}

// Told is the host that the application is told of a listener.
func (p Place) Told(listener net.Addr) string {
	if p.Advertise != "" {
		return p.Advertise
	}
	host, _, _ := net.SplitHostPort(listener.String()) // an address has both
	address, err := netip.ParseAddr(host)
	if err == nil && address.IsUnspecified() {
		return own()
	}
	return cmp.Or(address.Unmap().WithZone("").String(), host)
}

// Address is host:port that the application is told of a listener.
func (p Place) Address(listener net.Addr) string {
	_, port, _ := net.SplitHostPort(listener.String())
	return net.JoinHostPort(p.Told(listener), port)
}

// Beyond says whether others than programs of this machine can come in.
func (p Place) Beyond() bool { return !isLoopback(p.Host()) }

// Warning says who can come in to a place beyond this machine, and what clients are told; "" for the loopback address.
func (p Place) Warning() string {
	if !p.Beyond() {
		return ""
	}
	at := p.Host()
	if address, err := netip.ParseAddr(at); err == nil && address.IsUnspecified() {
		at = "all its addresses"
	}
	return fmt.Sprintf("warning: listens beyond this machine, at %s, without a password: whoever reaches it can read and "+
		"write; clients are told %s", at, cmp.Or(p.Advertise, own()))
}

// own is an address by which other machines may reach this one: of a network, or else its name.
func own() string {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	name, err := os.Hostname()
	if err != nil {
		return Loopback
	}
	return name
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.Unmap().IsLoopback()
}

// isOwn says whether this machine has the address.
func isOwn(host string) bool {
	address := net.ParseIP(host)
	all, _ := net.InterfaceAddrs()
	for _, a := range all {
		if network, ok := a.(*net.IPNet); ok && address != nil && network.IP.Equal(address) {
			return true
		}
	}
	return false
}

// label is a part of a host's name. Docker Compose lets names of services have an underscore.
var label = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

// CheckAdvertise is nil for a host that applications can be told.
func CheckAdvertise(host string) error {
	if address, err := netip.ParseAddr(host); err == nil && address.IsUnspecified() {
		return fmt.Errorf("got %q, which nobody can connect to, want a name or an address by which the application "+
			"reaches this machine", host)
	}
	return checkHost(host)
}

// CheckListen is nil for a host at which this machine can listen, as far as that is known without trying.
func CheckListen(host string) error {
	if err := checkHost(host); err != nil {
		return err
	}
	address, err := netip.ParseAddr(host)
	if host == "localhost" || err == nil && (address.IsUnspecified() || address.IsLoopback() || isOwn(host)) {
		return nil
	}
	return fmt.Errorf("got %q, which is no address of this machine, want one that ip address shows, or 0.0.0.0 for all",
		host)
}

func checkHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if strings.Contains(host, "://") {
		return fmt.Errorf("got %q, want a host alone, such as host.docker.internal", host)
	}
	if _, port, err := net.SplitHostPort(host); err == nil && port != "" {
		return fmt.Errorf("got %q, want a host without a port: each application is given free ports of its own", host)
	}
	name := strings.TrimSuffix(host, ".")
	if name == "" {
		return errors.New("got no host, want one such as host.docker.internal")
	}
	for part := range strings.SplitSeq(name, ".") {
		if !label.MatchString(part) || len(name) > 253 {
			return fmt.Errorf("got %q, which is no name of a host, want one such as host.docker.internal, or an address",
				host)
		}
	}
	if strings.Trim(name, "0123456789.") == "" {
		return fmt.Errorf("got %q, which is no address, want four numbers up to 255, or a name", host)
	}
	return nil
}
