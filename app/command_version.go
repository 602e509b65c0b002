package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is set by the linker (-X main.release=v1.2.3); without, the build info tells.
var release = ""

// version shows what this program is.
func version(env environment, args []string) error {
	if len(args) > 0 {
		return usageError("version takes no arguments")
	}
	_, err := fmt.Fprintf(env.Stdout, "einlass %s (%s, %s/%s; databases: sqlite, postgres)\n",
		releaseName(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// releaseName is the version of this program: the linker's, the module's, or the commit it was built from.
func releaseName() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
