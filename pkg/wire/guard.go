package wire

import "fmt"

// hugeRun is how many bytes in a row go on (have their high bit set) in a number of 2^21 or more.
const hugeRun = 3

// guard refuses bodies of flexible versions that kmsg would not come back from for minutes: it believes every count of
// tagged fields (KIP-482), however few bytes follow, and takes up to 2^32 steps over nothing. Counts below 2^21 cost
// milliseconds.
//
// Only the schema tells a count from the bytes of a name or a fixed number, and such bytes may look like any count. So
// where a body has a suspicious run of bytes, a copy without huge numbers is decoded first. In a good frame the run
// belongs to the value of some field, and what the value is changes nothing about where the fields stand: the copy
// decodes. Where it is a count, the copy asks for more than there is.
func guard(body []byte, decode func([]byte) error) error {
	masked := withoutHuge(body)
	if masked == nil {
		return nil
	}
	if err := decode(masked); err != nil {
		return fmt.Errorf("got a count of 2^21 or more in %d bytes, want one that fits: %w", len(body), err)
	}
	return nil
}

// withoutHuge is a copy in which no run of bytes makes a huge number; nil when there is none in the body. The last byte
// of a run stays: it may say that a structure is null.
func withoutHuge(body []byte) (masked []byte) {
	run := 0
	for i := 0; i <= len(body); i++ {
		if i < len(body) && body[i] >= 0x80 {
			run++
			continue
		}
		if run >= hugeRun {
			if masked == nil {
				masked = append([]byte(nil), body...)
			}
			for j := i - hugeRun; j >= i-run; j -= hugeRun {
				masked[j] = 0x7f
			}
		}
		run = 0
	}
	return masked
}
