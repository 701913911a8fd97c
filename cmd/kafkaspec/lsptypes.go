package main

// The part of the protocol that the language server speaks. Lines and characters are counted from 0, characters in
// code units of UTF-16.

type (
	lspPosition struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	lspRange struct {
		Start lspPosition `json:"start"`
		End   lspPosition `json:"end"` // behind the last character
	}
	lspLocation struct {
		URI   string   `json:"uri"`
		Range lspRange `json:"range"`
	}
	lspDocument struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId,omitempty"`
		Version    int    `json:"version,omitempty"`
		Text       string `json:"text,omitempty"`
	}
	// lspInitialize is what is looked at of the first request.
	lspInitialize struct {
		RootURI string `json:"rootUri"`
		Folders []struct {
			URI string `json:"uri"`
		} `json:"workspaceFolders"`
		Capabilities struct {
			TextDocument struct {
				Completion struct {
					CompletionItem struct {
						SnippetSupport bool `json:"snippetSupport"`
					} `json:"completionItem"`
				} `json:"completion"`
			} `json:"textDocument"`
		} `json:"capabilities"`
	}
	// lspChange has the whole new text as its last change: the server asks for nothing smaller.
	lspChange struct {
		TextDocument   lspDocument `json:"textDocument"`
		ContentChanges []struct {
			Range *lspRange `json:"range"`
			Text  string    `json:"text"`
		} `json:"contentChanges"`
	}
	lspOf struct {
		TextDocument lspDocument `json:"textDocument"`
	}
	lspAt struct {
		TextDocument lspDocument `json:"textDocument"`
		Position     lspPosition `json:"position"`
	}
	lspMarkup struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	lspHover struct {
		Contents lspMarkup `json:"contents"`
		Range    lspRange  `json:"range"`
	}
	lspTextEdit struct {
		Range   lspRange `json:"range"`
		NewText string   `json:"newText"`
	}
	lspItem struct {
		Label         string       `json:"label"`
		Kind          int          `json:"kind"`
		Detail        string       `json:"detail,omitempty"`
		Documentation *lspMarkup   `json:"documentation,omitempty"`
		SortText      string       `json:"sortText,omitempty"`
		FilterText    string       `json:"filterText,omitempty"`
		TextFormat    int          `json:"insertTextFormat,omitempty"`
		TextEdit      *lspTextEdit `json:"textEdit,omitempty"`
		Data          *lspStep     `json:"data,omitempty"`
	}
	// lspStep is by what the documentation of a step is found.
	lspStep struct {
		Phrase string   `json:"phrase"`
		Forms  []string `json:"forms"` // of its parts
	}
	lspList struct {
		IsIncomplete bool      `json:"isIncomplete"` // the server is asked again when more is typed
		Items        []lspItem `json:"items"`
	}
	lspDiagnostic struct {
		Range    lspRange `json:"range"`
		Severity int      `json:"severity"`
		Source   string   `json:"source"`
		Message  string   `json:"message"`
	}
	lspDiagnostics struct {
		URI         string          `json:"uri"`
		Version     int             `json:"version,omitempty"`
		Diagnostics []lspDiagnostic `json:"diagnostics"`
	}
)

const (
	lspError         = 1 // severity of a diagnostic
	lspInformation   = 3
	lspValueItem     = 12 // kind of an item: a name
	lspSnippetItem   = 15 // kind of an item: a step
	lspPlainText     = 1  // format of what is inserted
	lspSnippetText   = 2
	lspWholeDocument = 1 // how changes are sent
	lspNotReady      = -32002
)
