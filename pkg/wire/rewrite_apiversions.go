package wire

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kerr"
)

// unsupportedVersion is the code of an answer that is in version 0, whatever was asked for.
var unsupportedVersion = kerr.UnsupportedVersion.Code

// capped are the APIs of which a client is offered no version the wire cannot read: those that are rewritten and those
// that are observed. All others pass in any version.
func capped(key int16) bool {
	_, rewritten := rewrittenFrom(key)
	return rewritten || observed(key)
}

// apiVersions reads versions 0 to 5. A broker that does not speak the version asked for answers in version 0 with
// UNSUPPORTED_VERSION (KIP-511), so the error code decides how to read on.
func (w *rewriting) apiVersions() {
	if w.int16() == unsupportedVersion {
		w.version, w.flexible = 0, false
	}
	w.each(w.flexible, func() {
		key, from := w.int16(), w.at
		oldest, newest := w.int16(), w.int16()
		w.tags(w.flexible, nil)
		if w.bad {
			return
		}
		if cappedOldest, cappedNewest := offered(key, oldest, newest); cappedOldest != oldest || cappedNewest != newest {
			with := binary.BigEndian.AppendUint16(nil, uint16(cappedOldest))
			w.patches = append(w.patches, patch{from, from + 4, binary.BigEndian.AppendUint16(with, uint16(cappedNewest))})
		}
	})
}

// offered limits the versions of one API. Version 0 of SaslHandshake is followed by bytes that are no frames, so it is
// not offered; a client that uses it unasked is passed on unread.
func offered(key, oldest, newest int16) (int16, int16) {
	if key == apiSaslHandshake && oldest == 0 && newest >= 1 {
		return 1, newest
	}
	if all := apis(); key >= 0 && int(key) < len(all) && capped(key) && all[key].newest >= oldest {
		return oldest, min(newest, all[key].newest)
	}
	return oldest, newest
}
