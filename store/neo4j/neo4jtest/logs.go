package neo4jtest

import (
	"bytes"
	"os"
	"path/filepath"
)

// logs reads what the server has said since a moment: its own log, and what java wrote.
type logs []struct {
	name string
	from int64
}

func (s *Server) outLog() string { return filepath.Join(s.dir, "logs", "out.log") }

// logs begins to watch now.
func (s *Server) logs() logs {
	l := logs{{name: s.outLog()}, {name: filepath.Join(s.dir, "logs", "neo4j.log")}}
	for i := range l {
		if info, err := os.Stat(l[i].name); err == nil {
			l[i].from = info.Size()
		}
	}
	return l
}

func (l logs) since() []byte {
	var said []byte
	for _, log := range l {
		b, _ := os.ReadFile(log.name)
		if int64(len(b)) >= log.from { // else it was rotated
			b = b[log.from:]
		}
		said = append(said, b...)
	}
	return said
}

// lastLines are the last ten lines that are not of a stack.
func lastLines(said []byte) []byte {
	var kept [][]byte
	for line := range bytes.Lines(said) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 0 && line[0] != '\t' {
			kept = append(kept, line)
		}
	}
	kept = kept[max(0, len(kept)-10):]
	if len(kept) == 0 {
		return []byte("(it said nothing)")
	}
	return bytes.Join(kept, []byte("\n"))
}
