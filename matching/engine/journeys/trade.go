package journeys

import "slices"

// class says how an occupation answers.
type class uint8

const (
	stranger  class = iota
	neighbour       // to be spoken of: close, or practised and not wished
	fitting
)

// What a wish is worth by its rank, and what was practised by somebody who
// wished nothing. They are choices of this project.
var rankWorth = [...]float64{1, 0.95, 0.9, 0.85}

const heldWorth = 0.8

// fit is the best occupation of a person for a position.
type fit struct {
	code     uint32
	rank     uint8 // of the wish, from 0
	class    class
	held     bool
	silent   bool // the person has no occupation at all
	open     bool // the position names none
	every    bool // it is a training for every trade
	close    float64
	value    float64
	unwished bool // practised, while something else was wished
}

// fits finds the occupation that answers best: by class, then value, then the
// order in which the person told them.
func (q *question) fits(w *who) fit {
	if q.every {
		return q.fitsEvery(w)
	}
	best := fit{silent: len(w.occs) == 0, open: len(q.targets) == 0}
	for i, o := range w.occs {
		f := q.fit(o&^heldBit, i, o&heldBit != 0, w.traits&wishing != 0)
		if f.class > best.class || f.class == best.class && f.value > best.value {
			best = f
		}
	}
	return best
}

func (q *question) fit(code uint32, rank int, held, wishing bool) fit {
	f := fit{code: code, held: held, unwished: held && wishing, close: q.value(code)}
	f.value = f.close
	if held {
		f.value *= heldWorth
	} else {
		f.rank = uint8(min(rank, len(rankWorth)-1))
		f.value *= rankWorth[f.rank]
	}
	switch {
	case f.close < nearEnough || f.unwished && f.close < closeEnough:
		f.class = stranger
	case f.close < closeEnough || f.unwished:
		f.class = neighbour
	default:
		f.class = fitting
	}
	return f
}

// mark is a gate and a grade. A position or a person without occupation matches
// nobody, but for a training for every trade: there is nothing to compare.
func (f *fit) mark() mark {
	if f.class != fitting {
		return mark{state: Missed, counted: true, weight: weightTrade}
	}
	m := mark{state: Partial, counted: true, assumed: f.held, value: f.value, weight: weightTrade}
	if f.close == 1 && !f.held {
		m.state = Met
	}
	return m
}

func (q *question) explainTrade(w *who, f fit) Finding {
	out := Finding{Criterion: Trade, Gate: true, Key: "occupation.other"}
	switch {
	case f.every:
		out.Key = "occupation.every"
		return out.with(f.mark())
	case f.open:
		out.Key = "occupation.unasked"
		return out.with(f.mark())
	case f.silent:
		out.Key = "occupation.unsaid"
		return out.with(f.mark())
	}
	if f.class == stranger {
		f.code = w.occs[0] &^ heldBit
		out.By, out.Unit = 1, Proximity
	}
	target := q.target(f.code)
	out.Params.Offered = Occupation(q.r.book.trades.text(f.code))
	out.Params.Asked = Occupation(q.r.book.trades.text(target))
	switch {
	case f.class == stranger:
	case f.unwished:
		out.Key = "occupation.unwished"
	case f.class == neighbour:
		out.Key, out.By, out.Unit = "occupation.far", float32(closeEnough-f.close), Proximity
	default:
		out.Key = q.kinship(&f, target)
	}
	if !f.held && f.class != stranger {
		out.Params.Rank = f.rank + 1
	}
	return out.with(f.mark())
}

// target is the occupation asked that is the nearest to one, the first among equals.
func (q *question) target(code uint32) uint32 {
	if slices.Contains(q.targets, code) {
		return code
	}
	best, value := q.targets[0], -1.0
	for _, t := range q.targets {
		v := 0.0
		for _, x := range q.r.book.relatives(t) {
			if x.code == code {
				v = x.value
				break
			}
		}
		if v > value {
			best, value = t, v
		}
	}
	return best
}

// kinship chooses the sentence of an occupation that fits.
func (q *question) kinship(f *fit, target uint32) string {
	switch {
	case f.code == target && f.held:
		return "occupation.held_same"
	case f.code == target:
		return "occupation.same"
	case f.held:
		return "occupation.held_close"
	case f.close <= closeEnough:
		return "occupation.domain"
	}
	return "occupation.close"
}
