package journal

import "fmt"

// The kinds of facts about HTTP, and about commands that a scenario runs.
const (
	ServiceAsked Kind = "service-asked" // a request has come to an HTTP service of the scenario
	Asked        Kind = "asked"         // the scenario has asked an application or a service over HTTP
	CommandRan   Kind = "command-ran"   // a command of the scenario has ended
)

// SourceService is an HTTP service that the scenario stands in for.
const SourceService = "service"

// Exchange is a request over HTTP, and how it was answered.
type Exchange struct {
	Service string   `json:"service,omitzero"` // that was asked; empty where it was an application, which the fact names
	Method  string   `json:"method,omitzero"`
	Path    string   `json:"path,omitzero"` // with the query, as in /orders?id=1
	Headers []Header `json:"headers,omitzero"`
	Body    string   `json:"body,omitzero"`
	Cut     bool     `json:"cut,omitzero"` // of Body and Reply only the beginning is kept

	Status       int      `json:"status"` // 0: it was left without an answer
	ReplyHeaders []Header `json:"replyHeaders,omitzero"`
	Reply        string   `json:"reply,omitzero"`
	// the service has done what was asked: it answers with a status below 400, or acts and cuts the connection
	Accepted bool   `json:"accepted,omitzero"`
	Unknown  bool   `json:"unknown,omitzero"` // the service has no answer for such a request
	Fault    string `json:"fault,omitzero"`   // what was wrong with the service then
	Step     int    `json:"step"`             // of the scenario's own requests: which asking they are of, from 1
}

// Command is one that a scenario has run.
type Command struct {
	Line   string `json:"line,omitzero"` // as it was run, arguments with blanks in single quotes
	Code   int    `json:"code"`          // -1 where a signal ended it
	Signal string `json:"signal,omitzero"`
	Output string `json:"output,omitzero"` // standard output and standard error, as they came
	Cut    bool   `json:"cut,omitzero"`    // of Output only the beginning is kept
}

func (*Exchange) detail() {}
func (*Command) detail()  {}

// String is such as `payments: POST /payments → 201`.
func (e *Exchange) String() string {
	text := e.Method + " " + e.Path + " → "
	if e.Service != "" {
		text = e.Service + ": " + text
	}
	if e.Status == 0 {
		text += "no answer"
	} else {
		text += fmt.Sprint(e.Status)
	}
	if e.Fault != "" {
		text += " (" + e.Fault + ")"
	}
	return oneLine(text)
}

// String is such as `seed.sh --all ended with 1`.
func (c *Command) String() string {
	if c.Signal != "" {
		return oneLine(c.Line + " ended by " + c.Signal)
	}
	return oneLine(fmt.Sprintf("%s ended with %d", c.Line, c.Code))
}
