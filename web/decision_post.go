package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
)

// answer keeps what is said of a match, in one gesture.
func (s *Server) answer(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	flash, err := c.say(matching.ID(id))
	if err != nil {
		return c.sayAgain(matching.ID(id), err)
	}
	back := c.form("retour")
	if back == "" {
		back = answerPath(matching.ID(id))
	}
	return c.to(localPath(back), flash)
}

// say does one gesture and gives what the next page says of it.
func (c *call) say(id matching.ID) (flash string, err error) {
	follow, ctx := c.s.cfg.Followup, c.r.Context()
	gesture, note := c.form("reponse"), c.form("mot")
	revision, _ := strconv.ParseInt(c.form("revision"), 10, 64)
	if gesture == "attribution" {
		_, err = follow.Confirm(ctx, id, 0)
		return "pursuit_won", err
	}
	steps, flash := c.steps(gesture, note)
	if len(steps) == 0 {
		return "", fault.Invalid(fault.At("reponse", "unknown", "Cette réponse n’est pas comprise.", "This answer is not understood."))
	}
	if len(steps) == 1 && (gesture == "oui" || gesture == "non") {
		_, err = follow.Reply(ctx, id, max(0, revision), steps[0])
		return flash, err
	}
	_, err = follow.Move(ctx, id, max(0, revision), steps...)
	return flash, err
}

// steps reads a gesture: to go for a lot and to say how are one.
func (c *call) steps(gesture, note string) (steps []followup.Step, flash string) {
	why := followup.Reason(c.form("motif"))
	switch gesture {
	case "oui":
		return []followup.Step{{To: followup.Interested, Note: note}}, "answered_yes"
	case "non":
		return []followup.Step{{To: followup.Declined, Reason: why, Note: note}}, "answered_no"
	case "go":
		steps = []followup.Step{{To: followup.Go, Note: note}}
		if c.form("comment") != "" {
			steps = append(steps, c.answering(note))
		}
		return steps, "pursuit_go"
	case "nogo":
		return []followup.Step{{To: followup.NoGo, Reason: why, Note: note}}, "answered_no"
	case "prepare":
		return []followup.Step{c.answering(note)}, "pursuit_kept"
	case "remise":
		return []followup.Step{{To: followup.Submitted, Note: note, SubmittedOn: c.form("remise")}}, "pursuit_kept"
	case "remise-faite":
		return []followup.Step{c.answering(note), {To: followup.Submitted, Note: note, SubmittedOn: c.form("remise")}}, "pursuit_kept"
	case "reprise":
		return []followup.Step{{To: followup.Go, Note: note}, c.answering(note), {To: followup.Submitted, Note: note, SubmittedOn: c.form("remise")}}, "pursuit_kept"
	case "abandon":
		return []followup.Step{{To: followup.Withdrawn, Reason: why, Note: note}}, "pursuit_kept"
	case "gagne":
		return []followup.Step{{To: followup.Won, Note: note}}, "pursuit_won"
	case "perdu":
		return []followup.Step{{To: followup.Lost, Reason: why, Note: note}}, "pursuit_kept"
	case "sans-suite":
		return []followup.Step{{To: followup.NoAward, Note: note}}, "pursuit_kept"
	}
	return nil, ""
}

// answering reads how the enterprise answers.
func (c *call) answering(note string) followup.Step {
	step := followup.Step{To: followup.Answering, Note: note}
	how := c.form("comment")
	if number, ok := strings.CutPrefix(how, "groupe-"); ok {
		return c.inGroup(step, number)
	}
	step.Role = followup.Role(how)
	if step.Role == followup.Alone {
		return step
	}
	for _, one := range c.r.PostForm["avec"] {
		if id, err := strconv.ParseInt(one, 10, 64); err == nil {
			step.Partners = append(step.Partners, network.ID(id))
		}
	}
	return step
}

// inGroup answers in a group that was composed: the group says who leads it.
func (c *call) inGroup(step followup.Step, number string) followup.Step {
	n, _ := strconv.ParseInt(number, 10, 64)
	id := matching.ConsortiumID(n)
	step.Consortium, step.Role = &id, followup.Partner
	if g, err := c.s.cfg.Matching.Consortium(c.r.Context(), id); err == nil && int64(g.LeadID) == c.subject() {
		step.Role = followup.Lead
	}
	return step
}

// subject is the enterprise of the match of this page.
func (c *call) subject() int64 {
	id, err := c.id("id")
	if err != nil {
		return 0
	}
	m, err := c.s.cfg.Matching.Get(c.r.Context(), matching.ID(id))
	if err != nil {
		return 0
	}
	return int64(m.OrganisationID)
}

// askedBy are the questions of the form by the paths of the noun.
func askedBy(path string) string {
	return map[string]string{"reason": "motif", "role": "comment", "consortium": "comment", "partners": "avec", "submitted_on": "remise", "note": "mot"}[path]
}

// sayAgain shows the page again with what is to be corrected; nothing that was typed is lost.
func (c *call) sayAgain(id matching.ID, err error) error {
	f := fault.Of(err)
	if f.Kind != fault.KindInvalid && f.Kind != fault.KindPrecondition && !slices.Contains([]string{"transition", "still-open", "lot-removed", "call-cancelled", "call-over", "won-by-another"}, f.Code) {
		return err
	}
	errs := map[string]string{}
	for _, field := range f.Fields {
		name := askedBy(field.Path)
		if name == "" {
			return err
		}
		errs[name] = field.Message.In(string(c.Lang))
		if field.Path == "reason" {
			errs[name] = c.T("decision.need_reason")
		}
	}
	if len(errs) == 0 {
		errs[""] = f.Message.In(string(c.Lang))
	}
	page, err := c.decisionPage(id, errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "decision", errs)
}
