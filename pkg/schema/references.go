package schema

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Reference is another schema that a schema refers to.
type Reference struct {
	// Name is what the schema calls it: the full name of an Avro type, what stands in $ref of a JSON Schema, the path of
	// an import of Protobuf. A registry has it under a subject of that name.
	Name string
	*Schema
}

// mostReferences bounds what one schema may refer to, with all that those refer to.
const mostReferences = 200

// importsOf are all that references lead to, what is referred to first, each once.
func importsOf(t Type, references []Reference) (imports []Import, err error) {
	texts := map[string]string{}
	var add func(references []Reference) error
	add = func(references []Reference) error {
		for _, r := range references {
			if r.Type != t {
				return fmt.Errorf("it refers to %q, which is of the type %s, want %s", r.Name, r.Type, t)
			}
			if text, known := texts[r.Name]; known {
				if text != r.Text {
					return fmt.Errorf("it refers to two schemas of the name %q; refer to one version of it", r.Name)
				}
				continue
			}
			if texts[r.Name] = r.Text; len(texts) > mostReferences {
				return fmt.Errorf("it refers to more than %d schemas", mostReferences)
			}
			if err := add(r.References); err != nil {
				return err
			}
			imports = append(imports, Import{r.Name, r.Text})
		}
		return nil
	}
	return imports, add(references)
}

// ParseFS reads a schema from a file, and what it refers to from files beside it: imports of Protobuf by their path,
// $ref of JSON Schema by the file's name, types of Avro by their full name.
func ParseFS(files fs.FS, name string) (*Schema, error) {
	return (&folder{files: files, read: map[string]*Schema{}}).parse(name, nil)
}

// folder reads the schemas beside each other.
type folder struct {
	files fs.FS
	read  map[string]*Schema
}

// parse reads a file that others, in this order, have led to.
func (f *folder) parse(name string, from []string) (*Schema, error) {
	if known := f.read[name]; known != nil {
		return known, nil
	}
	text, err := fs.ReadFile(f.files, name)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	t, _ := TypeOf(name)
	found, err := f.beside(name, t, text)
	if err != nil {
		return nil, err
	}
	var references []Reference
	from = append(slices.Clone(from), name)
	for _, reference := range slices.Sorted(maps.Keys(found)) {
		if slices.Contains(from, found[reference]) {
			return nil, source.Place{File: name, Line: mentioned(text, reference)}.Errorf("the schema refers to itself through "+
				"%s; take that out", words.Quoted(append(from, found[reference])))
		}
		s, err := f.parse(found[reference], from)
		if err != nil {
			return nil, err
		}
		references = append(references, Reference{reference, s})
	}
	s, err := parseFile(name, text, references)
	if err == nil {
		f.read[name] = s
	}
	return s, err
}

// beside finds the files that a schema refers to, by what it calls them. What is not there is left to the parser.
func (f *folder) beside(name string, t Type, text []byte) (map[string]string, error) {
	found := map[string]string{}
	switch t {
	case Protobuf:
		for _, match := range protobufImport.FindAllSubmatch(text, -1) {
			f.add(found, name, string(match[1]))
		}
	case JSON:
		var document any
		_ = json.Unmarshal(text, &document) // the parser says it better
		eachString(document, "$ref", func(ref string) {
			file, _, _ := strings.Cut(ref, "#")
			f.add(found, name, file)
		})
	case Avro:
		return f.avroTypes(name, text)
	}
	return found, nil
}

var protobufImport = regexp.MustCompile(`(?m)^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"`)

func (f *folder) add(found map[string]string, name, reference string) {
	file := path.Join(path.Dir(name), reference)
	if reference == "" || !fs.ValidPath(file) || !strings.HasPrefix(file, path.Dir(name)+"/") {
		return
	}
	if _, err := fs.Stat(f.files, file); err == nil && file != name {
		found[reference] = file
	}
}

// avroTypes finds the types that a schema uses and does not define, in files that define them.
func (f *folder) avroTypes(name string, text []byte) (map[string]string, error) {
	var document any
	_ = json.Unmarshal(text, &document) // the parser says it better
	used, defined := map[string]bool{}, map[string]bool{}
	avroNames(document, "", used, defined)
	others, err := fs.Glob(f.files, path.Join(path.Dir(name), "*.avsc"))
	if err != nil {
		return nil, fmt.Errorf("look for schemas: %w", err)
	}
	found := map[string]string{}
	for _, other := range others {
		definition, err := fs.ReadFile(f.files, other)
		if err != nil {
			return nil, fmt.Errorf("read schema: %w", err)
		}
		var document any
		_ = json.Unmarshal(definition, &document)
		object, _ := document.(map[string]any)
		full := avroFullName(object, "")
		if other == name || full == "" || !used[full] || defined[full] {
			continue
		}
		if first, twice := found[full]; twice {
			return nil, source.Place{File: name, Line: mentioned(text, full)}.Errorf("the type %s is in %s and in %s; keep "+
				"one of them", full, first, other)
		}
		found[full] = other
	}
	return found, nil
}

// avroNames collects the full names of types that a schema uses, and of those that it defines.
func avroNames(v any, namespace string, used, defined map[string]bool) {
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, ".") && namespace != "" {
			used[namespace+"."+v] = true
		}
		used[v] = true
	case []any:
		for _, one := range v {
			avroNames(one, namespace, used, defined)
		}
	case map[string]any:
		if full := avroFullName(v, namespace); full != "" {
			defined[full] = true
			namespace = strings.TrimSuffix(full[:strings.LastIndex(full, ".")+1], ".")
		}
		fields, _ := v["fields"].([]any)
		for _, field := range fields {
			if field, ok := field.(map[string]any); ok {
				avroNames(field["type"], namespace, used, defined)
			}
		}
		for _, part := range []string{"type", "items", "values"} {
			avroNames(v[part], namespace, used, defined)
		}
	}
}

// avroFullName is the name of a type with its namespace; empty for what has none.
func avroFullName(object map[string]any, namespace string) string {
	name, _ := object["name"].(string)
	if own, ok := object["namespace"].(string); ok {
		namespace = own
	}
	if name == "" || namespace == "" || strings.Contains(name, ".") {
		return name
	}
	return namespace + "." + name
}

// eachString visits the texts under a key, wherever it stands.
func eachString(v any, key string, see func(string)) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			eachString(one, key, see)
		}
	case map[string]any:
		for name, one := range v {
			if text, ok := one.(string); ok && name == key {
				see(text)
			}
			eachString(one, key, see)
		}
	}
}
