//go:build unix && !linux

package neo4jtest

import "syscall"

// attached keeps the terminal's interrupt from reaching a child before its parent's clean-up does. These systems cannot
// tie its life to the parent's: a test binary that is killed leaves a server behind.
func attached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
