package main

// A language server for editors, as the Language Server Protocol 3.17 has it:
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sourcegraph/jsonrpc2"
)

type lspCommand struct {
	Profile string `placeholder:"FILE" help:"Check this profile too, as lint does. Default: kafkaspec.yaml in the folder that the editor has open, if it exists."`
	Stdio   bool   `help:"Talk over standard input and output. That is always so; the flag is accepted because editors pass it."`
}

// Run serves an editor until that says exit or closes the standard input.
func (l *lspCommand) Run(c *console) error {
	file := l.Profile
	if file != "" {
		var err error
		if file, err = filepath.Abs(file); err != nil {
			return usage("--profile: %v", err)
		}
	}
	s := newLanguageServer(file)
	if err := s.serve(c.ctx, os.Stdin, c.stdout); err != nil {
		return err
	}
	if s.left && !s.ended {
		panic(exited(exitFailed)) // as the protocol wants where the editor did not say shutdown first
	}
	return nil
}

// serve answers messages until the editor leaves. Input that is no message of the protocol ends it with an error.
func (s *languageServer) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	served, cancel := context.WithCancel(ctx)
	defer cancel()
	messages := &framed{}
	conn := jsonrpc2.NewConn(served, jsonrpc2.NewBufferedStream(ends{in, out}, messages),
		jsonrpc2.HandlerWithError(s.handle).SuppressErrClosed(), jsonrpc2.SetLogger(log.New(io.Discard, "", 0)))
	checked := make(chan struct{})
	go func() {
		defer close(checked)
		s.check(served, conn)
	}()
	<-conn.DisconnectNotify()
	cancel()
	<-checked
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !s.left && messages.failed != nil {
		return usage("the editor's input: %v", messages.failed)
	}
	return nil
}

// ends are the two ends of a connection. Closing it closes the input, where that can be, so that nobody reads on.
type ends struct {
	io.Reader
	io.Writer
}

// Close implements io.Closer.
func (e ends) Close() error {
	if c, ok := e.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

const (
	mostHeaders = 16
	mostMessage = 16 << 20 // bytes: an editor sends whole files
)

// framed reads messages as the protocol frames them. Unlike the codec that it writes with, it bounds what it reads.
type framed struct {
	jsonrpc2.VSCodeObjectCodec
	failed error // why reading ended; nil for the end of the input between two messages
}

// ReadObject implements jsonrpc2.ObjectCodec.
func (f *framed) ReadObject(from *bufio.Reader, into any) error {
	length, err := readHeaders(from)
	if err == nil {
		body := make([]byte, length)
		if _, err = io.ReadFull(from, body); err != nil {
			err = fmt.Errorf("it ends within a message of %d bytes: %w", length, io.ErrUnexpectedEOF)
		} else if err = json.Unmarshal(body, into); err != nil {
			err = fmt.Errorf("got a message that is not JSON-RPC: %w", err)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		f.failed = err
	}
	return err
}

// readHeaders returns the length of the message behind them, or io.EOF where nothing follows.
func readHeaders(from *bufio.Reader) (length int, err error) {
	length = -1
	for count := 0; ; count++ {
		line, err := from.ReadSlice('\n')
		header := strings.TrimSpace(string(line))
		switch {
		case errors.Is(err, io.EOF) && count == 0 && len(line) == 0:
			return 0, io.EOF
		case errors.Is(err, bufio.ErrBufferFull) || count == mostHeaders:
			return 0, errors.New("got a header that does not end; want Content-Length and an empty line")
		case err != nil:
			return 0, fmt.Errorf("it ends within a header: %w", io.ErrUnexpectedEOF)
		case header == "" && length < 0:
			return 0, errors.New("got a message without Content-Length")
		case header == "":
			return length, nil
		}
		name, value, found := strings.Cut(header, ":")
		if !found {
			return 0, fmt.Errorf("got the line %.60q, want a header such as Content-Length: 80", header)
		}
		if !strings.EqualFold(name, "Content-Length") {
			continue
		}
		length, err = strconv.Atoi(strings.TrimSpace(value))
		if err != nil || length < 0 || length > mostMessage {
			return 0, fmt.Errorf("got Content-Length %.60q, want a number up to %d", value, mostMessage)
		}
	}
}
