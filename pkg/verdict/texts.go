package verdict

import (
	"encoding/json"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// TextAt is the text or number at a path of a JSON document, in the form in which identities are compared.
func TextAt(document []byte, path string) (string, error) {
	return newIdentity("value."+path, true).read(&record.Record{Value: document})
}

// Texts are all texts and numbers of a JSON document, in the form in which identities are compared; none for what is no
// JSON.
func Texts(document []byte) (all []string) {
	var object map[string]json.RawMessage
	var list []json.RawMessage
	switch {
	case json.Unmarshal(document, &object) == nil:
		for _, value := range object {
			all = append(all, Texts(value)...)
		}
	case json.Unmarshal(document, &list) == nil:
		for _, value := range list {
			all = append(all, Texts(value)...)
		}
	default:
		if _, number := exact(string(document)); number || len(document) > 0 && document[0] == '"' {
			id, _ := cell{raw: document, json: true}.identity(true)
			all = append(all, id)
		}
	}
	return all
}
