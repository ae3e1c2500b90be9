package web

import (
	"net/http"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/fault"
)

// refusedStatus is what a form that was refused answers: somebody wrote first, the
// state does not allow it, or what was typed is wrong.
func refusedStatus(err error) int {
	switch fault.Of(err).Kind {
	case fault.KindPrecondition:
		return http.StatusPreconditionFailed
	case fault.KindConflict:
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// awaitStructures asks an officer to answer the questions that wait, and to call
// the structures of which a certificate ends.
func (c *call) awaitStructures(page *OfficerHome) error {
	if c.s.cfg.Questions != nil && c.may(accounts.QuestionAnswer) {
		n, err := c.awaitsDesk()
		if err != nil {
			return err
		}
		if n > 0 {
			page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("questions.await_word", n), Title: c.T("questions.await"), Text: c.H("questions.await_text"), Do: Link{c.T("questions.await_do"), deskPath}})
		}
	}
	if c.s.cfg.Quality == nil {
		return nil
	}
	rows, err := c.s.cfg.Quality.List(c.r.Context(), quality.Filter{Within: 3})
	if err != nil || len(rows) == 0 {
		return err
	}
	page.Awaits = append(page.Awaits, Await{Figure: c.Num(len(rows)), FigureWord: c.N("quality.await_word", len(rows)), Title: c.T("quality.await"),
		Text: c.H("quality.await_text", "Name", rows[0].Name, "Label", rows[0].Label.Name, "Day", c.civilDay(rows[0].Until)), Do: Link{c.T("quality.await_do"), qualityWithin(3)}})
	return nil
}
