package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// healthBudget is how long the server may take to answer; container engines give up after 30 s by default.
const healthBudget = 3 * time.Second

// health asks the running server whether it is well. Every failure is exit code 1: container engines reserve 2.
func health(ctx context.Context, env environment, args []string) error {
	own := newFlags("health")
	l, err := configure(env, own, args, 0)
	if errors.Is(err, errHelped) {
		return err
	}
	if err != nil {
		return errors.New("not well: " + err.Error()) // not wrapped: its kind would make it exit code 2
	}
	for _, listen := range l.healthAddresses() {
		address, err := reachable(listen)
		if err != nil {
			return fmt.Errorf("not well: %w", err)
		}
		if err := askHealth(ctx, address); err != nil {
			return fmt.Errorf("not well: http://%s/healthz: %w", address, err)
		}
		if _, err := fmt.Fprintf(env.Stdout, "well: http://%s/healthz\n", address); err != nil {
			return err
		}
	}
	return nil
}

// healthAddresses are the addresses at which serve answers. Where nothing is configured that is the pages': whoever asks
// may know less of the configuration than whoever serves.
func (c Config) healthAddresses() []string {
	switch {
	case !c.Scanning():
		return []string{c.Listen}
	case !c.Bridge():
		return []string{c.Scan.Listen}
	}
	return []string{c.Listen, c.Scan.Listen}
}

func askHealth(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, healthBudget)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return err
	}
	// A transport of its own: http_proxy is not for this machine.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: dontFollow}
	response, err := client.Do(request)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("answers %s", response.Status)
	}
	return nil
}

func dontFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// reachable turns the address that the server listens on into one that can be called: 0.0.0.0 means every address.
func reachable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if port == "0" {
		return "", errors.New("listen has port 0, which is another one at every start")
	}
	switch ip := net.ParseIP(host); {
	case host == "":
		host = "127.0.0.1"
	case ip == nil || !ip.IsUnspecified():
	case ip.To4() != nil:
		host = "127.0.0.1"
	default:
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}
