package main

import (
	"context"
	"errors"
)

// serve runs the faces that are configured.
func serve(_ context.Context, env environment, args []string) error {
	if _, err := configureServe(env, args); err != nil {
		return err
	}
	return errors.New("serve is not built yet")
}
