package funder

import (
	"context"
	"errors"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
)

// The measures whose cells are linked; a cell is a measure and a code, the whole
// being the measure alone.
const (
	cellWorkers  = string(compute.Workers)
	cellEntrants = string(compute.Entrants)
	cellExits    = "exits"
	whole        = "all"
)

func cellOf(measure, code string) string {
	if code == whole {
		return measure
	}
	return measure + " | " + code
}

// The nodes of the exits where the two readings of six months part: contracts of
// six months to the day are a leaf of their own, that no report prints.
const (
	nodeAll     = whole
	nodeOver6   = "over six months"
	nodeAt6     = "six months"
	nodeUnder6  = "under six months"
	nodeAtMost6 = "six months at most"
	nodeFrom6   = "at least six months"
	ofDares     = ", Dares"
)

// nodeOf is the node that a line of the report prints under a definition.
func nodeOf(line string, d compute.Definition) string {
	dares := d == compute.Dares
	switch {
	case line == "durable.cdd_gt6m" && dares:
		return nodeFrom6
	case line == "durable.cdd_gt6m":
		return nodeOver6
	case line == "transition.cdd_lt6m" && dares:
		return nodeUnder6
	case line == "transition.cdd_lt6m":
		return nodeAtMost6
	case dares && (line == "durable" || line == "transition"):
		return line + ofDares
	}
	return line
}

// exitTrees are the sums of the exits under each definition, child to parent. Both
// are protected at once: an enterprise may print the two, and their difference is
// the contracts of six months to the day.
func exitTrees() []map[string]string {
	both := func(own map[string]string, ends string) map[string]string {
		for child, parent := range map[string]string{"durable.cdi": "durable" + ends, "durable.creation": "durable" + ends, "durable.public": "durable" + ends, "transition.aided": "transition" + ends,
			"positive.training": "positive", "positive.siae": "positive", "durable" + ends: "dynamic", "transition" + ends: "dynamic", "positive": "dynamic", "dynamic.length_unsaid": "dynamic"} {
			own[child] = parent
		}
		return own
	}
	return []map[string]string{
		both(map[string]string{nodeOver6: "durable", nodeUnder6: nodeAtMost6, nodeAt6: nodeAtMost6, nodeAtMost6: "transition"}, ""),
		both(map[string]string{nodeOver6: nodeFrom6, nodeAt6: nodeFrom6, nodeFrom6: "durable" + ofDares, nodeUnder6: "transition" + ofDares}, ofDares),
	}
}

// errUnsafe says that no way was found to print the report without giving a small number back.
var errUnsafe = errors.New("the report cannot be protected")

// protect decides which numbers of people are hidden in what goes out: those below
// least (leastSensitive of a public that tells of health), zero included since a number that is hidden is then only known to be
// positive or nil, and those that would give one back. The contracts of six months
// to the day are a number that no report prints: where there are none, the two
// definitions say the same, which tells of nobody, and nothing is hidden for it. What is left is attacked:
// of each small number, a reader can exclude none from nil to two above it.
func protect(ctx context.Context, o *figures.Own) (map[string]bool, error) {
	t := tables{own: o, least: least}
	t.shared("sex", cellWorkers, compute.Workers, sexes())
	t.shared("age", cellWorkers, compute.Workers, ages())
	t.beside("trained", cellWorkers, compute.Workers, o.Amount(compute.Trained, compute.Total))
	for _, p := range compute.Publics() {
		t.least = leastOf(p)
		t.criterion(p)
	}
	t.least = least
	t.exits()
	for _, m := range []compute.Measure{compute.PermanentPersons, compute.Certifications, compute.Immersions, compute.Missions, compute.HiredCount, compute.ExitsWithdrawn, compute.ExitsIneligible, compute.ExitsUndecided} {
		t.alone(m)
	}
	out := map[string]bool{}
	if len(t.all) == 0 {
		return out, nil
	}
	got, err := disclosure.Protect(ctx, disclosure.Task{Tables: t.all, Integer: true})
	if err != nil {
		return nil, err
	}
	if !got.Safe() {
		return nil, errUnsafe
	}
	for _, r := range got.Results() {
		if r.Status.Hidden() {
			out[cellOf(t.measure[r.Table], r.Codes[0])] = true
		}
	}
	return out, nil
}

func sexes() map[string]compute.Cross {
	out := map[string]compute.Cross{}
	for _, s := range []compute.Sex{compute.Women, compute.Men, compute.SexUnsaid} {
		out["sex "+s.String()] = compute.CrossOf(s, 0, 0)
	}
	return out
}

func ages() map[string]compute.Cross {
	out := map[string]compute.Cross{}
	for _, a := range []compute.Age{compute.Under26, compute.From26To49, compute.From50, compute.AgeUnsaid} {
		out["age "+a.String()] = compute.CrossOf(0, a, 0)
	}
	return out
}
