package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// lockFile takes the directory for this process and returns what gives it back. The kernel gives it back too when the
// process dies, so a lock never outlives its holder. The file stays: to remove it would let two processes lock two
// files of the same name.
func lockFile(path string) (release func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(inUseError(file), file.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	if err := writePID(file); err != nil {
		return nil, errors.Join(fmt.Errorf("write lock file: %w", err), file.Close())
	}
	return func() error {
		return errors.Join(file.Truncate(0), file.Close())
	}, nil
}

func inUseError(file *os.File) error {
	holder := "Stop it"
	if pid := readPID(file); pid > 0 {
		holder = fmt.Sprintf("Stop process %d", pid)
	}
	return fmt.Errorf("%w (%s). %s first, or choose another directory with --database sqlite:<directory>",
		ErrInUse, file.Name(), holder)
}

func writePID(file *os.File) error {
	if err := errors.Join(file.Chmod(fileMode), file.Truncate(0)); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readPID returns 0 if the holder has not written its number yet.
func readPID(file *os.File) int {
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
