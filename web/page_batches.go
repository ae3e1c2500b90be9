package web

import (
	"strconv"

	"maillage/accounts"
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
	title, add := c.T("batch.title"), Link{c.T("batch.new"), batchesPath + "/nouvelle"}
	page := &BatchesPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("batch.lead"), New: add,
		Empty: Empty{Title: c.T("batch.none"), Text: c.T("batch.none_text"), Actions: []Link{add}}}
	if c.who.Role == accounts.Officer {
		page.Lead = c.T("batch.lead_officer")
	}
	if next > 0 {
		page.Pager.Next = c.with("apres", strconv.FormatInt(int64(next), 10))
	}
	for _, b := range items {
		page.Rows = append(page.Rows, c.batchRow(b))
	}
	return c.show("batches", page)
}

func (c *call) batchRow(b placement.BatchHead) BatchRow {
	row := BatchRow{Title: upperFirst(c.batchWords(b.Rules)), Href: batchPath(b.ID), Over: c.T("batch.made", "When", c.When(b.CreatedAt, c.now))}
	if b.Number > 1 {
		row.Over = joined(" · ", row.Over, c.T("batch.version", "N", c.Num(int(b.Number))))
	}
	if !b.Owned {
		row.Text = c.T("batch.from_officer")
		return row
	}
	row.Text = c.N("batch.row", b.Served, "People", c.Num(b.People), "Positions", c.N("batch.positions", b.Positions))
	return row
}

// batchWords says which positions a batch is about.
func (c *call) batchWords(r placement.BatchRules) string {
	switch r.Source {
	case placement.OfPartnership:
		if p, err := c.s.cfg.Network.Partnership(c.r.Context(), r.Partnership); err == nil {
			return c.T("batch.of", "What", p.Name)
		}
	case placement.OfTerritory:
		return c.T("batch.in", "Where", c.perimeterWords(r.Territory))
	case placement.ChosenLots:
		if len(r.Lots) > 0 {
			return c.N("batch.of_chosen", len(r.Lots))
		}
	}
	return r.Source.Words().In(string(c.Lang))
}

// rulesWords say how a batch was made.
func (c *call) rulesWords(r placement.BatchRules) (out []string) {
	out = append(out, placement.ObjectiveWords(r.Objective).In(string(c.Lang))+".", c.N("batch.rule_per_post", r.PerPost), c.N("batch.rule_most", r.Most))
	if r.Mine {
		out = append(out, c.T("batch.rule_mine"))
	}
	if r.Idle {
		out = append(out, c.T("batch.rule_idle"))
	}
	return append(out, c.T("batch.rule_seed", "Seed", strconv.FormatInt(r.Seed, 10)))
}

// objectives are the two rules, in the order of a form.
func objectives() []string {
	return []string{assignment.FitFirst.String(), assignment.WaitingFirst.String()}
}
