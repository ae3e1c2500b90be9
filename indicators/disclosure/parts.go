package disclosure

import (
	"runtime"
	"sync"
)

// hiddenParts splits what the reader does not know in parts that no relation ties together.
func (s *System) hiddenParts() [][]int {
	return s.parts(func(v int) bool { return !s.Variables[v].Known() && !s.standsStill(v) })
}

// parts splits the variables that move in connected parts, sorted.
func (s *System) parts(moves func(v int) bool) [][]int {
	ties := newTies(len(s.Variables))
	for _, r := range s.Relations {
		first := -1
		for _, t := range r.Terms {
			switch {
			case !moves(t.Variable):
			case first < 0:
				first = t.Variable
			default:
				ties.tie(first, t.Variable)
			}
		}
	}
	var parts [][]int
	at := map[int]int{}
	for v := range s.Variables {
		if !moves(v) {
			continue
		}
		root := ties.root(v)
		if _, there := at[root]; !there {
			at[root] = len(parts)
			parts = append(parts, nil)
		}
		parts[at[root]] = append(parts[at[root]], v)
	}
	return parts
}

// ties is a union-find whose roots are the least members.
type ties []int

func newTies(n int) ties {
	t := make(ties, n)
	for i := range t {
		t[i] = i
	}
	return t
}

func (t ties) root(i int) int {
	for t[i] != i {
		t[i] = t[t[i]]
		i = t[i]
	}
	return i
}

func (t ties) tie(a, b int) {
	a, b = t.root(a), t.root(b)
	t[max(a, b)] = min(a, b)
}

// among keeps the members of a part that are wanted.
func among(part []int, wanted map[int]int) []int {
	var mine []int
	for _, v := range part {
		if _, there := wanted[v]; there {
			mine = append(mine, v)
		}
	}
	return mine
}

// each runs the tasks on every processor and gives the first error in their order.
func each(n int, run func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = run(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
