package main

import (
	"errors"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

func newPretix(cfg PretixConfig) (*pretix.Client, error) {
	return pretix.New(pretix.Config{
		BaseURL: cfg.URL, Token: pretix.Token(cfg.Token.Reveal()), Organizer: cfg.Organizer,
		AllowHTTP: cfg.AllowHTTP, UserAgent: "einlass/" + releaseName(),
	})
}

func newBBB(cfg BBBConfig) (*bbb.Client, error) {
	return bbb.New(bbb.Config{BaseURL: cfg.URL, Secret: bbb.Secret(cfg.Secret.Reveal()), Hash: bbb.Hash(cfg.Hash)})
}

func isInUse(err error) bool { return errors.Is(err, store.ErrInUse) }
