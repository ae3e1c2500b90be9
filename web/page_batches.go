package web

import (
	"strconv"

	"maillage/matching/engine/assignment"
	"maillage/matching/placement"
)

const batchesPath = "/preparations"

func batchPath(id placement.BatchID) string {
	return batchesPath + "/" + strconv.FormatInt(int64(id), 10)
}

// BatchesPage lists what was prepared: whom to speak with about which positions.
type BatchesPage struct {
	Page
	Heading, Lead string
	New           Link
	Rows          []BatchRow
	Empty         Empty
	Pager         Pager
}

// BatchRow is one batch in the list.
type BatchRow struct {
	Title, Over, Text, Href string
}

func (s *Server) batches(c *call) error {
	items, next, err := s.cfg.Placement.Batches(c.r.Context(), placement.BatchID(c.number("apres")), 0)
	if err != nil {
		return err
	}
	title, add := c.T("prep.title"), Link{c.T("prep.new"), batchesPath + "/nouvelle"}
	page := &BatchesPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("prep.lead"), New: add,
		Empty: Empty{Title: c.T("prep.none"), Text: c.T("prep.none_text"), Actions: []Link{add}}}
	if next > 0 {
		page.Pager.Next = c.with("apres", strconv.FormatInt(int64(next), 10))
	}
	for _, b := range items {
		page.Rows = append(page.Rows, c.batchRow(b))
	}
	return c.show("batches", page)
}

func (c *call) batchRow(b placement.BatchHead) BatchRow {
	row := BatchRow{Title: upperFirst(c.batchWords(b.Rules)), Href: batchPath(b.ID), Over: joined(" · ", c.T("prep.number", "N", strconv.FormatInt(int64(b.ID), 10)), c.T("prep.made", "When", c.When(b.CreatedAt, c.now)))}
	if b.Number > 1 {
		row.Over = joined(" · ", row.Over, c.T("prep.version", "N", c.Num(int(b.Number))))
	}
	row.Text = c.N("prep.row", b.Served, "People", c.Num(b.People), "Positions", c.N("prep.positions", b.Positions))
	return row
}

// batchWords says which positions a batch is about.
func (c *call) batchWords(r placement.BatchRules) string {
	switch r.Source {
	case placement.OfPartnership:
		if p, err := c.s.cfg.Network.Partnership(c.r.Context(), r.Partnership); err == nil {
			return c.T("prep.of", "What", p.Name)
		}
	case placement.OfTerritory:
		return c.T("prep.in", "Where", c.perimeterWords(r.Territory))
	case placement.ChosenLots:
		if len(r.Lots) > 0 {
			return c.N("prep.of_chosen", len(r.Lots))
		}
	}
	return r.Source.Words().In(string(c.Lang))
}

// rulesWords say how a batch was made.
func (c *call) rulesWords(r placement.BatchRules) (out []string) {
	out = append(out, placement.ObjectiveWords(r.Objective).In(string(c.Lang))+".", c.N("prep.rule_per_post", r.PerPost), c.N("prep.rule_most", r.Most))
	if r.Mine {
		out = append(out, c.T("prep.rule_mine"))
	}
	if r.Idle {
		out = append(out, c.T("prep.rule_idle"))
	}
	return append(out, c.T("prep.rule_seed", "Seed", strconv.FormatInt(r.Seed, 10)))
}

// objectives are the two rules, in the order of a form.
func objectives() []string {
	return []string{assignment.FitFirst.String(), assignment.WaitingFirst.String()}
}
