package testkit

import (
	"bytes"
	"sync"
)

// Transcript is what a process says, read while it speaks.
type Transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *Transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *Transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
