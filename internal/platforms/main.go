// Command platforms checks the types of all packages of a module as other systems see them.
//
//	go run ./internal/platforms darwin/arm64 windows/amd64
//
// A compiler would find the same mistakes in Go code, and takes fifteen times as long: it writes code for the
// dependencies too, of which only the declarations are read here. `make release` compiles.
//
// It ends with exit code 1 where a package has a mistake, and with 2 where it is used wrongly.
package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "platforms: name systems to check, such as windows/amd64")
		os.Exit(2)
	}
	var failed error
	for _, platform := range os.Args[1:] {
		failed = errors.Join(failed, check(".", platform))
	}
	if failed != nil {
		fmt.Fprintln(os.Stderr, failed)
		os.Exit(1)
	}
}

// check returns every mistake in the packages of a module on a platform, such as windows/amd64.
func check(module, platform string) error {
	system, processor, ok := strings.Cut(platform, "/")
	if !ok {
		return fmt.Errorf("platforms: %q is no system and processor; name both, such as windows/amd64", platform)
	}
	module, err := filepath.Abs(module)
	if err != nil {
		return err
	}
	found, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedEmbedFiles,
		Dir:       module,
		Env:       append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0"),
		ParseFile: bodiesBelow(module + string(filepath.Separator)),
	}, "./...")
	if err != nil {
		return fmt.Errorf("%s: %w", platform, err)
	}
	if len(found) == 0 {
		return fmt.Errorf("%s: %s has no packages", platform, module)
	}
	var failed error
	for _, one := range found {
		for _, mistake := range one.Errors {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", platform, mistake))
		}
	}
	return failed
}

// bodiesBelow reads files for packages.Config. Of those that are not in the folder it drops the bodies of functions.
func bodiesBelow(folder string) func(*token.FileSet, string, []byte) (*ast.File, error) {
	return func(files *token.FileSet, name string, source []byte) (*ast.File, error) {
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if file == nil || strings.HasPrefix(name, folder) {
			return file, err
		}
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok {
				function.Body = nil
			}
		}
		return file, err
	}
}
