package journeys

// tally adds up the marks of a pair.
type tally struct {
	points, known, applied, trusted float64
	missed                          uint16 // gates, by criterion
	silent                          int    // gates that nothing answers
}

// add counts one mark. The products are rounded before they are added, so that
// every machine gives the same score.
func (t *tally) add(c Criterion, isGate bool, m mark) {
	if isGate && m.state == Missed {
		t.missed |= 1 << c
	}
	if !m.counted {
		if isGate && m.state == Unknown {
			t.silent++
		}
		return
	}
	t.applied += m.weight
	if m.state == Unknown {
		if isGate {
			t.silent++
		}
		return
	}
	t.known += m.weight
	t.points += float64(m.weight * m.value)
	if m.assumed {
		t.trusted += m.weight / 2
		return
	}
	t.trusted += m.weight
}

// score is the share of the points among the known ones, out of 100, rounded
// once.
func (t *tally) score() int { return share(t.points, t.known) }

// share is what part the points are of those known, out of 100.
func share(points, known float64) int {
	if known == 0 {
		return 0
	}
	return int(float64(100*points)/known + 0.5)
}

// confidence is 0 to 100: the share of the weights that rests on known facts, a
// supposed one counting half, less ten for each gate that nothing answers.
func (t *tally) confidence() int {
	if t.applied == 0 {
		return 0
	}
	return max(0, int(float64(100*t.trusted)/t.applied+0.5)-10*t.silent)
}
