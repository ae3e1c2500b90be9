package territories

import (
	"testing"

	"maillage/territories/cog"
)

// 584 codes are those of a commune and of a delegated one at once: a code
// without its kind names nothing. The movements tell it: a delegated commune
// lasts from the row that makes it to the row that ends it, and that of a
// seat ends without a row when it is the last of its commune.
func TestCodesOfACommuneAndOfADelegatedOne(t *testing.T) {
	t.Parallel()
	rows, err := cog.ReadMovements(cog.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	a := atlas(t)
	delegated := delegatedCommunes(rows)
	others := map[CommuneCode]int{}
	for c := range delegated {
		for _, now := range a.Resolve(c, a.vintage).Current {
			if now.Code != c {
				others[now.Code]++
			}
		}
	}
	both := 0
	for c := range delegated {
		if _, current := a.ordinals[c]; current && others[c] > 0 {
			both++
		}
	}
	if both != 584 {
		t.Errorf("%d codes are both a commune and a delegated one, want 584", both)
	}
}

// delegatedCommunes replays the delegated communes; the rows of a date are
// one event.
func delegatedCommunes(rows []cog.Movement) map[CommuneCode]bool {
	alive := map[CommuneCode]bool{}
	for start := 0; start < len(rows); {
		end := start
		for end < len(rows) && rows[end].Date == rows[start].Date {
			end++
		}
		for _, r := range rows[start:end] {
			switch {
			case r.FromType == "COMD":
				delete(alive, CommuneCode(r.From))
			case r.Kind == modRestore && r.From != r.To:
				delete(alive, CommuneCode(r.To))
			}
		}
		for _, r := range rows[start:end] {
			if r.ToType == "COMD" {
				alive[CommuneCode(r.To)] = true
			}
		}
		start = end
	}
	return alive
}
