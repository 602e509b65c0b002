package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
)

// Free space of the folder with the SQLite files. A scan takes less than a kilobyte, the copy of 100,000 tickets some
// 500 MB while it is made.
const (
	diskTight = 2 << 30   // bytes
	diskFull  = 256 << 20 // bytes
)

// freeSpace returns how many bytes may still be written where the database is. Without a folder of ours it is unknown,
// and known is false.
func freeSpace(database DatabaseURL) (bytes int64, known bool, err error) {
	folder, lite := strings.CutPrefix(database.Reveal(), "sqlite:")
	if !lite {
		return 0, false, nil
	}
	folder, err = filepath.Abs(strings.TrimPrefix(folder, "//"))
	if err != nil {
		return 0, false, err
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return 0, false, fmt.Errorf("free space of %s: %w", folder, err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), true, nil
}

// gigabytes writes a size as people say it.
func gigabytes(bytes int64) string { return fmt.Sprintf("%.1f GB", float64(bytes)/1e9) }
