package mesh

// simplify drops the corners that lie within tolerance of the line kept (Douglas
// and Peucker 1973), working in place. Both ends stay; a closed line is parted at
// its farthest corner first, so that a small island does not vanish into a stroke.
func simplify(line []Vertex, tolerance float64) []Vertex {
	line = distinct(line)
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	if line[0] == line[len(line)-1] {
		half := farthest(line)
		keep[half] = true
		peucker(line, keep, 0, half, tolerance*tolerance)
		peucker(line, keep, half, len(line)-1, tolerance*tolerance)
	} else {
		peucker(line, keep, 0, len(line)-1, tolerance*tolerance)
	}
	out := line[:0]
	for i, v := range line {
		if keep[i] {
			out = append(out, v)
		}
	}
	return out
}

// distinct drops the corners that repeat the one before; the last one stays, so
// that a line never loses its end.
func distinct(line []Vertex) []Vertex {
	out := line[:1]
	for _, v := range line[1:] {
		if v != out[len(out)-1] {
			out = append(out, v)
		}
	}
	if len(out) == 1 && len(line) > 1 {
		out = append(out, out[0])
	}
	return out
}

func peucker(line []Vertex, keep []bool, from, to int, tolerance2 float64) {
	for to-from > 1 {
		worst, at := -1.0, 0
		for i := from + 1; i < to; i++ {
			if d := offLine2(line[i], line[from], line[to]); d > worst {
				worst, at = d, i
			}
		}
		if worst <= tolerance2 {
			return
		}
		keep[at] = true
		peucker(line, keep, from, at, tolerance2)
		from = at
	}
}

func farthest(line []Vertex) int {
	worst, at := -1.0, 0
	for i, v := range line {
		if d := offLine2(v, line[0], line[0]); d > worst {
			worst, at = d, i
		}
	}
	return at
}

// offLine2 is the squared distance of p to the segment ab.
func offLine2(p, a, b Vertex) float64 {
	dx, dy := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	px, py := float64(p.X)-float64(a.X), float64(p.Y)-float64(a.Y)
	length2 := dx*dx + dy*dy
	if length2 == 0 {
		return px*px + py*py
	}
	t := min(1, max(0, (px*dx+py*dy)/length2))
	ex, ey := px-t*dx, py-t*dy
	return ex*ex + ey*ey
}
