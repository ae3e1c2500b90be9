package web

import (
	"strings"

	"maillage/accounts"
	"maillage/followup/escalation"
	"maillage/internal/mail"
	"maillage/matching"
)

// How many enterprises, and lots of one of them, a letter names to an officer.
const (
	enterprisesShown = 12
	lotsShown        = 3
)

// Reminders is the letter that tells somebody what waits for them, all of a day.
func (l *Letters) Reminders(to accounts.User, d escalation.Digest, stop string) mail.Letter {
	c, lang := l.spoken(to.Lang)
	out := mail.Letter{Lang: string(lang), Subject: c.N("reminders.subject", d.Count()), Greeting: c.T("letters.hello", "Name", to.Name),
		Intro: c.T("reminders.intro"), Foot: c.T("reminders.why"), Settings: []mail.Link{l.reminderSettings(c)},
		Stop: l.stop(c, stop), Topic: c.T("reminders.topic")}
	for _, subject := range escalation.Subjects() {
		group := mail.Group{Items: l.reminderItems(c, d, subject)}
		if len(group.Items) == 0 {
			continue
		}
		others, n := d.Others[subject], len(group.Items)
		switch subject {
		case escalation.OfRung:
			others = len(d.Passed) - n
		case escalation.OfTenure:
			n = d.Tenures["in_post_3"] + d.Tenures["in_post_6"]
		case escalation.OfChange, escalation.OfAward, escalation.OfPartner, escalation.OfInterest, escalation.OfWider, escalation.OfMatch, escalation.OfOffer, escalation.OfPledge, escalation.OfRouted, escalation.OfSettled, escalation.OfPiece, escalation.OfClosed:
		}
		group.Title = c.N("reminders.n_"+string(subject), n+others)
		whole := l.site + wholeOf(subject)
		if others > 0 {
			group.More = mail.Link{Label: c.N("letters.others", others), URL: whole}
		}
		out.Sections = append(out.Sections, mail.Section{Title: mail.Link{Label: c.T("reminders.of_" + string(subject)), URL: whole}, Groups: []mail.Group{group}})
	}
	return out
}

// wholeOf is the page that holds all of a subject.
func wholeOf(subject escalation.Subject) string {
	switch subject {
	case escalation.OfRung:
		return mondayPath + "#sans-reponse"
	case escalation.OfOffer:
		return mondayPath + "#elargir"
	case escalation.OfPledge:
		return contactsPath
	case escalation.OfTenure:
		return "/parcours"
	case escalation.OfRouted:
		return "/#conventions"
	case escalation.OfInterest, escalation.OfSettled, escalation.OfClosed:
		return "/"
	case escalation.OfPiece:
		return dossierPath
	case escalation.OfChange, escalation.OfAward, escalation.OfPartner, escalation.OfWider, escalation.OfMatch:
	}
	return "/reponses"
}

