package cluster

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sumsFile holds the checksums of what was fetched, as sha256sum writes them.
const sumsFile = "SHA256SUMS"

// damage is what is wrong with the files in home/libs; nil when they are as they were fetched. A cache that an older
// version filled has no checksums yet: its archives are read as far as their tables of contents, and then get some.
func damage(home string) error {
	text, err := os.ReadFile(filepath.Join(home, sumsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return writeSums(home)
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		want, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			return fmt.Errorf("%s is damaged", sumsFile)
		}
		got, err := sumOf(filepath.Join(home, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is missing", name)
		case err != nil:
			return err
		case got != want:
			return fmt.Errorf("%s is damaged: its checksum is not that of what was fetched", name)
		}
	}
	return nil
}

// writeSums writes the checksums, once every archive has turned out to be whole.
func writeSums(home string) error {
	files, err := filepath.Glob(filepath.Join(home, "libs", "*"))
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if strings.HasSuffix(file, ".jar") {
			archive, err := zip.OpenReader(file)
			if err != nil {
				return fmt.Errorf("libs/%s is damaged: %w", filepath.Base(file), err)
			}
			_ = archive.Close()
		}
		sum, err := sumOf(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%s  libs/%s\n", sum, filepath.Base(file))
	}
	return os.WriteFile(filepath.Join(home, sumsFile), []byte(text.String()), 0o644)
}

func sumOf(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}
