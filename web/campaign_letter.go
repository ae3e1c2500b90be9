package web

import (
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/internal/mail"
)

// Campaign is the letter that tells somebody that a questionnaire awaits, or was given back.
func (l *Letters) Campaign(to accounts.User, r campaign.Reminder, stop string) mail.Letter {
	lang := Lang(to.Lang)
	if l.pages.locales[lang] == nil {
		lang = French
	}
	c := &call{Locale: l.pages.locales[lang], s: &l.pages, now: l.pages.now()}
	step := string(r.Step)
	if r.Step.IsReturn() {
		step = "returned"
	}
	day := r.ClosesOn
	if t, err := time.ParseInLocation(time.DateOnly, r.ClosesOn, c.zone); err == nil {
		day = c.Day(t)
	}
	out := mail.Letter{Lang: string(lang), Subject: c.T("letters.camp_"+step, "Year", r.Year), Greeting: c.T("letters.hello", "Name", to.Name),
		Button: mail.Link{Label: c.T("letters.camp_do"), URL: l.site + ownCampaignPath}, Foot: c.T("letters.camp_why"), Stop: l.stop(c, stop)}
	if r.Note != "" {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.camp_note", "Note", r.Note))
	}
	if r.Step.IsReturn() {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.camp_back", "Name", r.Name))
		return out
	}
	out.Paragraphs = append(out.Paragraphs, c.T("letters.camp_about", "Name", r.Name, "Day", day, "Answered", c.Num(r.Tally.Answered), "Asked", c.Num(r.Tally.Asked)))
	if r.Tally.Minutes > 0 {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.camp_saved", "Minutes", c.minutes(r.Tally.Minutes)))
	}
	return out
}
