package world

// What an application has said to the cluster, as the wire saw it.

import (
	"maps"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// contact is what the wire has told of an application.
type contact struct {
	connected  bool
	fetched    bool              // it has asked for records
	joined     map[string]string // by group: what the last answer refused it with; empty for nothing
	given      map[string]given  // by group: what it was first given there
	left       time.Duration     // when it last asked to leave a group, and joined none since; 0 for never
	subscribed []string
	asked      map[string]bool // for topics: whether the cluster has them
	askedAll   bool            // for all topics there are
	sought     map[string]bool // groups whose coordinator it asked for
	foreign    map[string]bool // those of them whose names are none of the scenario
	reached    map[read]reach  // without the application
	besides    besides         // consumers that are no members
	secured    string          // what it does for its security that it was told not to do
}

// given is what a group has given to an application, and when.
type given struct {
	partitions []journal.TopicPartitions
	at         time.Duration
}

// meet takes note of what an application says. The caller holds the world's lock.
func (c *contact) meet(f *journal.Fact) {
	c.follow(f)
	c.besides.sees(f)
	if f.Kind == journal.AskedFor {
		c.asksFor(f)
		return
	}
	if f.Kind == journal.Note && (f.Text == journal.SpokeTLS || f.Text == journal.SpokeSASL) {
		c.secured = f.Text
		return
	}
	switch d := f.Detail.(type) {
	case *journal.Connection:
		c.connected = c.connected || d.Open && f.Error == ""
	case *journal.Fetch:
		c.fetched = true
	case *journal.Membership:
		if c.joined == nil {
			c.joined = map[string]string{}
		}
		refused := f.Error
		if d.Code == kerr.MemberIDRequired.Code || d.Code == kerr.RebalanceInProgress.Code {
			refused = ""
		}
		c.joined[f.Group] = refused
		switch {
		case d.Leaving && f.Request != nil:
			c.left = f.Request.Sent
		case d.Joining || f.Request != nil && f.Request.API == "JoinGroup":
			c.left = 0
		}
		if _, had := c.given[f.Group]; !had && len(d.Assigned) > 0 && refused == "" && f.Request != nil {
			if c.given == nil {
				c.given = map[string]given{}
			}
			c.given[f.Group] = given{d.Assigned, f.Request.Answered}
		}
		if d.Subscribed != nil {
			c.subscribed = d.Subscribed
		}
	}
}

// asksFor takes note of topics and groups that an application asks for.
func (c *contact) asksFor(f *journal.Fact) {
	if f.Error != "" {
		return
	}
	if c.asked == nil {
		c.asked, c.sought, c.foreign = map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	switch {
	case f.Group != "":
		c.sought[f.Group] = true
		if f.Text == journal.ForeignName {
			c.foreign[f.Group] = true
		}
	case f.Topic == "":
		c.askedAll = true
	default:
		c.asked[f.Topic] = f.Count > 0
	}
}

// met returns what is known from the wire of an application; false where it does not go through it.
func (a *Application) met() (seen contact, wired bool) {
	a.world.mu.Lock()
	defer a.world.mu.Unlock()
	seen = a.contact
	seen.joined, seen.asked = maps.Clone(seen.joined), maps.Clone(seen.asked)
	seen.sought, seen.given = maps.Clone(seen.sought), maps.Clone(seen.given)
	return seen, a.world.proxy != nil && a.throughWire()
}
