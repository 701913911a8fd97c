package wire

import "encoding/binary"

// directory is what rewriting needs and what it learns on the way.
type directory interface {
	// replace remembers where a broker is and returns the address the application gets for it.
	replace(node int32, host string, port int32) (string, int32)
	// topicSeen remembers the name behind a topic id (KIP-516).
	topicSeen(id [16]byte, name string)
}

// rewriting walks the body of one response and collects what has to change in it.
type rewriting struct {
	cursor
	version  int16
	flexible bool
	to       directory
	patches  []patch
}

// rewrittenFrom is the first version of an API whose responses carry something to rewrite: addresses of brokers, or, in
// ApiVersions, versions the wire cannot read.
func rewrittenFrom(key int16) (version int16, ok bool) {
	switch key {
	case apiMetadata, apiFindCoordinator, apiAPIVersions, apiDescribeCluster, apiShareFetch, apiShareAcknowledge:
		return 0, true
	case apiProduce:
		return 10, true
	case apiFetch:
		return 16, true
	}
	return 0, false
}

// rewrites tells whether a response of this API and version may have to change.
func rewrites(key, version int16) bool {
	from, ok := rewrittenFrom(key)
	return ok && version >= from && knows(key, version)
}

func newRewriting(key, version int16, body []byte, to directory) *rewriting {
	return &rewriting{cursor: cursor{b: body}, version: version, flexible: flexible(key, version), to: to}
}

// walk reads the whole body, and changes nothing for an API that is not rewritten.
func (w *rewriting) walk(key int16) {
	switch key {
	case apiProduce:
		w.produce(nil)
	case apiFetch:
		w.fetch(nil)
	case apiMetadata:
		w.metadata()
	case apiFindCoordinator:
		w.findCoordinator()
	case apiAPIVersions:
		w.apiVersions()
	case apiDescribeCluster:
		w.describeCluster()
	case apiShareFetch:
		w.shareFetch()
	case apiShareAcknowledge:
		w.shareAcknowledge()
	}
}

// rewriteBody returns the body as the application is to see it, and whether it differs.
func rewriteBody(key, version int16, body []byte, to directory) (rewritten []byte, differs bool, err error) {
	w := newRewriting(key, version, body, to)
	w.walk(key)
	return w.result()
}

func (w *rewriting) result() (rewritten []byte, differs bool, err error) {
	if err := w.err(); err != nil || len(w.patches) == 0 {
		return w.b, false, err
	}
	return patched(w.b, w.patches), true, nil
}

// endpoint reads a broker: node id, host and port, which stand together in every response that has them.
func (w *rewriting) endpoint() {
	node, from := w.int32(), w.at
	host, port := w.text(w.flexible), w.int32()
	if w.bad || node < 0 || host == "" { // no coordinator, no leader
		return
	}
	newHost, newPort := w.to.replace(node, host, port)
	if newHost == host && newPort == port {
		return
	}
	with := appendText(nil, newHost, w.flexible)
	w.patches = append(w.patches, patch{from, w.at, binary.BigEndian.AppendUint32(with, uint32(newPort))})
}

// endpointTag reads the tagged field 0 of Produce and Fetch responses: the brokers newly named leaders (KIP-951).
func (w *rewriting) endpointTag(tag uint32, sizeAt int, value *cursor) {
	if tag != 0 {
		return
	}
	start := value.at
	inner := &rewriting{cursor: *value, version: w.version, flexible: true, to: w.to}
	inner.nodeEndpoints()
	if value.bad = inner.bad; value.bad || len(inner.patches) == 0 {
		return
	}
	for i := range inner.patches {
		inner.patches[i].from -= start
		inner.patches[i].to -= start
	}
	changed := patched(value.b[start:], inner.patches)
	with := binary.AppendUvarint(nil, uint64(len(changed)))
	w.patches = append(w.patches, patch{sizeAt, len(value.b), append(with, changed...)})
}

// nodeEndpoints reads an array of node id, host, port and rack.
func (w *rewriting) nodeEndpoints() {
	w.each(w.flexible, func() {
		w.endpoint()
		w.rawText(w.flexible) // rack
		w.tags(w.flexible, nil)
	})
}
