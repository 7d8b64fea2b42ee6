//go:build !unix

package neo4jtest

import "syscall"

func attached() *syscall.SysProcAttr { return nil }
