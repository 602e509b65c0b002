package main

import "context"

// takeTurn says whether this process exchanges with pretix now. While another one on the same database does, this one
// looks after its scanners, and takes over when the other one ends.
func (s *scanFace) takeTurn(ctx context.Context) bool {
	ours, err := s.turn.Take(ctx)
	if s.failed(ctx, "turn to exchange with pretix not taken", err) {
		return false
	}
	if ours {
		s.takeOver(ctx)
		return true
	}
	if !s.waits {
		s.waits = true
		s.Log.InfoContext(ctx, "exchange with pretix left to another process on this database")
	}
	s.failed(ctx, "scan proxy not connected to pretix", s.standBy(ctx))
	return false
}

// takeOver begins where the other process has left off, as the device that pretix knows by now.
func (s *scanFace) takeOver(ctx context.Context) {
	if !s.waits {
		return
	}
	s.waits = false
	s.link.close()
	s.link = nil
	s.Log.InfoContext(ctx, "exchange with pretix taken over from another process")
}

// standBy learns what scanners are told about pretix. Becoming a device is up to the process whose turn it is.
func (s *scanFace) standBy(ctx context.Context) error {
	if s.link != nil {
		return nil
	}
	device, known, err := s.Store.PretixDevice(ctx)
	if err != nil || !known || device.URL != s.Pretix.URL {
		return err
	}
	return s.connectAs(ctx, device)
}
