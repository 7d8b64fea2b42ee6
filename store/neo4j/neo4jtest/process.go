package neo4jtest

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is one run of the server.
type process struct {
	proc *os.Process
	done chan struct{} // closed when it has ended
}

// launch starts cmd attached to this process. The goroutine that starts it keeps its thread until the child ends, since
// Linux sends the parent's death signal when that thread ends, not when the process does.
func launch(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = attached()
	p, started := &process{done: make(chan struct{})}, make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		p.proc = cmd.Process
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// kill ends it at once and waits until it is gone, and with it its locks and its port.
func (p *process) kill() {
	_ = p.proc.Kill()
	<-p.done
}

// stop asks it to end, and kills it when it has not after grace or when quit is closed.
func (p *process) stop(grace time.Duration, quit <-chan struct{}) {
	if p.proc.Signal(syscall.SIGTERM) != nil {
		p.kill() // it ended, or the system has no such signal
		return
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.kill()
	case <-quit:
		p.kill()
	}
}
