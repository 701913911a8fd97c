package screen

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// everyRequest calls see with each version of each request that kmsg knows.
func everyRequest(see func(kmsg.Request)) {
	for key := range int16(kmsg.MaxKey + 1) {
		request := kmsg.RequestForKey(key)
		if request == nil {
			continue
		}
		for version := range request.MaxVersion() + 1 {
			request := kmsg.RequestForKey(key)
			request.SetVersion(version)
			see(request)
		}
	}
}

// random fills a message with values that a client could send.
func random(r *rand.Rand, v reflect.Value) {
	for i := range v.NumField() {
		if declared := v.Type().Field(i); !declared.IsExported() || declared.Name == "Version" ||
			declared.Type == reflect.TypeFor[kmsg.Tags]() {
			continue
		}
		randomValue(r, v.Field(i))
	}
}

func randomValue(r *rand.Rand, f reflect.Value) {
	switch f.Kind() {
	case reflect.Struct:
		if r.IntN(2) == 0 {
			random(r, f)
		}
	case reflect.Slice:
		n := r.IntN(3)
		f.Set(reflect.MakeSlice(f.Type(), n, n))
		for i := range n {
			if e := f.Index(i); e.Kind() == reflect.Struct {
				setDefaults(e)
				random(r, e)
			} else {
				randomValue(r, e)
			}
		}
		if n == 0 && r.IntN(2) == 0 {
			f.SetZero()
		}
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			f.SetZero()
			return
		}
		f.Set(reflect.New(f.Type().Elem()))
		if e := f.Elem(); e.Kind() == reflect.Struct {
			setDefaults(e)
			random(r, e)
		} else {
			randomValue(r, e)
		}
	case reflect.String:
		f.SetString("some text"[:r.IntN(10)])
	case reflect.Array:
		for i := range f.Len() {
			f.Index(i).SetUint(r.Uint64() & 0x7f)
		}
	case reflect.Bool:
		f.SetBool(r.IntN(2) == 0)
	case reflect.Float64:
		f.SetFloat(r.Float64())
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		f.SetUint(r.Uint64() & 0x7f)
	default:
		f.SetInt(r.Int64N(100))
	}
}

// What kmsg writes is well formed, in every version of every request.
func TestWhatKmsgWritesIsPassed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := 0
	everyRequest(func(request kmsg.Request) {
		for range 30 {
			random(r, reflect.ValueOf(request).Elem())
			body := request.AppendTo(nil)
			if err := layoutOf(request.Key(), request.GetVersion()).walk(body); err != nil {
				t.Errorf("%s v%d: got %v of %+v, want it to be passed", kmsg.NameForKey(request.Key()), request.GetVersion(),
					err, request)
				return
			}
			seen++
		}
	})
	if seen < 300*30 {
		t.Errorf("got %d messages, want those of at least 300 versions", seen)
	}
}

// A frame that is passed takes kmsg no time, whether it can decode it or not.
func TestWhatIsPassedIsDecodedQuickly(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	passed, refused, undecoded := 0, 0, 0
	begin := time.Now()
	everyRequest(func(request kmsg.Request) {
		for range 100 {
			random(r, reflect.ValueOf(request).Elem())
			body := damage(r, request.AppendTo(nil))
			if err := layoutOf(request.Key(), request.GetVersion()).walk(body); err != nil {
				refused++
				continue
			}
			passed++
			again := kmsg.RequestForKey(request.Key())
			again.SetVersion(request.GetVersion())
			if err := again.ReadFrom(body); err != nil {
				undecoded++ // a null that its field does not allow
			}
		}
	})
	if passed < 1000 || refused < 1000 || undecoded > passed/50 {
		t.Errorf("got %d passed, %d of them not decoded, and %d refused; want many of both, and nearly all decoded", passed,
			undecoded, refused)
	}
	if d := time.Since(begin); d > 20*time.Second {
		t.Errorf("got %s, want kmsg to count no tags that are not there", d)
	}
}

func damage(r *rand.Rand, body []byte) []byte {
	for range 1 + r.IntN(3) {
		switch r.IntN(3) {
		case 0:
			if len(body) > 0 {
				body[r.IntN(len(body))] = byte(r.Uint32())
			}
		case 1:
			body = body[:r.IntN(len(body)+1)]
		case 2:
			body = append(body, byte(r.Uint32()))
		}
	}
	return body
}

func TestClaimsBeyondTheFrameAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		key, version int16
		body         []byte
		want         error
	}{
		"tags in a heartbeat":         {12, 4, []byte{2, 'g', 0, 0, 0, 0, 2, 'm', 0, 0xff, 0xff, 0xff, 0xff, 0x0f}, errTags},
		"topics of a metadata":        {3, 0, []byte{0x7f, 0xff, 0xff, 0xff}, errShort},
		"more than memory has":        {3, 0, append([]byte{0, 0x80, 0, 0}, make([]byte, 0x800000)...), errLarge},
		"something after the end":     {3, 0, []byte{0, 0, 0, 0, 1}, nil},
		"tags within a tagged struct": {1, 17, append(fetch(17), 1, 1, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0), errTags},
	} {
		if err := layoutOf(c.key, c.version).walk(c.body); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// fetch is a Fetch request without topics, up to its tags.
func fetch(version int16) []byte {
	r := kmsg.NewFetchRequest()
	r.Version = version
	body := r.AppendTo(nil)
	return body[:len(body)-1]
}
