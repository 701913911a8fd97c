package nearest

import "testing"

func TestWord(t *testing.T) {
	known := []string{"addresses", "brokers", "kind", "server-name", "tls"}
	for _, c := range []struct{ typed, want string }{
		{"adresses", "addresses"},
		{"server_name", "server-name"},
		{"serverName", "server-name"},
		{"ikdn", "kind"},
		{"TLS", "tls"},
		{"x", ""},
		{"", ""},
		{"completely-different", ""},
	} {
		if got := Word(c.typed, known); got != c.want {
			t.Errorf("%q: got %q, want %q", c.typed, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
