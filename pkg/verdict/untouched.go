package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// untouched are partitions that an application no longer has, and of which it had worked on no record. Of several
// applications it is the first.
type untouched struct {
	app        string
	partitions []int32
}

func (u *untouched) add(t *tenure, partition int32) {
	if u.app == "" {
		u.app = t.App
	}
	if t.App == u.app && !slices.Contains(u.partitions, partition) {
		u.partitions = append(u.partitions, partition)
	}
}

// text says what was missing, and what to do.
func (u *untouched) text(topic string) string {
	return fmt.Sprintf("%s had processed none of %s; let it process a record of each partition before that", u.app,
		partitionsOf(topic, u.partitions))
}

// partitionsOf names partitions of a topic: "orders partitions 2, 3".
func partitionsOf(topic string, partitions []int32) string {
	if len(partitions) == 1 {
		return fmt.Sprint(topic, " partition ", partitions[0])
	}
	return topic + " partitions " + strings.ReplaceAll(strings.Trim(fmt.Sprint(partitions), "[]"), " ", ", ")
}
