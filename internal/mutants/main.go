// Command mutants breaks the product mechanically, a small change at a time, and says which changes no feature and no
// test notices: a condition negated, a comparison off by one, a statement removed, a number one higher, a function that
// returns at once. The changes of applications (pkg/reference) are held against the features that are about them, and
// where those do not notice, against the tests of the package; those of judges and of the wire against their own tests.
//
//	go run ./internal/mutants -count 150 -seed 1 pkg/reference/...
//	go run ./internal/mutants -known
//
// Which ones are tried is drawn by the seed, and an edit of the code changes little of it. What was tried is kept in a
// file, so that a run can be ended with Ctrl-C and gone on with. It ends with exit code 1 where a mutant survived that
// docs/proof.md does not explain.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// explained is where survivors are explained, one by one, by their id.
const explained = "docs/proof.md"

func main() {
	count := flag.Int("count", 150, "how many mutants to try, without those that do not compile")
	seed := flag.Uint64("seed", 1, "which ones")
	limit := flag.Duration("limit", 3*time.Minute, "how long the features or tests of one may take")
	state := flag.String("state", ".cache/mutants.jsonl", "where what was tried is kept")
	onlyKnown := flag.Bool("known", false, "try the mutants of internal/mutants/known.yaml, and no others")
	named := flag.String("name", "", "try only mutants whose name contains this text")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *count, *seed, *limit, *state, *onlyKnown, *named, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, count int, seed uint64, limit time.Duration, state string, onlyKnown bool, named string,
	folders []string) (err error) {
	var all []mutant
	if onlyKnown {
		all, err = knownMutants()
		count = len(all)
	} else {
		all, err = draw(folders, seed)
	}
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m mutant) bool { return !strings.Contains(m.id(), named) })
	tried, err := readState(state)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(state, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	c := checker{folder: folder, limit: limit}
	untried := slices.DeleteFunc(slices.Clone(all[:min(count, len(all))]), func(m mutant) bool {
		_, done := tried[m.id()]
		return done
	})
	if c.built, err = c.together(ctx, untried, targetOf); err != nil {
		return err
	}
	fmt.Printf("built %d of %d together\n", len(c.built), len(untried))
	outcomes := map[string]int{}
	var survivors []string
	for _, m := range all {
		if count == 0 {
			break
		}
		result, done := tried[m.id()]
		if !done {
			if result, err = c.check(ctx, m); err != nil {
				return errors.Join(err, summary(outcomes, survivors))
			}
			if err := json.NewEncoder(log).Encode(result); err != nil {
				return err
			}
		}
		outcomes[result.Outcome]++
		switch result.Outcome {
		case invalid:
		case survived:
			survivors = append(survivors, result.ID)
			count--
		default:
			count--
		}
		fmt.Printf("%3d to go: %-8s %5.1fs %s   %s\n", count, result.Outcome, result.Seconds, result.ID, result.By)
	}
	return summary(outcomes, survivors)
}

// summary shows what survived, and fails for what nobody has explained in a row of its own.
func summary(outcomes map[string]int, survivors []string) error {
	fmt.Println(outcomes)
	text, err := os.ReadFile(explained)
	if err != nil {
		return err
	}
	rows := strings.ReplaceAll(string(text), `\|`, "|") // as a bar stands in a table
	open := slices.DeleteFunc(slices.Clone(survivors), func(id string) bool {
		_, change, _ := strings.Cut(id, ": ") // lines move
		file, _, _ := strings.Cut(id, ":")
		return slices.ContainsFunc(strings.Split(rows, "\n"), func(line string) bool {
			return strings.HasPrefix(line, "| "+file+": ") && strings.Contains(line, change)
		})
	})
	for _, id := range open {
		fmt.Println("survived:", id)
	}
	if len(open) > 0 {
		return fmt.Errorf("%d mutants survived that %s does not explain", len(open), explained)
	}
	return nil
}

// draw finds the mutants of the folders' files, in an order that a seed draws.
func draw(folders []string, seed uint64) ([]mutant, error) {
	var all []mutant
	for _, folder := range folders {
		below, recursive := strings.CutSuffix(folder, "/...")
		err := filepath.WalkDir(below, func(path string, d os.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (targetOf(path+"/x.go").skip || path != below && !recursive):
				return filepath.SkipDir
			case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
				return nil
			case d.Name() == "settings.go" && len(targetOf(path).features) > 0: // features set nothing wrong
				return nil
			}
			found, err := mutantsOf(path)
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no mutants in %v; name folders such as pkg/reference/...", folders)
	}
	sortByHash(all, seed)
	return all, nil
}

// sortByHash orders mutants by a hash of the seed, their file and their change: an edit of the code leaves the places
// of all others as they are.
func sortByHash(all []mutant, seed uint64) {
	type key struct{ file, change string }
	before := map[key]int{} // mutants that are told apart by their line only
	places := map[string][]byte{}
	for _, m := range all {
		k := key{m.file, m.change}
		hash := sha256.Sum256(fmt.Appendf(nil, "%d %s: %s %d", seed, m.file, m.change, before[k]))
		places[m.id()] = hash[:]
		before[k]++
	}
	slices.SortStableFunc(all, func(a, b mutant) int { return bytes.Compare(places[a.id()], places[b.id()]) })
}

// readState reads what was tried before.
func readState(file string) (map[string]checked, error) {
	tried := map[string]checked{}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	text, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return tried, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = text.Close() }() // it was only read
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		var c checked
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("%s: %w; remove the file to begin anew", file, err)
		}
		tried[c.ID] = c
	}
	return tried, lines.Err()
}
