package neo4jtest

import "syscall"

// attached makes a child end with its parent, and keeps the terminal's interrupt from reaching it before its parent's
// clean-up does. The kernel watches the thread that started the child: see launch.
func attached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
