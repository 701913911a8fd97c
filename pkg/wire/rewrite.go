package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// directory is what rewriting needs and what it learns on the way.
type directory interface {
	// replace remembers where a broker is and returns the address the application gets for it.
	replace(node int32, host string, port int32) (string, int32)
	// topicSeen remembers the name behind a topic id (KIP-516).
	topicSeen(id [16]byte, name string)
}

// rewrittenFrom is the first version of an API whose responses carry something to rewrite: addresses of brokers, or, in
// ApiVersions, versions the wire cannot read.
func rewrittenFrom(key kmsg.Key) (version int16, ok bool) {
	switch key {
	case kmsg.Metadata, kmsg.FindCoordinator, kmsg.ApiVersions, kmsg.DescribeCluster, kmsg.ShareFetch,
		kmsg.ShareAcknowledge:
		return 0, true
	case kmsg.Produce:
		return 10, true
	case kmsg.Fetch:
		return 16, true
	}
	return 0, false
}

// rewrites tells whether a response of this API and version may have to change.
func rewrites(key kmsg.Key, version int16) bool {
	from, ok := rewrittenFrom(key)
	return ok && version >= from && knows(key, version)
}

// rewriteBody returns the body as the application is to see it, and whether it differs.
func rewriteBody(key kmsg.Key, version int16, body []byte, to directory) (rewritten []byte, differs bool, err error) {
	if key == kmsg.Fetch { // its records are not decoded for nothing
		f := newFetchReader(version, body)
		if _, named := f.read(nil); f.err() != nil || !named {
			return body, false, f.err()
		}
	}
	response, err := decodeResponse(requestOf(key, version), body)
	if err != nil {
		return body, false, err
	}
	switch r := response.(type) {
	case *kmsg.ApiVersionsResponse:
		differs = capVersions(r)
	case *kmsg.DescribeClusterResponse:
		// Addresses of controllers (KIP-919) stay: a controller and a broker may have the same node id, and applications
		// under test have no business with controllers.
		const brokers = 1
		if r.EndpointType != brokers {
			return body, false, nil
		}
	case *kmsg.MetadataResponse:
		for _, t := range r.Topics {
			if t.ErrorCode == 0 && version >= 10 && text(t.Topic) != "" {
				to.topicSeen(t.TopicID, *t.Topic)
			}
		}
	}
	v := structure(response)
	differs = replaceAddress(v, to) || differs
	// Since KIP-951 brokers name new leaders in answers to Produce and Fetch.
	for _, list := range []string{"Brokers", "Coordinators", "NodeEndpoints"} {
		for _, broker := range elements(v, list) {
			differs = replaceAddress(broker, to) || differs
		}
	}
	if !differs {
		return body, false, nil
	}
	return response.AppendTo(nil), true, nil
}

// replaceAddress gives a broker the application's address for it: node id, host and port stand together in every
// response that has them. It tells whether that is another one.
func replaceAddress(broker reflect.Value, to directory) bool {
	node, host, port := broker.FieldByName("NodeID"), broker.FieldByName("Host"), broker.FieldByName("Port")
	if !node.IsValid() || !host.IsValid() || node.Int() < 0 || host.String() == "" { // no coordinator, no leader
		return false
	}
	newHost, newPort := to.replace(int32(node.Int()), host.String(), int32(port.Int()))
	if newHost == host.String() && int64(newPort) == port.Int() {
		return false
	}
	host.SetString(newHost)
	port.SetInt(int64(newPort))
	return true
}

// unsupportedVersion is the code of an answer that is in version 0, whatever was asked for.
var unsupportedVersion = kerr.UnsupportedVersion.Code

// capVersions offers a client no version the wire cannot read of the APIs that are rewritten and of those that are
// observed. All others pass in any version. Version 0 of SaslHandshake is followed by bytes that are no frames, so it
// is not offered; a client that uses it unasked is passed on unread.
func capVersions(r *kmsg.ApiVersionsResponse) (differs bool) {
	for i := range r.ApiKeys {
		k, all := &r.ApiKeys[i], apis()
		key := kmsg.Key(k.ApiKey)
		oldest, newest := k.MinVersion, k.MaxVersion
		_, rewritten := rewrittenFrom(key)
		switch {
		case key == kmsg.SASLHandshake && oldest == 0 && newest >= 1:
			k.MinVersion = 1
		case (rewritten || observed(key)) && all[k.ApiKey].newest >= oldest:
			k.MaxVersion = min(newest, all[k.ApiKey].newest)
		}
		differs = differs || k.MinVersion != oldest || k.MaxVersion != newest
	}
	return differs
}
