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
	plateau  []int32 // nodes at the distance being read, the last reached first: ties are long, depth finds a place sooner
	best     int64   // distance of the nearest end found
	end      int32   // where it is: a position with a place, or a person who stays out
}

func newSearch(nodes int) search {
	return search{distance: make([]int64, nodes), stamp: make([]int32, nodes), via: make([]int32, nodes)}
}

func (s *search) start() {
	s.now++
	s.touched, s.queue, s.plateau = s.touched[:0], s.queue[:0], s.plateau[:0]
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

// wait keeps a node reached for its turn.
func (s *search) wait(node int32, distance, now int64) {
	if distance == now {
		s.plateau = append(s.plateau, node)
		return
	}
	s.queue.push(entry{distance, node})
}

// next is the nearest node not read yet; false when the nearest end is as near.
func (s *search) next(now int64) (entry, bool) {
	if now >= s.best {
		return entry{}, false
	}
	if last := len(s.plateau) - 1; last >= 0 {
		node := s.plateau[last]
		s.plateau = s.plateau[:last]
		return entry{now, node}, true
	}
	for len(s.queue) > 0 && s.queue[0].distance < s.best {
		if at := s.queue.pop(); at.distance == s.distance[at.node] {
			return at, true
		}
	}
	return entry{}, false
}

// cheapest finds the cheapest way for one more proposal of a person: to a place
// left, or pushing others along until one stays out; false when the budget ran
// out, and nothing has changed.
func (f *flow) cheapest(source int32) bool {
	f.start()
	f.reach(source+int32(len(f.positions)), 0, -1)
	f.leave(source, 0)
	for at, more := f.next(0); more; at, more = f.next(at.distance) {
		if f.budget > 0 && f.steps >= f.budget {
			return false
		}
		if person := at.node - int32(len(f.positions)); person >= 0 {
			f.leave(person, at.distance)
		} else {
			f.visit(at.node, at.distance)
		}
	}
	return true
}

// leave follows the ways out of a person: staying out, or another position. A
// place left is seen as soon as its position is reached.
func (f *flow) leave(i int32, distance int64) {
	base := distance + f.worth[i]
	if f.out[i] < f.room[i] {
		f.finish(i+int32(len(f.positions)), base+f.lost(i))
	}
	from, to := f.edges(i)
	for e := from; e < to && f.best > distance; e++ {
		f.steps++
		// Fits fall along the edges and no price is under minus a minimum:
		// from here on every way is too long.
		if base-f.value[e]-f.minimum >= f.best {
			return
		}
		j := f.to[e]
		d := base + f.price[j] - f.value[e]
		if f.slot[e] >= 0 || !f.reach(j, d, e) {
			continue
		}
		if f.free(j) {
			f.finish(j, d-f.bonus(j)-f.price[j])
		}
		f.wait(j, d, distance)
	}
}

// visit follows the other ways out of a position: someone who moves.
func (f *flow) visit(j int32, distance int64) {
	for _, e := range f.held[j] {
		if f.best <= distance {
			return
		}
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
