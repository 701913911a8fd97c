package bench

import (
	"fmt"
	"strings"
	"time"
)

// Lines are what people are told of the shares; none where it is no merged result.
func (s *Sum) Lines() (list [][2]string) {
	if s == nil {
		return nil
	}
	list = append(list, [2]string{"shares", fmt.Sprintf("%d of %d, to begin at %s; %s", len(s.Merged), s.Count,
		s.Begin.UTC().Format(time.RFC3339), s.clocks())})
	for _, one := range s.Missing {
		list = append(list, [2]string{"NOT WHOLE", one})
	}
	return list
}

// clocks says how far apart the clocks of the shares are.
func (s *Sum) clocks() string {
	var least, most *Clock
	within := time.Duration(0)
	for _, share := range s.Merged {
		switch c := share.Clock; {
		case c == nil:
			return fmt.Sprintf("the clock of share %d/%d was not compared", share.Index+1, s.Count)
		case c.Unknown != "":
			return fmt.Sprintf("the clock of share %d/%d could not be compared: %s", share.Index+1, s.Count, c.Unknown)
		default:
			within = max(within, c.Within)
			if least == nil || c.Ahead < least.Ahead {
				least = c
			}
			if most == nil || c.Ahead > most.Ahead {
				most = c
			}
		}
	}
	return fmt.Sprintf("their clocks differ by %s, give or take %s, and latencies from one to another by as much",
		(most.Ahead - least.Ahead).Round(10*time.Microsecond), (2 * within).Round(10*time.Microsecond))
}

func joined(words []string) string {
	if len(words) == 0 {
		return "none was named"
	}
	return strings.Join(words, "; ")
}
