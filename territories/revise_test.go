package territories

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillage/territories/cog"
)

// eve is an atlas of the last day of 2024 made from the embedded facts: the
// five communes that Neussargues en Pinatelle (15141) was split into on 1
// January 2025 are one again; and Bohas-Meyriat-Rignat gets another code, as
// a change of seat would give it.
func eve(t *testing.T) *Atlas {
	t.Helper()
	f, err := cog.Read(cog.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{"15031", "15035", "15047", "15171"}
	merged := 0
	for _, c := range f.Communes {
		if slices.Contains(parts, c.Code) {
			merged += c.Population
		}
	}
	f.Communes = slices.DeleteFunc(f.Communes, func(c cog.Commune) bool { return slices.Contains(parts, c.Code) })
	for i := range f.Communes {
		if f.Communes[i].Code == "15141" {
			f.Communes[i].Population += merged
		}
	}
	f.Vintage = "2024-12-31"
	a, err := build(f)
	if err != nil {
		t.Fatal(err)
	}
	a.history = atlas(t).history
	return a
}

func exprs(t *testing.T, texts ...string) []Expr {
	t.Helper()
	out := make([]Expr, len(texts))
	for i, s := range texts {
		e, err := ParseExpr([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = e
	}
	return out
}

func told(rs []Revision) string {
	var b strings.Builder
	for _, r := range rs {
		fmt.Fprintf(&b, "%s %s %d→%d -[%s] +[%s] shared[%s]", r.Expr, r.Verdict, r.Before, r.After,
			strings.Join(asStrings(r.Gone), " "), strings.Join(asStrings(r.Come), " "), strings.Join(asStrings(r.Shared), " "))
		if r.Proposed {
			fmt.Fprintf(&b, " proposed %s", r.Proposal)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestDryRunOfAVintage(t *testing.T) {
	t.Parallel()
	got, err := Revise(eve(t), atlas(t), exprs(t,
		`{"territory":"commune:15141"}`,
		`{"territory":"departement:26"}`,
		`{"everywhere":true}`,
		`{"except":[{"territory":"departement:15"},{"territory":"commune:15141"}]}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"territory":"commune:15141"} split 1→1 -[] +[] shared[15141]
{"everywhere":true} renamed 34965→34969 -[] +[15031 15035 15047 15171] shared[15141]
{"except":[{"territory":"departement:15"},{"territory":"commune:15141"}]} altered 245→249 -[] +[15031 15035 15047 15171] shared[]
`
	if told(got) != want {
		t.Errorf("\n%swant\n%s", told(got), want)
	}
}

func TestDryRunSinceADate(t *testing.T) {
	t.Parallel()
	got, err := atlas(t).ReviseSince(mustDate(t, "2015-12-31"), exprs(t,
		`{"territory":"commune:85084"}`, // merged in 2016, split in 2024
		`{"territory":"commune:14513"}`, // Pont-Farcy is gone
		`{"any":[{"territory":"commune:14513"},{"territory":"commune:26281"}]}`,
		`{"radius":{"commune":"26281","km":0}}`,
		`{"territory":"departement:26"}`,
		`{"territory":"departement:14"}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]Verdict{}
	proposals := map[string]string{}
	for _, r := range got {
		verdicts[r.Expr.String()] = r.Verdict
		if r.Proposed {
			proposals[r.Expr.String()] = r.Proposal.String()
		}
	}
	for text, want := range map[string]Verdict{
		`{"territory":"commune:14513"}`:                                         Refused,
		`{"any":[{"territory":"commune:14513"},{"territory":"commune:26281"}]}`: Refused,
		`{"territory":"departement:26"}`:                                        Renamed, // communes merged inside it
		`{"territory":"departement:14"}`:                                        Altered, // it lost Pont-Farcy
		`{"territory":"commune:85084"}`:                                         Split,   // its place then may have been shared out: a person looks
		`{"radius":{"commune":"26281","km":0}}`:                                 "",
	} {
		if verdicts[text] != want {
			t.Errorf("%s: %q, want %q", text, verdicts[text], want)
		}
	}
	if got, want := proposals[`{"any":[{"territory":"commune:14513"},{"territory":"commune:26281"}]}`], `{"any":[{"territory":"commune:26281"},{"territory":"commune:50592"}]}`; got != want {
		t.Errorf("proposed %s, want %s", got, want)
	}
}

// A perimeter that a split cuts through goes to a person, whatever the
// codes: in 2020 Essarts en Bocage held what three communes hold today.
func TestSplitGoesToAPerson(t *testing.T) {
	t.Parallel()
	got, err := atlas(t).ReviseSince(mustDate(t, "2020-01-01"), exprs(t, `{"territory":"commune:85084"}`, `{"territory":"departement:85"}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Verdict != Split || strings.Join(asStrings(got[0].Shared), " ") != "85084" || got[1].Verdict != Renamed {
		t.Errorf("\n%s", told(got))
	}
}

func TestNothingChangesWithinAVintage(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	got, err := Revise(a, a, exprs(t, `{"territory":"departement:26"}`, `{"everywhere":true}`, `{"radius":{"commune":"26281","km":30}}`))
	if err != nil || len(got) > 0 {
		t.Errorf("%s%v", told(got), err)
	}
	if _, err := Revise(a, a, exprs(t, `{"territory":"commune:14513"}`)); err == nil {
		t.Error("a stored perimeter that never compiled is passed over")
	}
}
