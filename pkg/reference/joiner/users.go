package joiner

import (
	"bytes"
	"cmp"
	"slices"
)

// Version is what was known of a user from one moment of event time on.
type Version struct {
	At      int64 // ms of event time
	Value   []byte
	Removed bool // a tombstone: from here on there is no such user

	mergeable bool   // the value is JSON
	stored    bool   // the changelog has it
	sum       uint64 // hash of the value, once it is stored
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
	id        string
	versions  []Version
	cut       bool // there were older ones, which are forgotten
	cutStored bool // the changelog has that
	changed   bool // something may not be in the changelog yet
	dropped   bool // the partition does not know this user any more

	few [2]Version // the memory of versions, for most users: in one place with the rest
}

func newUser(id string) *user {
	u := &user{id: id}
	u.versions = u.few[:0]
	return u
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
	if len(u.versions) == len(u.few)+1 { // they have moved
		u.few = [len(u.few)]Version{}
	}
	return true
}

// tooOld tells of a time whose versions are forgotten: nobody knows any more what stood between it and the oldest that
// is left.
func (u *user) tooOld(at int64) bool {
	return u.cut && len(u.versions) > 0 && at < u.versions[0].At
}

// cutBefore forgets the versions that no payment at or after the horizon can need: all that are older than the one in
// force at the horizon. It tells of each that goes.
func (u *user) cutBefore(horizon int64, goes func(*user, Version)) {
	n := 0
	for n+1 < len(u.versions) && u.versions[n+1].At <= horizon {
		n++
	}
	if n == 0 {
		return
	}
	for _, old := range u.versions[:n] {
		goes(u, old)
	}
	u.versions, u.cut = slices.Delete(u.versions, 0, n), true
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
