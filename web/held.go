package web

import (
	"sync"
	"time"
)

// held keeps an answer that is dear to make and may be a minute old: the dots of a map of the whole
// country. What a person decides on is never held.
type held[T any] struct {
	mu   sync.Mutex
	at   time.Time
	last T
}

// get gives the answer, made again when it is older than a minute. Those who ask meanwhile wait for
// the one who makes it.
func (h *held[T]) get(now time.Time, make func() (T, error)) (T, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := now.Sub(h.at); !h.at.IsZero() && age >= 0 && age < time.Minute {
		return h.last, nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	h.at, h.last = now, made
	return made, nil
}
