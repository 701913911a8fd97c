// Package nearest finds the word somebody probably meant.
package nearest

import "strings"

// Word is the known word closest to a mistyped one, or "" when none is close: when more than half of it would have to
// change. Case, hyphens and underscores are looked through. Of equally close words the first wins.
func Word(word string, known []string) string {
	typed := plain(word)
	best, bestDistance := "", max(len(typed)/2, 1)+1
	for _, candidate := range known {
		if d := distance(typed, plain(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// Slip is the known word of which another is probably a slip, by much less than Word asks for: at most a third of it
// would have to change. "" where there is none, and for a known word.
func Slip(word string, known []string) string {
	near := Word(word, known)
	if near == word || distance(plain(word), plain(near)) > max(len(word)/3, 1) {
		return ""
	}
	return near
}

// longest is the length beyond which a text is no mistyped word any more.
const longest = 200

func plain(word string) []rune {
	return []rune(strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(word)))
}

// distance is the number of characters to insert, delete, replace or swap with their neighbour (optimal string
// alignment).
func distance(a, b []rune) int {
	if max(len(a), len(b)) > longest {
		return max(len(a), len(b))
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