func (l *Letters) reminderItems(c *call, d escalation.Digest, subject escalation.Subject) (items []mail.Item) {
	add := func(title, path string, lines ...string) {
		items = append(items, mail.Item{Title: mail.Link{Label: title, URL: l.site + path}, Lines: lines})
	}
	switch subject {
	case escalation.OfChange:
		for _, one := range d.Changes {
			add(lotTitle(one.Lot), answerPath(one.Match), append([]string{one.Lot.Buyer}, c.diffLines(one.Changes)...)...)
		}
	case escalation.OfWider:
		for _, r := range d.Wider {
			add(lotTitle(r.Lot), answerPath(r.Match), c.reminderLines(r)...)
		}
	case escalation.OfMatch:
		for _, r := range d.Reminders {
			add(lotTitle(r.Lot), answerPath(r.Match), c.reminderLines(r)...)
		}
	case escalation.OfRung:
		for _, w := range first(d.Passed, enterprisesShown) {
			add(w.Organisation.Name, memberPath(w.Organisation.ID), c.waitingLines(w)...)
		}
	case escalation.OfOffer:
		for _, o := range d.Offers {
			add(lotTitle(o.Lot), mondayPath+"#elargir", o.Lot.Buyer, c.offerWords(o))
		}
	case escalation.OfPledge:
		for _, p := range d.Promises {
			add(p.Name, contactsPath, c.T("contact.promised", "What", p.Promise, "When", c.civilDay(p.PromisedFor)))
		}
	case escalation.OfAward:
		for _, a := range d.Awards {
			add(lotTitle(a.Lot), answerPath(a.Match), a.Lot.Buyer, c.T("reminders.award_text"))
		}
	case escalation.OfPartner:
		for _, a := range d.Asked {
			add(lotTitle(a.Lot), askedPath(a), joined(" · ", a.Lot.Buyer, c.lotDue(a.Lot)), c.T("reminders.asked_"+string(a.Role), "Name", a.By.Name))
		}
	case escalation.OfInterest:
		for _, i := range d.Interests {
			add(i.Title, opportunityPath(i.Call)+"#appel", c.T("reminders.answers", "Name", i.Name), c.T("reminders.word", "Word", strings.Join(strings.Fields(i.Word), " ")))
		}
	case escalation.OfSettled:
		for _, s := range d.Settled {
			add(s.Title, opportunityPath(s.Call)+"#appel", c.T("reminders.settled_"+string(s.State)))
		}
	case escalation.OfPiece:
		for _, p := range d.Pieces {
			add(joined(", ", p.Kind.Name.In(string(c.Lang)), p.Piece.Title), dossierPath, c.pieceEnds(p))
		}
	case escalation.OfClosed:
		for _, e := range d.Ended {
			add(e.Title, opportunityPath(e.Call)+"#appel", c.endedWords(e))
		}
	case escalation.OfRouted:
		for _, r := range d.Routed {
			add(lotTitle(r.Lot), lotPath(r.Lot), joined(" · ", r.Lot.Buyer, c.T("routed.by", "Name", r.Convention)))
		}
	case escalation.OfTenure:
		for _, step := range []escalation.Step{"in_post_3", "in_post_6"} {
			if n := d.Tenures[step]; n > 0 {
				add(c.N("reminders."+string(step), n), "/parcours", c.T("reminders.tenure_text"))
			}
		}
	}
	return items
}

// reminderLines says who buys, what is left of the time, and what comes next.
func (c *call) reminderLines(r escalation.Reminder) []string {
	lines := []string{r.Lot.Buyer, c.lotDue(r.Lot)}
	switch {
	case r.Step == 0:
		lines = append(lines, c.T("reminders.wider_text"))
	case r.Last:
		lines = append(lines, c.N("reminders.since", r.Days), c.T("reminders.last"))
	default:
		lines = append(lines, c.N("reminders.since", r.Days))
	}
	return lines
}

func (c *call) lotDue(lot matching.LotHead) string {
	if lot.Deadline == nil {
		return c.T("days.none")
	}
	return c.dueWords(c.daysLeft(c.now, *lot.Deadline))
}

// askedPath is where an enterprise answers who counts on it: its own match, or the lot.
func askedPath(a escalation.Asked) string {
	if a.Match == 0 {
		return lotPath(a.Lot)
	}
	return answerPath(a.Match)
}

// pieceEnds says when a piece ends, or ended.
func (c *call) pieceEnds(p escalation.Lapsing) string {
	if p.Gone {
		return c.T("reminders.piece_gone", "Day", c.civilDay(p.Piece.ValidUntil))
	}
	return c.T("reminders.piece_soon", "Day", c.civilDay(p.Piece.ValidUntil))
}

// endedWords says how a call ended, and where one's answer stands.
func (c *call) endedWords(e escalation.Ended) string {
	if e.Cancelled {
		return c.T("reminders.call_cancelled")
	}
	return c.T("reminders.closed_" + string(e.State))
}

// waitingLines says how far what an enterprise does not answer was passed on, and
// its most urgent lots.
func (c *call) waitingLines(w escalation.Waiting) []string {
	lines := []string{joined(" · ", c.N("reminders.waiting", len(w.Matches)), c.T("reminders.rung_"+string(w.Rung)))}
	for i, m := range w.Matches {
		if i == lotsShown {
			return append(lines, c.N("letters.others", len(w.Matches)-lotsShown))
		}
		lines = append(lines, joined(" · ", lotTitle(m.Lot), c.lotDue(m.Lot)))
	}
	return lines
}

func (c *call) offerWords(o escalation.Offer) string {
	return c.N("reminders.offer", o.Days, "Where", o.Name, "Kind", c.T("reminders.kind_"+string(o.To.Kind)))
}
