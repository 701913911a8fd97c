package journal

import "testing"

func TestContentTellsRecordsApart(t *testing.T) {
	seen := map[Content]string{0: "not known"}
	for name, c := range map[string]Content{
		"nothing at all":  ContentOf(nil, nil),
		"an empty value":  ContentOf(nil, []byte{}),
		"an empty key":    ContentOf([]byte{}, nil),
		"both empty":      ContentOf([]byte{}, []byte{}),
		"a value":         ContentOf(nil, []byte("a")),
		"another value":   ContentOf(nil, []byte("b")),
		"a key":           ContentOf([]byte("a"), nil),
		"a key, a value":  ContentOf([]byte("a"), []byte("a")),
		"another key":     ContentOf([]byte("b"), []byte("a")),
		"key beside":      ContentOf([]byte("a"), []byte("b")),
		"key and a value": ContentOf([]byte("aa"), []byte("")),
	} {
		if other, taken := seen[c]; taken {
			t.Errorf("%s: got %x, which is %s", name, uint64(c), other)
		}
		seen[c] = name
	}
	same, dead := ContentOf([]byte("u1"), []byte("x")), ContentOf([]byte("u1"), nil)
	if same.Key() != dead.Key() || same.Key() == 0 || ContentOf(nil, nil).Key() != 0 {
		t.Errorf("got the keys %x and %x, want one, and none of no key", same.Key(), dead.Key())
	}
	if same.Tombstone() || !dead.Tombstone() {
		t.Errorf("got tombstone %t and %t, want false and true", same.Tombstone(), dead.Tombstone())
	}
}
