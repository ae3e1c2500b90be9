package record_test

import (
	"slices"
	"strings"
	"testing"

	"maillage/indicators/access/record"
)

// leavers are records of one class of the exits, a motive and a sender each.
func leavers(age string, motives, from string) *record.Protected {
	p := &record.Protected{Year: 2025, Keys: 5, Columns: []string{"place", "kind", "sex", "age", "public", "motive"}}
	for i, m := range motives {
		p.Rows = append(p.Rows, []string{"fr", "ACI", "f", age, "other", map[rune]string{'c': "cdi", 'n': "none", 'a': "aided"}[m]})
		p.In, p.Kept.From = append(p.In, 1), append(p.Kept.From, string(from[i%len(from)]))
	}
	return p
}

// with are the records of several.
func with(all ...*record.Protected) *record.Protected {
	out := &record.Protected{Year: 2025, Keys: 5, Columns: all[0].Columns}
	for _, p := range all {
		out.Rows, out.In, out.Kept.From = slices.Concat(out.Rows, p.Rows), slices.Concat(out.In, p.In), slices.Concat(out.Kept.From, p.Kept.From)
	}
	return out
}

// Who takes one vintage from the other isolates a newcomer, or an enterprise: the
// second is not to be kept.
func TestTwoVintagesTellOfANewcomer(t *testing.T) {
	t.Parallel()
	first := leavers("-25", "cnccn", "abc")
	for name, c := range map[string]struct {
		more *record.Protected
		safe bool
	}{
		"nothing":                   {leavers("-25", "", "a"), true},
		"one newcomer":              {leavers("-25", "c", "a"), false},
		"five, of one reason":       {leavers("-25", "ccccc", "abc"), false},
		"five, of three groups":     {leavers("-25", "ccccn", "abc"), true},
		"twenty, of one enterprise": {leavers("-25", strings.Repeat("cn", 10), "a"), false},
		"twenty, nearly all of one": {leavers("-25", strings.Repeat("cn", 10), strings.Repeat("a", 18)+"bc"), false},
		"twenty, of three groups":   {leavers("-25", strings.Repeat("cn", 10), "abc"), true},
	} {
		if got := record.Crossed(first, with(first, c.more)); (got == 0) != c.safe {
			t.Errorf("%s: isolated %d times", name, got)
		}
	}
	other := with(first)
	other.Columns = slices.Clone(other.Columns[:5])
	if record.Crossed(first, other) == 0 {
		t.Error("files of other columns are compared")
	}
}

// Changes that each class hides are seen in a margin.
func TestAMarginIsCrossedToo(t *testing.T) {
	t.Parallel()
	base := with(leavers("-25", "cncncncncn", "abc"), leavers("50+", "cncnc", "abc"))
	moved := with(leavers("-25", "cncnc", "abc"), leavers("50+", "cncncncncna", "abc"))
	if record.Crossed(base, moved) == 0 {
		t.Error("women of every age are told of by one more, who is aided")
	}
}

// Somebody who had stayed and is now among those who left is told by the two files
// of two vintages.
func TestWhoMovesFromAFileToTheOtherIsSeen(t *testing.T) {
	t.Parallel()
	first := made(t, federation(60, 20, 6))
	if n := record.Crossed(first, first); n != 0 {
		t.Fatalf("a file crosses itself %d times", n)
	}
	second := with(first)
	second.Columns, second.In = first.Columns, slices.Clone(first.In)
	at := slices.Index(second.In, 2)
	second.In[at] = 3
	if record.Crossed(first, second) == 0 {
		t.Error("one who moved is not seen")
	}
}

// The places of the first vintage stay: the difference of two levels tells of no enterprise.
func TestPlacesOfTheFirstVintageStay(t *testing.T) {
	t.Parallel()
	sources := federation(60, 20, 7)
	first := made(t, sources[:40])
	second, err := record.Protect(2025, sources, &first.Kept, [32]byte{3})
	must(t, err)
	for seat, code := range second.Kept.Places {
		if first.Kept.Places[seat] != code {
			t.Errorf("%s is told as %s, and was as %q", seat, code, first.Kept.Places[seat])
		}
	}
}
