package storetest

import "syscall"

// endWithUs lets the kernel end the process when we are killed, so that a stopped test run leaves no server behind.
func endWithUs(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }
