package record

import "maillage/indicators/disclosure/anonymity"

// reader is who knows that a person is in some files and not in others, and what
// these would tell them: which sensitive variables.
type reader struct {
	in, out uint
	learns  []int
}

// readers are those whom a class must be safe from. Who knows that somebody left is
// told by both files; who knows that somebody is in one alone is told by that one,
// and knows from it that they left, or did not. Who reads the workers, and does not
// know that, must not learn it.
func readers() []reader {
	return []reader{
		{in: inExits | inWorkers, learns: []int{theMotive, theDays, thePlacement}},
		{in: inExits, out: inWorkers, learns: []int{theMotive, theDays}},
		{in: inWorkers, out: inExits, learns: []int{thePlacement}},
		{in: inWorkers, learns: []int{theMotive, thePlacement}},
	}
}

func (r reader) looksAt(in uint) bool { return in&r.in == r.in && in&r.out == 0 }

// of are readers as package anonymity has them, of the sensitive variables that are told.
func of(told []int) []anonymity.Reader {
	var out []anonymity.Reader
	for _, r := range readers() {
		a := anonymity.Reader{In: r.in, Out: r.out}
		for at, s := range told {
			for _, l := range r.learns {
				if l == s {
					a.Learns = append(a.Learns, at)
				}
			}
		}
		out = append(out, a)
	}
	return out
}
