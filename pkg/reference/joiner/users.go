package joiner

import (
	"bytes"
	"cmp"
	"slices"
)

// Version is what was known of a user from one moment of event time on.
type Version struct {
	At      int64  `json:"at"` // ms of event time
	Value   []byte `json:"value,omitempty"`
	Removed bool   `json:"removed,omitempty"` // a tombstone: from here on there is no such user

	mergeable bool // the value is JSON
}

// compareVersions orders versions by event time. Two of one time have no order of their own, and which of them came
// first must not matter: the tombstone counts as the newer one, and else the greater value.
func compareVersions(a, b Version) int {
	if c := cmp.Compare(a.At, b.At); c != 0 {
		return c
	}
	if a.Removed != b.Removed {
		if a.Removed {
			return 1
		}
		return -1
	}
	return bytes.Compare(a.Value, b.Value)
}

// user is the versions of one user, oldest first.
type user struct {
	id       string
	versions []Version
	cut      bool // there were older ones, which are forgotten
	changed  bool // the changelog may not have it as it is
	stored   bool // the changelog has an entry of it
	dropped  bool // the partition does not know this user any more
}

// add puts a version in its place; false for one that is there already.
func (u *user) add(v Version) bool {
	if n := len(u.versions); n == 0 || u.versions[n-1].At < v.At { // so it is most of the time
		u.versions = append(u.versions, v)
	} else {
		i, found := slices.BinarySearchFunc(u.versions, v, compareVersions)
		if found {
			return false
		}
		u.versions = slices.Insert(u.versions, i, v)
	}
	return true
}

// tooOld tells of a time whose versions are forgotten: nobody knows any more what stood between it and the oldest that
// is left.
func (u *user) tooOld(at int64) bool {
	return u.cut && len(u.versions) > 0 && at < u.versions[0].At
}

// cutBefore forgets the versions that no payment at or after the horizon can need: all that are older than the one in
// force at the horizon. It tells whether there were any.
func (u *user) cutBefore(horizon int64) bool {
	n := 0
	for n+1 < len(u.versions) && u.versions[n+1].At <= horizon {
		n++
	}
	u.versions, u.cut = slices.Delete(u.versions, 0, n), u.cut || n > 0
	return n > 0
}

// inForce is the newest version that is not after the time: what was known of the user then.
func inForce(versions []Version, at int64) (Version, bool) {
	for i := len(versions) - 1; i >= 0; i-- { // most payments are newer than all versions
		if versions[i].At <= at {
			return versions[i], true
		}
	}
	return Version{}, false
}
