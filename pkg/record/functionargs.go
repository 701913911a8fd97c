package record

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

func wholeNumber(w word) (int64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(w.text, "_", ""), 10, 64)
	if err != nil || w.weight != "" {
		return 0, fmt.Errorf("got %q, want a whole number%s", w.text, units.Bound(w.text))
	}
	return n, nil
}

func tooMany(args []word, most int) error {
	if len(args) <= most {
		return nil
	}
	return fmt.Errorf("got %s, want at most %d", plural(len(args), "argument"), most)
}

// parseShare reads "2%" or "0.02" exactly, per billion.
func parseShare(text string) (uint64, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	share, ok := new(big.Rat).SetString(number)
	if !ok || !isNumber(number) || len(number) > 20 {
		return 0, fmt.Errorf("got the share %q, want something like 2%%", text)
	}
	if percent {
		share.Quo(share, big.NewRat(100, 1))
	}
	if share.Sign() < 0 || share.Cmp(big.NewRat(1, 1)) > 0 {
		return 0, fmt.Errorf("got the share %q, want 0%% to 100%%", text)
	}
	share.Mul(share, big.NewRat(billion, 1))
	if !share.IsInt() {
		return 0, fmt.Errorf("got the share %q, want at most 7 digits behind the point", text)
	}
	return share.Num().Uint64(), nil
}

func twoNumbers(args []word) (low, high int64, err error) {
	if len(args) != 2 {
		return 0, 0, fmt.Errorf("got %s, want two numbers", plural(len(args), "argument"))
	}
	if low, err = wholeNumber(args[0]); err != nil {
		return 0, 0, err
	}
	if high, err = wholeNumber(args[1]); err != nil {
		return 0, 0, err
	}
	if low > high {
		return 0, 0, fmt.Errorf("got %d and %d, want the lower number first", low, high)
	}
	return low, high, nil
}

// itemPiece writes one of the items.
func itemPiece(args []word, index func(s *stream) int64) (piece, error) {
	if len(args) == 0 {
		return piece{}, fmt.Errorf("got no items, want at least one")
	}
	p := piece{bare: true, partition: true, write: func(b []byte, s *stream) []byte {
		return append(b, args[index(s)].text...)
	}}
	for _, a := range args {
		// Numbers, true and false stand in JSON without quotes.
		p.bare = p.bare && !a.quoted && (isNumber(a.text) || a.text == "true" || a.text == "false")
		_, err := strconv.ParseInt(a.text, 10, 32)
		p.partition = p.partition && err == nil && isDigits(a.text)
	}
	return p, nil
}
