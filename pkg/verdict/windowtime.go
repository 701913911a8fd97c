package verdict

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Tasks whose partitions have a stream time in common. In which order the partitions were read cannot be seen, so an
// order is looked for in which each event that was set aside was late, and each other one in time. It is found step by
// step: what moves stream time no further is read at once, as soon as it may, and else what moves it least. Whatever
// order there is, reading such an event earlier leaves it one, since stream time only grows; so if this finds none,
// there is none.
//
// Stream time matters only where a window closes, so it is counted in windows: closed is the number of the last window
// that has closed.

// stretch is part of a partition, read in one go.
type stretch struct {
	late   bool
	closed int64 // in time: the last window that its events close
	window int64 // the first window that must not have closed before it; late: the one that must have
	at     setAsidePlace
}

// setAsidePlace is the event that a stretch is judged by.
type setAsidePlace struct {
	offset, time, end int64
}

// closedBy is the number of the last window that has closed at a stream time.
func (w *Windows) closedBy(stream int64) int64 {
	if stream == noTime {
		return noTime
	}
	size := w.rules.Size.Milliseconds()
	at := stream - w.rules.Grace.Milliseconds()
	return (at-floorMod(at, size))/size - 1
}

// merges tells whether partitions have a stream time in common.
func (w *Windows) merges() bool { return w.rules.Stream == PerTask || w.rules.Stream == Global }

// group is the number of the task that a partition belongs to.
func (w *Windows) group(partition int32) int {
	switch w.rules.Stream {
	case Global:
		return 0
	case PerTask:
		for i, task := range w.rules.Tasks {
			if slices.Contains(task, partition) {
				return -1 - i
			}
		}
	}
	return int(partition)
}

// remember keeps what the order of partitions is found by.
func (w *Windows) remember(p *windowPartition, offset, at, before int64, aside bool) {
	size := w.rules.Size.Milliseconds()
	start := at - floorMod(at, size)
	s := stretch{late: aside, window: start / size, closed: w.closedBy(p.stream),
		at: setAsidePlace{offset, at, start + size}}
	if last := len(p.order) - 1; last >= 0 && !aside && !p.order[last].late && p.order[last].closed == s.closed {
		if s.window < p.order[last].window {
			p.order[last].window, p.order[last].at = s.window, s.at
		}
		return
	}
	if aside { // a late event moves stream time no further than it is; one that is not late must not be found to
		p.stream = before
	}
	p.order = append(p.order, s)
}

// judgeOrder looks for an order of reading for each task.
func (w *Windows) judgeOrder(found *collector) {
	tasks := map[int][]int32{}
	for _, number := range slices.Sorted(maps.Keys(w.partitions)) {
		tasks[w.group(number)] = append(tasks[w.group(number)], number)
	}
	for _, number := range slices.Sorted(maps.Keys(tasks)) {
		w.merge(found, tasks[number])
	}
}

// merge reads the partitions of a task in the best order there is.
func (w *Windows) merge(found *collector, partitions []int32) {
	closed, next := int64(noTime), make([]int, len(partitions))
	head := func(i int) *stretch {
		if order := w.partitions[partitions[i]].order; next[i] < len(order) {
			return &order[next[i]]
		}
		return nil
	}
	for {
		free, least, wait := -1, -1, -1
		for i := range partitions {
			switch s := head(i); {
			case s == nil:
			case s.late && closed >= s.window, !s.late && s.closed <= closed:
				free = i
			case s.late && (wait < 0 || s.window < head(wait).window):
				wait = i
			case !s.late && (least < 0 || s.closed < head(least).closed):
				least = i
			}
		}
		switch {
		case free >= 0:
			if s := head(free); !s.late && closed >= s.window {
				w.foundIn(found, NotSetAside, partitions[free], s, closed)
			}
			next[free]++
		case least >= 0:
			closed = head(least).closed
			next[least]++
		case wait >= 0:
			w.foundIn(found, SetAsideInTime, partitions[wait], head(wait), closed)
			next[wait]++
		default:
			return
		}
	}
}

// foundIn tells of an event that no order of reading explains.
func (w *Windows) foundIn(found *collector, kind string, partition int32, s *stretch, closed int64) {
	f := w.keys.name(Finding{Kind: kind, Topic: w.input, Partition: partition, Offset: s.at.offset}, s.at.offset)
	until := instant(s.at.end + w.rules.Grace.Milliseconds())
	if kind == SetAsideInTime {
		found.add(f, "of %s, and in no order of reading was stream time at %s before it", instant(s.at.time), until)
		return
	}
	found.add(f, "of %s and late, as stream time was at %s before it in every order of reading; it is not in %s",
		instant(s.at.time), until, w.late)
}

// closes returns the stream time that closes the windows of a group of partitions, and whose it is.
func (w *Windows) closes() func(group int) (at int64, whose string) {
	if w.rules.Stream == "" || w.rules.Stream == SlowestPartition {
		at, slowest := w.watermark()
		return func(int) (int64, string) { return at, fmt.Sprintf("partition %d", slowest) }
	}
	streams := map[int]int64{}
	for number, p := range w.partitions {
		group := w.group(number)
		if _, known := streams[group]; !known {
			streams[group] = noTime
		}
		streams[group] = max(streams[group], p.stream)
	}
	return func(group int) (int64, string) {
		switch {
		case w.rules.Stream == Global:
			return streams[group], "stream time"
		case group < 0:
			return streams[group], fmt.Sprintf("the task of partitions %v", w.rules.Tasks[-1-group])
		}
		return streams[group], fmt.Sprintf("partition %d", group)
	}
}

// watermark is the stream time of the slowest partition that is not idle, and which one that is.
func (w *Windows) watermark() (at int64, slowest int32) {
	fastest := int64(noTime)
	for _, p := range w.partitions {
		fastest = max(fastest, p.stream)
	}
	at, slowest = math.MaxInt64, -1
	for _, number := range slices.Sorted(maps.Keys(w.partitions)) {
		p := w.partitions[number]
		if active := p.stream != noTime && fastest-p.stream <= w.rules.IdleAfter.Milliseconds(); active && p.stream < at {
			at, slowest = p.stream, number
		}
	}
	if slowest < 0 {
		return noTime, slowest
	}
	return at, slowest
}
