package features_test

import (
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/runner/roles"
)

const rolesHead = `# The built-in features on your application

The built-in features say what a Kafka application of a kind, its *role*, must do. They run on kafkaspec's reference
applications, and on your programs. Describe yours in the profile ([applications.md](applications.md)), and name its
role:

    kafkaspec run --use dlq-consumer=shipping

or in the profile, for every run:

` + "```yaml" + `
use:
  dlq-consumer: shipping
` + "```" + `

Only the built-in features about such a role are run. In your own features, an application that "is the reference" of
that name is replaced by yours as well.

A setting that a scenario gives to the role becomes ` + "`${settings.NAME}`" + ` of the profile, as it is written;
` + "`${settings.session-timeout.ms}`" + ` is a duration in milliseconds, ` + "`${settings.events.number}`" + ` a count, a share
or a size as a plain number, and ` + "`${settings.windows-topic.topic}`" + ` the name on the cluster of the topic that the setting
names. Settings are also in the file that APP_SETTINGS names.

Name what your program cannot do. Scenarios that need it are not applicable:

` + "```yaml" + `
applications:
  shipping:
    without: [simulated-failures, transactions]
` + "```" + `

A program need not write the words of a log line as they stand here: ` + "`patterns`" + ` of the profile says how its
own lines are read. "Says" is text that a step looks for in its output.

[examples/python](../examples/python) has programs for most roles.

This page is generated from features/roles.yaml.
`

// rolesDocument is docs/roles.md.
func rolesDocument() string {
	var b strings.Builder
	b.WriteString(rolesHead)
	for _, r := range roles.All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s. Features: `features/%s`.\n\n", r.Name, r.Title, r.Folder)
		b.WriteString(item("Reads: "+r.Reads+".") + item("Writes: "+r.Writes+"."))
		for _, does := range r.Does {
			b.WriteString(item(does))
		}
		table(&b, r.Settings, "setting", "is", "`%s`")
		table(&b, r.Log, "log line", "is written", "`%s`")
		table(&b, r.Says, "says", "when", "`%s`")
		if len(r.Abilities) > 0 {
			b.WriteString("\n| may be without | a program with it |\n| --- | --- |\n")
		}
		for _, a := range r.Abilities {
			fmt.Fprintf(&b, "| `%s` | %s |\n", a.Name, a.Is)
		}
	}
	return b.String()
}

func table(b *strings.Builder, e roles.Entries, name, means, form string) {
	if len(e) == 0 {
		return
	}
	fmt.Fprintf(b, "\n| %s | %s |\n| --- | --- |\n", name, means)
	for _, entry := range e {
		fmt.Fprintf(b, "| "+form+" | %s |\n", entry.Name, entry.Means)
	}
}

// item is one of a list, in lines of at most 120 columns.
func item(text string) string {
	const columns = 120
	line, lines := "-", ""
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > columns {
			lines, line = lines+line+"\n", " "
		}
		line += " " + word
	}
	return lines + line + "\n"
}
