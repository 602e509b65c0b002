package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // a container without zone files still knows Europe/Berlin
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	env := environment{Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Now: time.Now}
	code := run(ctx, env, os.Args[1:])
	stop()
	os.Exit(code)
}

// environment is what a command sees of the world: tests give it a small one.
type environment struct {
	Stdout  io.Writer
	Stderr  io.Writer
	Environ []string // KEY=value
	Now     func() time.Time
}

// The exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // it was tried and did not work
	exitUsage   = 2 // it was not tried: arguments or configuration are wrong
)

// run executes one command and returns the exit code. It is the one place where errors are shown to the person who typed.
func run(ctx context.Context, env environment, args []string) int {
	err := dispatch(ctx, env, args)
	code := codeOf(err)
	if code != exitOK && !errors.Is(err, errReported) {
		fmt.Fprintf(env.Stderr, "einlass: %v\n", err)
	}
	return code
}

// codeOf says with which exit code a command ends.
func codeOf(err error) int {
	if err == nil || errors.Is(err, errHelped) {
		return exitOK
	}
	if _, wrong := errors.AsType[complaints](err); wrong {
		return exitUsage
	}
	if _, wrong := errors.AsType[usageError](err); wrong {
		return exitUsage
	}
	return exitFailure
}

// dispatch finds the command.
func dispatch(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(env.Stderr, usage)
		return usageError("a command is missing")
	}
	name, args := args[0], args[1:]
	switch name {
	case "serve":
		return serve(ctx, env, args)
	case "demo":
		return demo(ctx, env, args)
	case "migrate":
		return migrate(ctx, env, args)
	case "admin":
		return admin(ctx, env, args)
	case "doctor":
		return doctor(ctx, env, args)
	case "health":
		return health(ctx, env, args)
	case "version", "--version", "-version":
		return version(env, args)
	case "help", "--help", "-help", "-h":
		return help(ctx, env, args)
	}
	return unknownWord("command", name, commandNames)
}
