package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maillage/internal/store"
	"maillage/territories"
)

// vintageSetting is where a database keeps the date of the list of communes
// that its perimeters were last reviewed against.
const vintageSetting = "vintage"

// noteVintage compares that date with the one of this program: it is kept the
// first time and, when the program brings another list, the log says what to
// run. Nothing else is read, so that every start can afford it.
func (e *env) noteVintage(st *store.Store) error {
	a, err := territories.Load()
	if err != nil {
		return err
	}
	kept, err := st.Setting(e.ctx, vintageSetting)
	switch {
	case err != nil:
		return err
	case kept == "":
		return keepVintage(e.ctx, st, a.Vintage())
	case kept != a.Vintage():
		e.log.Warn("the list of communes is another: run maillage territories revise", "reviewed", kept, "program", a.Vintage())
	}
	return nil
}

func keepVintage(ctx context.Context, st *store.Store, vintage string) error {
	return st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Set(ctx, vintageSetting, vintage) })
}

type reviseCmd struct {
	Since  string `help:"Compare with the communes of that date instead of those last reviewed." placeholder:"DATE"`
	Accept bool   `help:"Note that a person has seen the list: the next one starts from this version's communes."`
	JSON   bool   `help:"Print JSON."`
}

// Run lists the stored perimeters that the communes of this version change,
// and changes none of them.
func (c reviseCmd) Run(e *env) error {
	a, err := territories.Load()
	if err != nil {
		return err
	}
	if c.Since != "" && c.Accept {
		e.complain("--accept suit la liste du dernier millésime, sans --since", "--accept goes with the list since the last vintage, without --since")
		return exitUsage
	}
	st, err := e.open()
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	kept, err := st.Setting(e.ctx, vintageSetting)
	if err != nil {
		return err
	}
	since, err := territories.ParseDate(cmp.Or(c.Since, kept, a.Vintage()))
	if err != nil {
		return refuse(e, err)
	}
	// A date that nothing tells of is refused before any perimeter is read.
	if _, err := a.ReviseSince(since, nil); err != nil {
		return refuse(e, err)
	}
	held, err := storedPerimeters(e.ctx, st)
	if err != nil {
		return err
	}
	lines := reviseAll(a, since, held, e.lang)
	if err := printRevisions(e, a, since, lines, c.JSON); err != nil {
		return err
	}
	if c.Accept {
		if err := keepVintage(e.ctx, st, a.Vintage()); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(lines, func(l revisionLine) bool { return l.Person }) {
		return exitRefused
	}
	return nil
}

// perimeterColumns are the places where perimeters are stored; in JSON, the
// perimeter is a member of the value.
var perimeterColumns = [...]struct{ table, column string }{
	{"activities", "zone"}, {"track_records", "place"}, {"poles", "territory"}, {"partnerships", "territory"},
	{"opportunities", "place"}, {"lots", "place"}, {"users", "perimeter"}, {"invitations", "perimeter"},
}

// storedAt is one row that holds a perimeter.
type storedAt struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	ID     int64  `json:"id"`
}

// storedPerimeters gives each perimeter of the database once, with its rows.
func storedPerimeters(ctx context.Context, st *store.Store) (map[string][]storedAt, error) {
	out := map[string][]storedAt{}
	for _, c := range perimeterColumns {
		rows, err := st.Read().QueryContext(ctx, "/* maillage.revise */ SELECT id, "+c.column+" FROM "+c.table+" ORDER BY id")
		if err != nil {
			return nil, fmt.Errorf("read the perimeters of %s: %w", c.table, err)
		}
		for rows.Next() {
			at, text := storedAt{Table: c.table, Column: c.column}, ""
			if err = rows.Scan(&at.ID, &text); err != nil {
				break
			}
			if text = perimeterIn(text); text != "" {
				out[text] = append(out[text], at)
			}
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("read the perimeters of %s: %w", c.table, err)
		}
	}
	return out, nil
}

// perimeterIn is the expression in a stored value: the value, or the
// perimeter of an opportunity's place.
func perimeterIn(text string) string {
	var place struct {
		Scope     *string `json:"scope"`
		Perimeter string  `json:"perimeter"`
	}
	if err := json.Unmarshal([]byte(text), &place); err == nil && (place.Scope != nil || place.Perimeter != "") {
		return place.Perimeter
	}
	return text
}

// uncompared is for what a perimeter was on the date is not known: a grouping
// before its members were published, a commune that is newer.
const uncompared territories.Verdict = "uncompared"

