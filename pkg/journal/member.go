package journal

// What a line says of members of groups.

func (c *Commit) String() string {
	short := *c
	short.Member = shortMember(c.Member)
	return said(&short)
}

// String leaves out what is the same for all consumers, and what only programs read.
func (m *Membership) String() string {
	short := *m
	if short.Reason = ""; short.ProtocolType == "consumer" {
		short.ProtocolType = ""
	}
	short.Member = shortMember(m.Member)
	return said(&short)
}

// shortMember is the end of a member's id, which is the client's id with a UUID behind it.
func shortMember(id string) string {
	const most, end = 24, 8
	if len(id) > most {
		return "…" + id[len(id)-end:]
	}
	return id
}
