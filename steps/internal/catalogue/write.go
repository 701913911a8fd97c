package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

const introduction = `# Steps

Generated from the source by ` + "`go generate ./steps/builtin`" + `; search it with ` + "`kafkaspec steps WORDS`" + `.

A phrase is a [Cucumber Expression](https://github.com/cucumber/cucumber-expressions): ` + "`{…}`" + ` stands for a value, ` + "`a/b`" + ` for either word,
` + "`(s)`" + ` for text that may be left out. A step stands under the keyword shown, one marked *any* under every keyword.

An expectation is of one of three kinds, which stands behind its keyword:

| kind | what it claims | when it is looked at |
| --- | --- | --- |
| *eventually* | it comes true, and may change later | until it holds |
| *in the end* | it is true once all is quiet | ` + inTheEnd + ` |
| *always* | it is true all the time | until it can be judged; again at the end of the scenario |

It is looked at for as long as the profile's ` + "`await`" + ` says (10s unless set). Three guards before it change that:

| guard | meaning |
| --- | --- |
| ` + "`within 5s …`" + ` | look again until it holds, at most 5s; what a database, a program or a slow Kafka answers later does not count |
| ` + "`for 2s …`" + ` | it holds at every look for 2s; what comes later does not matter |
| ` + "`once \"app\" has caught up, …`" + ` | first wait until the application's group has committed all its topics hold now |

## Parts

Many steps are put together from parts, which are learnt once. A part stands in braces, as a value does, and has one of
several forms, in which other parts may stand. Where it decides what its step claims, the table says of which kind that
is. Two parts, ` + "`{role}`" + ` and ` + "`{requests}`" + `, take their words in any order; they are among the values below.

| sentence | step | its parts |
| --- | --- | --- |
| ` + "`\"shipping\" processed at most 3 records`" + ` | ` + "`{app} {event}`" + ` | the event ` + "`processed {amount} record(s)`" + `, the amount ` + "`at most {count}`" + ` |
| ` + "`100 records are in \"orders\" partition 1`" + ` | ` + "`{records} is/are in {place}`" + ` | the records ` + "`{count} record(s)`" + `, the place ` + "`{topic} partition {int}`" + ` |
| ` + "`the next Produce request to \"orders\" is held`" + ` | ` + "`{requests} {fate}`" + ` | the fate ` + "`are/is held`" + ` |
| ` + "`\"orders\" contains exactly, decoded:`" + ` | ` + "`{topic} {comparison}{decoding}`" + ` | the comparison ` + "`contains exactly`" + `, the decoding ` + "`, decoded:`" + ` |
`

const inTheEnd = "until it holds; again before the next step that is no expectation; and in the last block again " +
	"after the applications have been stopped"

// markdown renders docs/STEPS.md.
func markdown(families []family, parts []builtin.Part, params phrase.Params) []byte {
	var b bytes.Buffer
	b.WriteString(introduction)
	for _, p := range parts {
		fmt.Fprintf(&b, "\n### `{%s}`: %s\n\n| form | kind | meaning | not looked at |\n| --- | --- | --- | --- |\n", p.Name, p.Doc)
		for _, f := range p.Forms {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Words, kinds(f.Kinds), f.Doc, f.Blind)
		}
	}
	b.WriteString("\n## Values\n\n| parameter | what may stand there |\n| --- | --- |\n")
	for _, name := range params.Names() {
		if p := params[strings.Trim(name, "{}")]; p.Forms == nil {
			fmt.Fprintf(&b, "| `%s` | %s |\n", name, p.Doc)
		}
	}
	for _, f := range families {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", strings.ToUpper(f.name[:1])+f.name[1:], strings.ReplaceAll(f.about, "\n", " "))
		for _, s := range f.steps {
			keyword := s.Keyword
			if keyword == steps.Any {
				keyword = "any"
			}
			if k := kinds(s.Kinds); k != "" {
				keyword += steps.Keyword(", " + k + ":")
			}
			fmt.Fprintf(&b, "\n### %s `%s`\n\n%s\n", keyword, s.Phrase, s.Doc)
			if s.Blind != "" {
				fmt.Fprintf(&b, "\n*Not looked at:* %s\n", s.Blind)
			}
			if s.Example != "" {
				fmt.Fprintf(&b, "\n```gherkin\n%s\n```\n", s.Example)
			}
		}
	}
	formsWhole(&b, parts)
	return b.Bytes()
}

// formsWhole shows the examples of forms, behind the steps.
func formsWhole(b *bytes.Buffer, parts []builtin.Part) {
	b.WriteString("\n## Examples of forms\n")
	for _, p := range parts {
		for _, f := range p.Forms {
			if f.Example != "" {
				fmt.Fprintf(b, "\n### `{%s}`: `%s`\n\n%s\n\n```gherkin\n%s\n```\n", p.Name, f.Words, f.Doc, f.Example)
			}
		}
	}
}

// kinds names kinds of expectation, for Markdown.
func kinds(all []steps.Kind) string {
	names := make([]string, len(all))
	for i, k := range all {
		names[i] = "*" + string(k) + "*"
	}
	return strings.Join(names, " or ")
}

// encoded is a value as JSON for people to read.
func encoded(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return b.Bytes(), err
}
