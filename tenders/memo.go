package tenders

import (
	"strings"
	"sync"
)

// memo keeps the answers to questions that notices ask again and again: a buyer
// publishes each week, a département is that of every tenth notice. It is
// bounded, and begins anew when it is full. Who takes an answer must not change
// what it points to.
type memo[V any] struct {
	mu   sync.Mutex
	kept map[string]V
}

const (
	// maxMemo bounds the answers kept, longestMemo the questions, in bytes.
	maxMemo     = 2048
	longestMemo = 400
)

// of is the answer kept for a question, or the one that ask gives.
func (m *memo[V]) of(question string, ask func() V) V {
	if len(question) > longestMemo {
		return ask()
	}
	m.mu.Lock()
	answer, known := m.kept[question]
	m.mu.Unlock()
	if known {
		return answer
	}
	answer = ask()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= maxMemo {
		m.kept = map[string]V{}
	}
	m.kept[strings.Clone(question)] = answer // a question may be a part of a whole file
	return answer
}
