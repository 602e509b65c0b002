//go:build !linux

package storetest

import "syscall"

// endWithUs can do nothing here: only Linux tells a child of its parent's end.
func endWithUs(*syscall.SysProcAttr) {}
