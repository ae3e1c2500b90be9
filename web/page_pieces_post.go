package web

import (
	"strconv"

	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/matching"
)

// answerPiece does one gesture on the list of an answer.
func (s *Server) answerPiece(c *call) error {
	n, err := c.id("id")
	if err != nil {
		return err
	}
	id := matching.ID(n)
	switch c.form("geste") {
	case "inutile", "reprendre":
		return c.decidePiece(id)
	case "references", "paragraphes":
		return c.pick(id)
	}
	errs, err := c.addToAnswer(id)
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		return c.to(piecesPath(id), "piece_kept")
	}
	page, err := c.piecesPage(id, errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "pieces", errs)
}

// addToAnswer keeps a paper: one that serves again goes to the file, one made for
// this answer stays with it.
func (c *call) addToAnswer(id matching.ID) (map[string]string, error) {
	k, known := c.s.cfg.Dossier.Book().Get(dossier.Code(c.form("nature")))
	if known && k.Scope == dossier.Kept {
		return c.keepPiece(0)
	}
	return c.keepPiece(id)
}

func (c *call) decidePiece(id matching.ID) error {
	needed := dossier.No
	if c.form("geste") == "reprendre" {
		needed = dossier.Unsaid
	}
	if err := c.s.cfg.Dossier.Decide(c.r.Context(), id, dossier.Code(c.form("nature")), needed); err != nil {
		return err
	}
	return c.to(piecesPath(id), "piece_said")
}

func (c *call) pick(id matching.ID) error {
	what := dossier.PickReference
	if c.form("geste") == "paragraphes" {
		what = dossier.PickParagraph
	}
	var chosen []int64
	for _, one := range c.r.PostForm["choix"] {
		n, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return fault.Invalid(fault.At("choix", "unknown", "Ce choix n’est pas compris.", "This choice is not understood."))
		}
		chosen = append(chosen, n)
	}
	if err := c.s.cfg.Dossier.Pick(c.r.Context(), id, what, chosen...); err != nil {
		return err
	}
	return c.to(piecesPath(id), "piece_picked")
}

// freezeAnswer archives what was put in the file since it was handed in.
func (s *Server) freezeAnswer(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if _, err := s.cfg.Dossier.Freeze(c.r.Context(), matching.ID(id)); err != nil {
		return err
	}
	return c.to(piecesPath(matching.ID(id)), "answer_frozen")
}

// archiveFile sends what was sent.
func (s *Server) archiveFile(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	number, err := c.id("number")
	if err != nil {
		return err
	}
	a, content, err := s.cfg.Dossier.Download(c.r.Context(), matching.ID(id), int(number))
	if err != nil {
		return err
	}
	return c.download(a.FileName(), "application/zip", content)
}
