package page_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// TestColoursCanBeRead holds the colours of text against those it stands on: a contrast of 4.5 (WCAG 2.1, 1.4.3).
func TestColoursCanBeRead(t *testing.T) {
	style, err := os.ReadFile("assets/page.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := 0
	for _, block := range regexp.MustCompile(`(?s)color-scheme: \w+;(.*?)\}`).FindAllStringSubmatch(string(style), -1) {
		themes++
		colours := map[string]float64{}
		for _, c := range regexp.MustCompile(`--(\w+): #(\w{6})`).FindAllStringSubmatch(block[1], -1) {
			colours[c[1]] = luminance(t, c[2])
		}
		for _, text := range []string{"text", "quiet", "link", "passed", "failed", "doubt", "na"} {
			for _, back := range []string{"back", "raised"} {
				if got := contrast(colours[text], colours[back]); got < 4.5 {
					t.Errorf("theme %d: got a contrast of %.2f of %s on %s, want 4.5", themes, got, text, back)
				}
			}
		}
		for _, back := range []string{"got", "want", "select"} {
			if got := contrast(colours["text"], colours[back]); got < 4.5 {
				t.Errorf("theme %d: got a contrast of %.2f of text on %s, want 4.5", themes, got, back)
			}
		}
	}
	if themes != 3 {
		t.Errorf("got %d lists of colours, want light, dark, and dark as chosen", themes)
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

func luminance(t *testing.T, code string) float64 {
	value, err := strconv.ParseUint(code, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift uint) float64 {
		c := float64(value>>shift&0xff) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
