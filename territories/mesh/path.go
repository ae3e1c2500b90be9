package mesh

import "strconv"

// path writes SVG path data in whole numbers, each relative to the one before.
type path struct {
	data    []byte
	last    Vertex
	drawing bool // the command is already l
}

func (p *path) move(v Vertex) {
	p.data = append(p.data, 'M')
	p.data = strconv.AppendInt(p.data, int64(v.X), 10)
	p.number(v.Y)
	p.last, p.drawing = v, false
}

// line goes on to the points in turn.
func (p *path) line(points []Vertex) {
	for _, v := range points {
		if dx := v.X - p.last.X; p.drawing {
			p.number(dx)
		} else {
			p.data = append(p.data, 'l')
			p.data = strconv.AppendInt(p.data, int64(dx), 10)
			p.drawing = true
		}
		p.number(v.Y - p.last.Y)
		p.last = v
	}
}

// number parts itself from the one before: a minus sign is enough.
func (p *path) number(n int32) {
	if n >= 0 {
		p.data = append(p.data, ' ')
	}
	p.data = strconv.AppendInt(p.data, int64(n), 10)
}

func (p *path) ring(r Ring) {
	p.move(r[0])
	p.line(r[1 : len(r)-1])
	p.data = append(p.data, 'z')
}

// area is the path of a shape, whatever its number of parts.
func area(s Shape) string {
	var p path
	for _, part := range s {
		for _, r := range part {
			p.ring(r)
		}
	}
	return string(p.data)
}

// strokes is the path of lines, drawn end to end as far as they follow.
func strokes(lines [][]Vertex) string {
	var p path
	used := make([]bool, len(lines))
	ends := endsOf(lines)
	for i := range lines {
		if used[i] || len(lines[i]) < 2 {
			continue
		}
		p.move(lines[i][0])
		for at, flip := i, false; at >= 0; at, flip = ends.next(lines, used, p.last) {
			used[at] = true
			p.line(onward(lines[at], flip))
		}
	}
	return string(p.data)
}

// onward lists the points after the first one, in the direction walked.
func onward(line []Vertex, flip bool) []Vertex {
	if !flip {
		return line[1:]
	}
	out := make([]Vertex, 0, len(line)-1)
	for i := len(line) - 2; i >= 0; i-- {
		out = append(out, line[i])
	}
	return out
}

// lineEnds tells which lines begin or end at a vertex.
type lineEnds map[Vertex][]int

func endsOf(lines [][]Vertex) lineEnds {
	ends := make(lineEnds, len(lines))
	for i, l := range lines {
		if len(l) < 2 {
			continue
		}
		for _, v := range []Vertex{l[0], l[len(l)-1]} {
			ends[v] = append(ends[v], i)
		}
	}
	return ends
}

func (e lineEnds) next(lines [][]Vertex, used []bool, v Vertex) (at int, flip bool) {
	for _, i := range e[v] {
		if !used[i] {
			return i, lines[i][0] != v
		}
	}
	return -1, false
}
