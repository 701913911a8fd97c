package listen

import (
	"net"
	"strings"
	"testing"
)

func TestPlace(t *testing.T) {
	own := own()
	for _, c := range []struct {
		place  Place
		host   string
		beyond bool
	}{
		{Place{}, "127.0.0.1", false},
		{Place{Advertise: "localhost"}, "127.0.0.1", false},
		{Place{Advertise: "::1"}, "127.0.0.1", false},
		{Place{Listen: "::1"}, "::1", false},
		{Place{Advertise: "host.docker.internal"}, "0.0.0.0", true},
		{Place{Advertise: "203.0.113.7"}, "0.0.0.0", true},
		{Place{Advertise: "host.docker.internal", Listen: "localhost"}, "localhost", false},
		{Place{Listen: "0.0.0.0"}, "0.0.0.0", true},
	} {
		if got := c.place.Host(); got != c.host {
			t.Errorf("%+v: got host %q, want %q", c.place, got, c.host)
		}
		if c.place.Beyond() != c.beyond || (c.place.Warning() != "") != c.beyond {
			t.Errorf("%+v: got beyond %t and warning %q, want %t", c.place, c.place.Beyond(), c.place.Warning(), c.beyond)
		}
	}
	all := Place{Listen: "0.0.0.0", Advertise: "host.docker.internal"}
	if got := all.For(""); got != all {
		t.Errorf("got %+v, want that of all", got)
	}
	if got := all.For("kafka.test"); got != (Place{Listen: "0.0.0.0", Advertise: "kafka.test"}) {
		t.Errorf("got %+v, want another name at the same address", got)
	}
	if got := all.For("localhost"); got.Beyond() || got.Advertise != "localhost" {
		t.Errorf("got %+v, want the loopback address alone", got)
	}
	if net.ParseIP(own) != nil {
		if got := (Place{Advertise: own}).Host(); got != own {
			t.Errorf("got host %q for an address of this machine, want no other: %s", got, own)
		}
	}
}

func TestTold(t *testing.T) {
	at := func(host string) net.Addr { return &net.TCPAddr{IP: net.ParseIP(host), Port: 9092} }
	for _, c := range []struct {
		place    Place
		listener net.Addr
		want     string
	}{
		{Place{}, at("127.0.0.1"), "127.0.0.1:9092"},
		{Place{}, at("::1"), "[::1]:9092"},
		{Place{Advertise: "host.docker.internal"}, at("0.0.0.0"), "host.docker.internal:9092"},
		{Place{Advertise: "fd00::1"}, at("::"), "[fd00::1]:9092"},
		{Place{Listen: "0.0.0.0"}, at("0.0.0.0"), net.JoinHostPort(own(), "9092")},
	} {
		if got := c.place.Address(c.listener); got != c.want {
			t.Errorf("%+v at %s: got %s, want %s", c.place, c.listener, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, host := range []string{"host.docker.internal", "localhost", "10.0.0.1", "fd00::1", "my_service", "a.b.", "h"} {
		if err := CheckAdvertise(host); err != nil {
			t.Errorf("%s: got %v, want nothing", host, err)
		}
	}
	for host, want := range map[string]string{
		"host.docker.internal:9092": "without a port",
		"[::1]:9092":                "without a port",
		"http://host":               "a host alone",
		"":                          "got no host",
		"two words":                 "no name of a host",
		"-x.example.org":            "no name of a host",
		"a..b":                      "no name of a host",
		"1.2.3.456":                 "no address",
		"0.0.0.0":                   "nobody can connect to",
		"::":                        "nobody can connect to",
		strings.Repeat("a.", 130):   "no name of a host",
	} {
		if err := CheckAdvertise(host); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", host, err, want)
		}
	}
	for _, host := range []string{"0.0.0.0", "::", "127.0.0.1", "127.0.0.2", "localhost"} {
		if err := CheckListen(host); err != nil {
			t.Errorf("listen at %s: got %v, want nothing", host, err)
		}
	}
	if err := CheckListen("203.0.113.7"); err == nil || !strings.Contains(err.Error(), "no address of this machine") {
		t.Errorf("got %v, want that this machine has no such address", err)
	}
}
