package main

import (
	"context"
	"errors"

	"github.com/einlass/einlass/bbb"
)

// noMeeting is a meetingID that nobody uses: asking for it proves the secret where getMeetings is switched off.
const noMeeting = "einlass-doctor-asks"

// bbb checks the room server: whether it answers, and whether it accepts our checksum.
func (d *checkup) bbb(ctx context.Context) {
	cfg := d.options.BBB
	if cfg.URL == "" || cfg.Secret == "" {
		return // configuration has said so
	}
	client, err := newBBB(cfg)
	if err != nil {
		d.bad("see the options bbb_…", "bbb: %v", err)
		return
	}
	p, ok := d.reach(ctx, "bbb", cfg.URL, "is bbb_url right, and may this machine call it?")
	if !ok {
		return
	}
	d.clock("bbb", p)
	version, err := client.Version(ctx)
	if err != nil {
		d.bad("is bbb_url what bbb-conf --secret prints?", "bbb: there is no BigBlueButton at %s: %v", cfg.URL, err)
		return
	}
	if version.BBB != "" {
		d.good("bbb: version %s", version.BBB)
	}
	if err := provesSecret(ctx, client); err != nil {
		d.bad(bbbCure(err), "bbb: %v", err)
		return
	}
	d.good("bbb: answers, and accepts secret and hash")
}

func provesSecret(ctx context.Context, client *bbb.Client) error {
	if _, err := client.Meetings(ctx); err == nil || bbbClass(err) == bbb.Misconfigured {
		return err
	}
	_, err := client.MeetingInfo(ctx, noMeeting)
	if bbbClass(err) == bbb.NotRunning {
		return nil
	}
	return err
}

func bbbClass(err error) bbb.Class {
	if failed, ok := errors.AsType[*bbb.Error](err); ok {
		return failed.Class
	}
	return bbb.Unavailable
}

func bbbCure(err error) string {
	if bbbClass(err) == bbb.Misconfigured {
		return "set bbb_secret to what bbb-conf --secret prints; a very old server or balancer needs bbb_hash=sha1"
	}
	return "is BigBlueButton running? bbb-conf --check on its machine tells"
}