// revisionLine is one perimeter that changes. Person is whether somebody has
// to decide: its ground was shared out, or nothing can be proposed.
type revisionLine struct {
	Expression string                    `json:"expression"`
	Words      string                    `json:"words"`
	Verdict    territories.Verdict       `json:"verdict"`
	Person     bool                      `json:"person"`
	Before     int                       `json:"before"`
	After      int                       `json:"after"`
	Gone       []territories.CommuneCode `json:"gone"`
	Come       []territories.CommuneCode `json:"come"`
	Shared     []territories.CommuneCode `json:"shared"`
	Proposal   string                    `json:"proposal,omitempty"`
	Reason     string                    `json:"reason,omitempty"`
	Stored     []storedAt                `json:"stored"`
}

func reviseAll(a *territories.Atlas, since territories.Date, held map[string][]storedAt, lang string) []revisionLine {
	out := []revisionLine{}
	for text, rows := range held {
		if l, changed := reviseOne(a, since, text, lang); changed {
			l.Stored = rows
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(x, y revisionLine) int {
		if x.Person != y.Person {
			return map[bool]int{true: -1, false: 1}[x.Person]
		}
		return cmp.Or(strings.Compare(string(x.Verdict), string(y.Verdict)), strings.Compare(x.Expression, y.Expression))
	})
	return out
}

func reviseOne(a *territories.Atlas, since territories.Date, text, lang string) (revisionLine, bool) {
	l := revisionLine{Expression: text, Words: text}
	expr, err := territories.ParseExpr([]byte(text))
	if err != nil {
		l.Verdict, l.Person, l.Reason = territories.Refused, true, territories.Explain(err, lang)
		return l, true
	}
	l.Words = a.Describe(expr, lang)
	found, err := a.ReviseSince(since, []territories.Expr{expr})
	if err != nil {
		l.Verdict, l.Reason = uncompared, territories.Explain(err, lang)
		p, broken := a.Compile(expr)
		if l.Person = broken != nil; l.Person {
			l.Verdict, l.Reason = territories.Refused, territories.Explain(broken, lang)
			return l, true
		}
		l.After = p.Set.Len()
		return l, true
	}
	if len(found) == 0 {
		return l, false
	}
	r := found[0]
	l.Verdict, l.Before, l.After, l.Gone, l.Come, l.Shared = r.Verdict, r.Before, r.After, r.Gone, r.Come, r.Shared
	if r.Proposed {
		l.Proposal = r.Proposal.String()
	}
	if r.Err != nil {
		l.Reason = territories.Explain(r.Err, lang)
	}
	l.Person = r.Verdict == territories.Split || r.Verdict == territories.Refused && !r.Proposed
	return l, true
}

// verdictFR is a verdict as the French reader sees it.
func verdictFR(v territories.Verdict) string {
	switch v {
	case territories.Renamed:
		return "autres codes"
	case territories.Altered:
		return "autre étendue"
	case territories.Split:
		return "partagé"
	case territories.Refused:
		return "refusé"
	}
	return "non comparé"
}

func printRevisions(e *env, a *territories.Atlas, since territories.Date, lines []revisionLine, asJSON bool) error {
	if asJSON {
		return e.json(map[string]any{"since": since.String(), "vintage": a.Vintage(), "perimeters": lines})
	}
	word := func(fr, en string) string {
		if e.lang == "en" {
			return en
		}
		return fr
	}
	e.printf(word("Du %s au %s, périmètres qui changent : %d\n", "From %s to %s, perimeters that change: %d\n"), since, a.Vintage(), len(lines))
	for _, l := range lines {
		e.printf("\n%s (%s), %d → %d communes", l.Words, word(verdictFR(l.Verdict), string(l.Verdict)), l.Before, l.After)
		if l.Person {
			e.printf("%s", word(" : une personne décide", ": a person decides"))
		}
		e.printf("\n  %s\n", l.Expression)
		if len(l.Shared) > 0 {
			e.printf("  %s %v\n", word("communes partagées depuis :", "communes shared out since:"), l.Shared)
		}
		if l.Reason != "" {
			e.printf("  %s\n", l.Reason)
		}
		if l.Proposal != "" {
			e.printf("  %s %s\n", word("proposition :", "proposal:"), l.Proposal)
		}
		for _, s := range l.Stored {
			e.printf("  %s.%s %d\n", s.Table, s.Column, s.ID)
		}
	}
	return nil
}
