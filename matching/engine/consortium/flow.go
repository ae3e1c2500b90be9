package consortium

// network carries a flow from a source to a sink (Dinic). Arcs go by pairs: an
// arc and the way back.
type network struct {
	head  [][]int32 // arcs that leave each node
	to    []int32
	left  []int64 // what each arc can still carry
	level []int32
	next  []int32
	queue []int32
}

func newNetwork(nodes int) *network {
	return &network{head: make([][]int32, nodes), level: make([]int32, nodes), next: make([]int32, nodes)}
}

// arc adds an arc and gives its number.
func (n *network) arc(from, to int, limit int64) int {
	at := len(n.to)
	n.to = append(n.to, int32(to), int32(from)) //nolint:gosec // few nodes
	n.left = append(n.left, limit, 0)
	n.head[from] = append(n.head[from], int32(at)) //nolint:gosec // few arcs
	n.head[to] = append(n.head[to], int32(at+1))   //nolint:gosec // few arcs
	return at
}

// carried is what an arc carries.
func (n *network) carried(arc int) int64 { return n.left[arc+1] }

// run gives the greatest flow.
func (n *network) run(source, sink int) (total int64) {
	for n.layer(source, sink) {
		clear(n.next)
		for {
			f := n.push(source, sink, unbounded)
			if f == 0 {
				break
			}
			total += f
		}
	}
	return total
}

// layer numbers the nodes by their distance to the source; false when the sink
// can't be reached any more.
func (n *network) layer(source, sink int) bool {
	for i := range n.level {
		n.level[i] = -1
	}
	n.level[source] = 0
	n.queue = append(n.queue[:0], int32(source)) //nolint:gosec // few nodes
	for i := 0; i < len(n.queue); i++ {
		v := n.queue[i]
		for _, a := range n.head[v] {
			if w := n.to[a]; n.left[a] > 0 && n.level[w] < 0 {
				n.level[w] = n.level[v] + 1
				n.queue = append(n.queue, w)
			}
		}
	}
	return n.level[sink] >= 0
}

func (n *network) push(v, sink int, most int64) int64 {
	if v == sink {
		return most
	}
	for ; int(n.next[v]) < len(n.head[v]); n.next[v]++ {
		a := n.head[v][n.next[v]]
		w := n.to[a]
		if n.left[a] == 0 || n.level[w] != n.level[v]+1 {
			continue
		}
		if f := n.push(int(w), sink, min(most, n.left[a])); f > 0 {
			n.left[a] -= f
			n.left[a^1] += f
			return f
		}
	}
	return 0
}
