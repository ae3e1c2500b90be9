package assignment

// entry is a node at a distance. Nodes are positions, then people.
type entry struct {
	distance int64
	node     int32
}

func (a entry) before(b entry) bool {
	return a.distance < b.distance || a.distance == b.distance && a.node < b.node
}

// heap of entries, the nearest first. container/heap would box each of them.
type heap []entry

func (h *heap) push(x entry) {
	*h = append(*h, x)
	s := *h
	at := len(s) - 1
	for at > 0 {
		up := (at - 1) / 2
		if !x.before(s[up]) {
			break
		}
		s[at] = s[up]
		at = up
	}
	s[at] = x
}

func (h *heap) pop() entry {
	s := *h
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) > 0 {
		s.sink(x)
	}
	return top
}

// sink places an entry from the root down.
func (h heap) sink(x entry) {
	at := 0
	for {
		down := 2*at + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && h[down+1].before(h[down]) {
			down++
		}
		if !h[down].before(x) {
			break
		}
		h[at] = h[down]
		at = down
	}
	h[at] = x
}
