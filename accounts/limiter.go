package accounts

import (
	"container/list"
	"errors"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"maillage/internal/fault"
)

// Limiter slows down whoever asks too often, by key: a client's address, an
// account. It keeps a bounded number of keys and forgets the least recent.
type Limiter struct {
	every time.Duration
	burst int
	keys  int
	now   func() time.Time

	mu    sync.Mutex
	by    map[string]*list.Element
	order *list.List // most recent first
}

// Pace is a rate: Burst at once, then one every Every.
type Pace struct {
	Every time.Duration
	Burst int
	Keys  int // how many callers are remembered; default 10,000
}

type visitor struct {
	key string
	lim *rate.Limiter
}

// NewLimiter makes a limiter; now defaults to time.Now.
func NewLimiter(p Pace, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	if p.Keys <= 0 {
		p.Keys = 10_000
	}
	return &Limiter{every: p.Every, burst: p.Burst, keys: p.Keys, now: now, by: map[string]*list.Element{}, order: list.New()}
}

// Take spends one turn of a key. It answers how long to wait: 0 is go on.
func (l *Limiter) Take(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	r := l.visitor(key).ReserveN(now, 1)
	if !r.OK() {
		return time.Duration(math.MaxInt64)
	}
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now) // a refused turn is not spent
	}
	return wait
}

// Forget gives a key all its turns back: a good password clears the account.
func (l *Limiter) Forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.by[key]; ok {
		l.order.Remove(e)
		delete(l.by, key)
	}
}

func (l *Limiter) visitor(key string) *rate.Limiter {
	if e, ok := l.by[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(*visitor).lim
	}
	for len(l.by) >= l.keys {
		last := l.order.Back()
		l.order.Remove(last)
		delete(l.by, last.Value.(*visitor).key)
	}
	v := &visitor{key: key, lim: rate.NewLimiter(rate.Every(l.every), l.burst)}
	l.by[key] = l.order.PushFront(v)
	return v.lim
}

// TooMany is the fault of somebody who must wait. Doors find the wait in it with WaitOf.
func TooMany(wait time.Duration) error {
	return fault.New(fault.KindTooMany, "too-many",
		"Trop de tentatives en peu de temps. Réessayez dans un moment.",
		"Too many attempts in a short time. Try again in a while.").Because(waiting{wait})
}

type waiting struct{ wait time.Duration }

func (w waiting) Error() string { return "wait " + w.wait.String() }

// WaitOf tells the seconds for a Retry-After header, at least 1.
func WaitOf(err error) int {
	var w waiting
	if !errors.As(err, &w) || w.wait > time.Hour {
		return 3600
	}
	return max(1, int(math.Ceil(w.wait.Seconds())))
}
