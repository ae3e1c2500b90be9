package delays

import (
	"cmp"
	"slices"
	"strings"
)

// elsewhere begins the code of what is out of a perimeter: it is never shown, and
// counts among what is left of a whole.
const elsewhere = "\uffff"

// few tells whether waits are too few to be told of, of too few economic groups, or
// all alike: to say that nobody had an answer, or everybody, would tell it of each;
// so would a step of a few. A thing is counted once.
func (t Topic) few(waits []wait) bool {
	spells := t.spells(waits)
	events := 0
	for _, s := range spells {
		if s.Event {
			events++
		}
	}
	return len(spells) < Few || contributors(waits) < FewGroups || events < Step || events == len(spells)
}

// flat tells whether the part of a curve that would be shown has no event: it would
// say of everybody that they had none.
func (t Topic) flat(waits []wait) bool {
	g, err := drawn("", t.spells(waits))
	return err != nil || g.Answered == 0
}

func contributors(waits []wait) int {
	seen := map[string]bool{}
	for _, w := range waits {
		seen[w.contributor] = true
	}
	return len(seen)
}

// withheld are the groups of few; those that leave few in a whole that they are
// taken from; and the smallest of a whole where all that is told of it leaves few.
func withheld(topic Topic, waits []wait, code coder, wholes []coder) map[string]bool {
	out, by := map[string]bool{}, parted(waits, code)
	for c, of := range by {
		if strings.HasPrefix(c, elsewhere) || topic.few(of) || topic.flat(of) {
			out[c] = true
		}
	}
	for again := true; again; {
		again = false
		for _, whole := range wholes {
			for _, of := range parted(waits, whole) {
				if c, found := topic.unsafe(of, code, out); found {
					out[c], again = true, true
				}
			}
		}
	}
	return out
}

// unsafe is a group of a whole that is not to be told, the others being so.
func (t Topic) unsafe(whole []wait, code coder, hidden map[string]bool) (group string, found bool) {
	by, told := parted(whole, code), []string{}
	for c := range by {
		if !hidden[c] {
			told = append(told, c)
		}
	}
	slices.SortFunc(told, func(a, b string) int { return cmp.Or(len(t.spells(by[a]))-len(t.spells(by[b])), cmp.Compare(a, b)) })
	var all []wait
	for _, c := range told {
		if t.leavesFew(whole, by[c]) {
			return c, true
		}
		all = append(all, by[c]...)
	}
	if len(told) > 0 && t.leavesFew(whole, all) {
		return told[0], true
	}
	return "", false
}

// leavesFew tells whether the things of a whole that a part has nothing of are few.
func (t Topic) leavesFew(whole, part []wait) bool {
	in := map[int64]bool{}
	for _, w := range part {
		in[w.id] = true
	}
	var rest []wait
	for _, w := range whole {
		if !in[w.id] {
			rest = append(rest, w)
		}
	}
	return len(t.spells(rest)) > 0 && t.few(rest)
}

func parted(waits []wait, code coder) map[string][]wait {
	out := map[string][]wait{}
	for _, w := range waits {
		out[code(w)] = append(out[code(w)], w)
	}
	return out
}
