package web

import (
	"maillage/followup/bulletin"
	"maillage/internal/mail"
)

// Bulletin is a letter of the week, or an alert, to a member or a partner.
func (l *Letters) Bulletin(to, name string, i bulletin.Issue, stop string) mail.Letter {
	c, lang := l.spoken(to)
	what := string(i.Audience)
	out := mail.Letter{Lang: string(lang), Subject: c.N("bulletin.subject_"+what, i.Count()), Greeting: c.T("bulletin.hello"), Intro: c.T("bulletin.intro_" + what), Foot: c.T("bulletin.why_" + what),
		Stop: l.stop(c, stop), Topic: joined(" · ", c.T("bulletin.topic"), i.From)}
	if name != "" {
		out.Greeting = c.T("letters.hello", "Name", name)
	}
	if i.From != "" {
		out.Foot = c.T("bulletin.from", "Name", i.From) + " " + out.Foot
	}
	if i.Word != "" {
		out.Paragraphs = append(out.Paragraphs, i.Word)
	}
	out.Sections = l.bulletinSections(c, i)
	return out
}

// bulletinSections are the parts that hold something.
func (l *Letters) bulletinSections(c *call, i bulletin.Issue) (out []mail.Section) {
	add := func(key, path string, others int, items []mail.Item) {
		if len(items) == 0 {
			return
		}
		group := mail.Group{Title: c.N("bulletin.n_"+key, len(items)+others), Items: items}
		if others > 0 {
			group.More = mail.Link{Label: c.N("letters.others", others), URL: l.site + path}
		}
		out = append(out, mail.Section{Title: mail.Link{Label: c.T("bulletin.of_" + key), URL: l.site + path}, Groups: []mail.Group{group}})
	}
	add("matches", "/reponses", i.Others, l.bulletinMatches(c, i))
	var calls, events, answers []mail.Item
	for _, o := range i.Calls {
		row := c.opportunityRow(o)
		item := mail.Item{Title: mail.Link{Label: o.Title, URL: l.site + opportunityPath(o.ID)}, Lines: []string{row.Over, c.dueWords(row.Days)}}
		if clause := c.clauseWords(o); clause != "" {
			item.Lines = append(item.Lines, clause)
		}
		calls = append(calls, item)
	}
	add("calls", "/marches", 0, calls)
	for n := range i.Events {
		e := &i.Events[n].Event
		events = append(events, mail.Item{Title: mail.Link{Label: e.Title, URL: l.site + eventPath(e.ID)}, Lines: []string{upperFirst(c.eventWhen(e)), or(e.Place, c.T("agenda.distance"))}})
	}
	add("events", agendaPath, 0, events)
	for _, a := range i.Answers {
		answers = append(answers, mail.Item{Title: mail.Link{Label: a.Title, URL: l.site + publishedPath + "/" + revisionOf(int64(a.ID))}})
	}
	add("answers", questionsPath, 0, answers)
	return out
}

func (l *Letters) bulletinMatches(c *call, i bulletin.Issue) (items []mail.Item) {
	for n, lot := range i.Matches {
		due := c.T("days.none")
		if lot.Deadline != nil {
			due = c.dueWords(c.daysLeft(c.now, *lot.Deadline))
		}
		items = append(items, mail.Item{Title: mail.Link{Label: lotTitle(lot), URL: l.site + answerPath(i.MatchIDs[n])}, Lines: []string{lot.Buyer, due}})
	}
	return items
}

// Confirm is the letter whose link confirms that somebody asked for the letter of an
// association.
func (l *Letters) Confirm(to, from, secret string) mail.Letter {
	c, lang := l.spoken(to)
	return mail.Letter{Lang: string(lang), Subject: c.T("bulletin.confirm_subject"), Greeting: c.T("bulletin.hello"), Paragraphs: []string{c.T("bulletin.confirm_text", "Name", from)},
		Button: mail.Link{Label: c.T("bulletin.confirm_do"), URL: l.site + subscribePath + "/confirmer/" + secret}, After: c.T("bulletin.confirm_after"), Foot: c.T("bulletin.confirm_why")}
}
