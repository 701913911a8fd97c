package protobuf

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

const (
	// rootName is what the file itself is called: a registry knows no names of files.
	rootName = "default.proto"
	// mostBraces bounds how deeply messages stand within each other, so that no text fills the stack of the compiler.
	mostBraces = 64
)

// errNoImport is for files that nobody has.
var errNoImport = errors.New("it is neither a file of Protobuf itself, such as google/protobuf/timestamp.proto, nor " +
	"one of google/type, nor known here")

// fileOf compiles a .proto file, or reads a descriptor.
func fileOf(text string, imports []schema.Import) (protoreflect.FileDescriptor, error) {
	results := map[string]protocompile.SearchResult{}
	for _, i := range append(imports, schema.Import{Name: rootName, Text: text}) {
		result, err := resultOf(i)
		if err != nil {
			return nil, err
		}
		results[i.Name] = result
	}
	compiler := protocompile.Compiler{MaxParallelism: 1, Resolver: protocompile.WithStandardImports(
		protocompile.ResolverFunc(func(path string) (protocompile.SearchResult, error) {
			if result, ok := results[path]; ok {
				return result, nil
			}
			return common(path)
		}))}
	files, err := compiler.Compile(context.Background(), rootName)
	if err != nil {
		line, reason := 1, err
		var placed reporter.ErrorWithPos
		if errors.As(err, &placed) {
			line, reason = max(1, placed.GetPosition().Line), placed.Unwrap()
		}
		return nil, source.Place{Line: line}.Errorf("the schema is no Protobuf: %w; correct it", reason)
	}
	return files[0], nil
}

// common is a file of google/type, which schema registries know without a reference too.
func common(path string) (protocompile.SearchResult, error) {
	if strings.HasPrefix(path, "google/type/") {
		if file, err := protoregistry.GlobalFiles.FindFileByPath(path); err == nil {
			return protocompile.SearchResult{Desc: file}, nil
		}
	}
	return protocompile.SearchResult{}, errNoImport
}

// resultOf is a file for the compiler.
func resultOf(i schema.Import) (protocompile.SearchResult, error) {
	if b := descriptorOf(i.Text); b != nil {
		file := &descriptorpb.FileDescriptorProto{}
		if err := (proto.UnmarshalOptions{RecursionLimit: mostDeep}).Unmarshal(b, file); err != nil {
			return protocompile.SearchResult{}, fmt.Errorf("the schema is neither a .proto file nor a descriptor in base64: %s",
				textOf(err))
		}
		file.Name = proto.String(i.Name)
		nameAsJSON(file.GetMessageType())
		return protocompile.SearchResult{Proto: file}, nil
	}
	if line := tooDeep(i.Text); line > 0 {
		return protocompile.SearchResult{}, source.Place{Line: line}.Errorf("the schema is no Protobuf: it is nested more "+
			"than %d deep", mostBraces)
	}
	return protocompile.SearchResult{Source: strings.NewReader(i.Text)}, nil
}

// nameAsJSON gives fields the JSON names that protoc gives those without one. Confluent's client for Python registers
// descriptors without them, as protoc's output for Python has none.
func nameAsJSON(messages []*descriptorpb.DescriptorProto) {
	for _, m := range messages {
		for _, f := range m.GetField() {
			if f.JsonName == nil {
				f.JsonName = proto.String(jsonName(f.GetName()))
			}
		}
		nameAsJSON(m.GetNestedType())
	}
}

// jsonName is lowerCamelCase as protoc has it: letters behind a _ are upper case.
func jsonName(name string) string {
	var b strings.Builder
	upper := false
	for _, c := range name {
		switch {
		case c == '_':
			upper = true
			continue
		case upper && 'a' <= c && c <= 'z':
			c += 'A' - 'a'
		}
		upper = false
		b.WriteRune(c)
	}
	return b.String()
}

// tooDeep is the line where a text nests too deeply; 0 for none.
func tooDeep(text string) int {
	depth, line := 0, 1
	for _, c := range text {
		switch c {
		case '\n':
			line++
		case '{', '[', '<', '(':
			if depth++; depth > mostBraces {
				return line
			}
		case '}', ']', '>', ')':
			depth = max(0, depth-1)
		}
	}
	return 0
}

// withImports are a file and all that it imports, however far away.
func withImports(file protoreflect.FileDescriptor) (*protoregistry.Files, error) {
	files := &protoregistry.Files{}
	var add func(f protoreflect.FileDescriptor) error
	add = func(f protoreflect.FileDescriptor) error {
		if _, err := files.FindFileByPath(f.Path()); err == nil || f.IsPlaceholder() {
			return nil
		}
		if err := files.RegisterFile(f); err != nil {
			return fmt.Errorf("the schema has a name twice: %s; correct it", textOf(err))
		}
		for i := range f.Imports().Len() {
			if err := add(f.Imports().Get(i).FileDescriptor); err != nil {
				return err
			}
		}
		return nil
	}
	return files, add(file)
}

// textOf is an error of the library without its prefix, whose space is not always the same.
func textOf(err error) string {
	text := strings.TrimPrefix(err.Error(), "proto:")
	return strings.TrimLeft(text, " \u00a0")
}
