package journeys

import (
	"sync"
	"sync/atomic"
)

// Index holds the people and the positions so that either side finds the other
// without comparing every pair. Changes are applied one batch at a time; readers
// take a [View] and never wait.
type Index struct {
	rules *Rules
	mu    sync.Mutex // of writers, with what follows
	spots slots
	now   atomic.Pointer[View]
	tools sync.Pool // *scratch
}

// View is the index at one moment. It doesn't change.
type View struct {
	x         *Index
	people    folk
	offers    []*posting // of people, by occupation
	positions []*Position
	asks      []*posting // of positions, by occupation
	school    *school
	count     [2]int
}

// slots remember where each thing is and which places are free.
type slots struct {
	people        map[PersonID]uint32
	positions     map[PositionID]uint32
	freePeople    []uint32
	freePositions []uint32
}

// New makes an empty index.
func New(cfg Config) *Index {
	x := &Index{rules: NewRules(cfg)}
	x.spots = slots{people: map[PersonID]uint32{}, positions: map[PositionID]uint32{}}
	x.now.Store(&View{x: x, school: &school{}})
	return x
}

// Rules gives what the index judges with, to scan.
func (x *Index) Rules() *Rules { return x.rules }

// View gives the present state.
func (x *Index) View() *View { return x.now.Load() }

// People counts the people held, available or not.
func (v *View) People() int { return v.count[0] }

// Positions counts the positions held.
func (v *View) Positions() int { return v.count[1] }
