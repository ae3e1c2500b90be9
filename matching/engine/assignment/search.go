package assignment

import "math"

// search is the state of one shortest path, kept between paths. Nodes are
// positions, then people.
type search struct {
	distance []int64
	stamp    []int32 // of a node: the search that reached it last
	now      int32
	via      []int32 // the edge by which a node was reached
	touched  []int32
	queue    heap
	best     int64 // distance of the nearest end found
	end      int32 // where it is: a position with a place, or a person who stays out
}

func newSearch(nodes int) search {
	return search{distance: make([]int64, nodes), stamp: make([]int32, nodes), via: make([]int32, nodes)}
}

func (s *search) start() {
	s.now++
	s.touched, s.queue = s.touched[:0], s.queue[:0]
	s.best, s.end = math.MaxInt64, -1
}

// reach says whether this is a shorter way to a node, and keeps it.
func (s *search) reach(node int32, distance int64, via int32) bool {
	if distance >= s.best {
		return false
	}
	if s.stamp[node] != s.now {
		s.stamp[node] = s.now
		s.touched = append(s.touched, node)
	} else if distance >= s.distance[node] {
		return false
	}
	s.distance[node], s.via[node] = distance, via
	return true
}

func (s *search) finish(node int32, distance int64) {
	if distance < s.best {
		s.best, s.end = distance, node
	}
}

// cheapest finds the cheapest way for one more proposal of a person: to a place
// left, or pushing others along until one stays out; false when the budget ran
// out, and nothing has changed.
func (f *flow) cheapest(source int32) bool {
	f.start()
	f.reach(source+int32(len(f.positions)), 0, -1)
	f.leave(source, 0)
	for len(f.queue) > 0 && f.queue[0].distance < f.best {
		if f.budget > 0 && f.steps >= f.budget {
			return false
		}
		at := f.queue.pop()
		if at.distance > f.distance[at.node] {
			continue // a longer way to a node already read
		}
		if person := at.node - int32(len(f.positions)); person >= 0 {
			f.leave(person, at.distance)
		} else {
			f.visit(at.node, at.distance)
		}
	}
	return true
}

// leave follows the ways out of a person: staying out, or another position.
func (f *flow) leave(i int32, distance int64) {
	base := distance + f.worth[i]
	if f.out[i] < f.room[i] {
		f.finish(i+int32(len(f.positions)), base+f.lost(i))
	}
	from, to := f.edges(i)
	for e := from; e < to; e++ {
		f.steps++
		// Fits fall along the edges and no price is under minus a minimum:
		// from here on every way is too long.
		if base-f.value[e]-f.minimum >= f.best {
			return
		}
		j := f.to[e]
		if d := base + f.price[j] - f.value[e]; f.slot[e] < 0 && f.reach(j, d, e) {
			f.queue.push(entry{d, j})
		}
	}
}

// visit follows the ways out of a position: a place left, or someone who moves.
func (f *flow) visit(j int32, distance int64) {
	if f.free(j) {
		f.finish(j, distance-f.bonus(j)-f.price[j])
	}
	for _, e := range f.held[j] {
		f.steps++
		i := f.owner[e]
		node, d := i+int32(len(f.positions)), distance+f.value[e]-f.worth[i]-f.price[j]
		switch {
		case !f.reach(node, d, e):
		case d == distance:
			f.leave(i, d)
		default:
			f.queue.push(entry{d, node})
		}
	}
}
