package main

import (
	"fmt"
	"time"

	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/opportunities"
)

type matchCmd struct {
	Lot   int64  `arg:"" help:"Number of the lot."`
	AsOf  string `name:"as-of" help:"As of a date (2026-11-23) or an instant (RFC 3339) instead of now." placeholder:"DATE"`
	Limit int    `help:"Candidates shown." default:"20"`
	After int    `help:"Begin after this rank." default:"0"`
	Near  int    `help:"Near misses shown." default:"10"`
	Apart int    `help:"Enterprises to be specified shown." default:"10"`
	JSON  bool   `name:"json" help:"Print the answer as JSON (docs/match.schema.json)."`
}

// Run prints who can answer a lot, and why.
func (c *matchCmd) Run(e *env) error {
	asOf, err := c.instant()
	if err != nil {
		return err
	}
	p, err := e.platform(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	a, err := p.matching.MatchesOfLot(e.system(), opportunities.LotID(c.Lot),
		matching.Query{AsOf: asOf, Limit: c.Limit, After: c.After, Near: c.Near, Apart: c.Apart})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(a)
	}
	c.print(e, a)
	return nil
}

// instant reads --as-of: a date is its first instant in Paris.
func (c *matchCmd) instant() (time.Time, error) {
	if c.AsOf == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, c.AsOf); err == nil {
		return at, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, c.AsOf, engine.Paris())
	if err != nil {
		return time.Time{}, fault.Invalid(fault.At("--as-of", "date", "écrivez une date comme 2026-11-23", "write a date like 2026-11-23"))
	}
	return at, nil
}

func (c *matchCmd) print(e *env, a *matching.Answer) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf("%s — %s\n", a.Lot.Opportunity, a.Lot.Title)
	if a.History {
		e.printf("%s\n", w("La date limite est passée : ceci est de l’histoire.", "The deadline has passed: this is history."))
	}
	if a.ToSpecify {
		e.printf("%s\n", w("Le lot ne dit pas son métier : personne n’est classé.", "The lot does not say its trade: nobody is ranked."))
	}
	e.printf(w("%d candidats\n", "%d candidates\n"), a.Total)
	for _, m := range a.Matches {
		e.printf("%4d. %3d%%  %s (%s%s), %s\n       %s\n", m.Rank, m.Score, m.Organisation.Name, m.Organisation.Kind,
			prefixed(", ", m.Organisation.Town), confidence(e.lang, m), m.Line.In(e.lang))
	}
	if len(a.Near) > 0 {
		e.printf("%s\n", w("De peu :", "Near misses:"))
	}
	for _, n := range a.Near {
		e.printf("   -  %s (%s%s), %s\n       %s\n", n.Organisation.Name, n.Organisation.Kind,
			prefixed(", ", n.Organisation.Town), n.Missed, n.Change.In(e.lang))
	}
	if a.ApartTotal > 0 {
		e.printf(w("À préciser, hors classement : %d\n", "To be specified, outside the ranking: %d\n"), a.ApartTotal)
	}
	for _, p := range a.Apart {
		e.printf("   -  %s (%s%s)%s\n", p.Organisation.Name, p.Organisation.Kind, prefixed(", ", p.Organisation.Town), prefixed(", NAF ", p.NAF))
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func confidence(lang string, m matching.Item) string {
	words := map[engine.Confidence]fault.Text{
		engine.High:   {FR: "confiance haute", EN: "high confidence"},
		engine.Medium: {FR: "confiance moyenne", EN: "medium confidence"},
		engine.Low:    {FR: "confiance basse", EN: "low confidence"},
	}
	return fmt.Sprintf("%s (%d)", words[m.ConfidenceLevel].In(lang), m.Confidence)
}
