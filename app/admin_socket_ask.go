package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"
	"unicode/utf8"
)

// errNoAnswer is for a line that broke after the request was sent: the command may have been done or not.
var errNoAnswer = errors.New("the einlass that serves did not answer; whether the command was done is not known: look before you repeat it")

// handOver asks the einlass that holds the database to do the command. inUse is the error that says who holds it.
func (o adminCall) handOver(ctx context.Context, env environment, inUse error) error {
	request, err := o.request()
	if err != nil {
		return err
	}
	path, err := adminSocketPath(o.Database)
	if err != nil {
		return fmt.Errorf("%w. It cannot be asked to do it either: %w", inUse, err)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("%w. It cannot be asked to do it either: %w", inUse, err)
	}
	defer func() { _ = conn.Close() }() // everything has been read, or nothing will be
	answer, err := ask(ctx, conn, request)
	if err != nil {
		return fmt.Errorf("%w (%w)", errNoAnswer, err)
	}
	return answer.show(env)
}

// request returns the command as one line of JSON. It is a usageError if that is too long or not UTF-8.
func (o adminCall) request() ([]byte, error) {
	args := append(slices.Clone(o.flags), "--")
	args = append(args, o.rest...)
	if slices.ContainsFunc(args, func(a string) bool { return !utf8.ValidString(a) }) {
		return nil, usageError("what was typed holds bytes that are no text (UTF-8)")
	}
	line, err := json.Marshal(adminRequest{Command: o.name, Args: args, Timezone: o.Timezone.String(), BaseURLs: o.BaseURLs})
	if err != nil {
		return nil, err
	}
	line = append(line, '\n')
	if len(line) > adminRequestLimit {
		return nil, usageError("what was typed is too long")
	}
	return line, nil
}

// ask sends the request and reads the answer. It waits for adminPatience at most.
func ask(ctx context.Context, conn net.Conn, request []byte) (a adminAnswer, err error) {
	if err := conn.SetDeadline(time.Now().Add(adminPatience)); err != nil {
		return a, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(request); err != nil {
		return a, err
	}
	err = json.NewDecoder(io.LimitReader(conn, adminAnswerLimit)).Decode(&a)
	return a, err
}

// show writes what the command printed and returns its error, of the kind that gives the same exit code.
func (a adminAnswer) show(env environment) error {
	if _, err := env.Stdout.Write(a.Stdout); err != nil {
		return err
	}
	switch a.Code {
	case exitOK:
		return nil
	case exitUsage:
		return usageError(a.Stderr)
	}
	return errors.New(a.Stderr)
}
