package wire

// Transactional ids: on a cluster that several scenarios share, two applications with the same id would end each
// other's transactions. So an id gets the scenario's own prefix on its way to the cluster.

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// ofTransaction is the CoordinatorType of a FindCoordinator request for a transactional id.
const ofTransaction = 1

// namesTransaction tells whether requests of this API may hold a transactional id.
func namesTransaction(key kmsg.Key) bool {
	switch key {
	case kmsg.Produce, kmsg.FindCoordinator, kmsg.InitProducerID, kmsg.AddPartitionsToTxn, kmsg.AddOffsetsToTxn,
		kmsg.EndTxn, kmsg.TxnOffsetCommit:
		return true
	}
	return false
}

// renames tells whether the transactional ids in requests of this API and version are made the scenario's own.
func (c *connection) renames(head requestHead) bool {
	return c.listener.link.proxy.options.TransactionalID != nil && namesTransaction(head.key) &&
		knows(head.key, head.version)
}

// withOwnIDs gives the transactional ids in a request the scenario's names. What cannot be read is left as it is.
func (c *connection) withOwnIDs(x *exchange, frame []byte) []byte {
	if !c.renames(x.requestHead) {
		return frame
	}
	rename := c.listener.link.proxy.options.TransactionalID
	r, err := parseRequest(x.requestHead, frame)
	if err != nil {
		return frame
	}
	if x.key == kmsg.Produce {
		return renameProducer(&r, rename)
	}
	decoded, err := decodeRequest(x.key, x.version, append([]byte(nil), frame[r.body:]...))
	if err != nil {
		return frame
	}
	changed := false
	change := func(id *string) {
		if named := rename(*id); *id != "" && named != *id {
			if x.ids == nil {
				x.ids = map[string]string{}
			}
			x.ids[named], *id, changed = *id, named, true
		}
	}
	switch request := decoded.(type) {
	case *kmsg.FindCoordinatorRequest:
		if request.CoordinatorType == ofTransaction {
			change(&request.CoordinatorKey)
			for i := range request.CoordinatorKeys {
				change(&request.CoordinatorKeys[i])
			}
		}
	case *kmsg.InitProducerIDRequest:
		if request.TransactionalID != nil {
			change(request.TransactionalID)
		}
	case *kmsg.AddPartitionsToTxnRequest:
		change(&request.TransactionalID)
		for i := range request.Transactions {
			change(&request.Transactions[i].TransactionalID)
		}
	case *kmsg.AddOffsetsToTxnRequest:
		change(&request.TransactionalID)
	case *kmsg.EndTxnRequest:
		change(&request.TransactionalID)
	case *kmsg.TxnOffsetCommitRequest:
		change(&request.TransactionalID)
	}
	if !changed {
		return frame
	}
	return sized(decoded.AppendTo(append([]byte(nil), frame[:r.body]...)))
}

// renameProducer renames the id that a Produce request begins with, without decoding the records behind it.
func renameProducer(r *request, rename func(string) string) []byte {
	if r.version < 3 {
		return r.frame
	}
	flexible := flexible(r.key, r.version)
	body := newCursor(r.frame[r.body:])
	id := body.text(flexible)
	named := rename(id)
	if !body.Ok() || id == "" || named == id {
		return r.frame
	}
	rest := r.frame[r.body+body.at():]
	renamed := append(make([]byte, 0, len(r.frame)+len(named)), r.frame[:r.body]...)
	if flexible {
		renamed = binary.AppendUvarint(renamed, uint64(len(named))+1)
	} else {
		renamed = binary.BigEndian.AppendUint16(renamed, uint16(len(named)))
	}
	return sized(append(append(renamed, named...), rest...))
}

// withIDsAsSent gives an answer the ids that the application has sent: FindCoordinator repeats them since version 4.
func withIDsAsSent(x *exchange, body []byte) []byte {
	if len(x.ids) == 0 || x.key != kmsg.FindCoordinator {
		return body
	}
	response, err := decodeResponse(requestOf(x.key, x.version), body)
	if err != nil {
		return body
	}
	found, _ := response.(*kmsg.FindCoordinatorResponse)
	for i := range found.Coordinators {
		if sent, ok := x.ids[found.Coordinators[i].Key]; ok {
			found.Coordinators[i].Key = sent
		}
	}
	return response.AppendTo(nil)
}
