package main

import "context"

func migrate(context.Context, environment, []string) error { return nil }
func admin(context.Context, environment, []string) error   { return nil }
func doctor(context.Context, environment, []string) error  { return nil }
func health(context.Context, environment, []string) error  { return nil }
func version(environment, []string) error                  { return nil }
