package web

import (
	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/mail"
)

// spoken is a call in somebody's language, for its words alone.
func (l *Letters) spoken(lang string) (*call, Lang) {
	known := Lang(lang)
	if l.pages.locales[known] == nil {
		known = French
	}
	return &call{Locale: l.pages.locales[known], s: &l.pages, now: l.pages.now()}, known
}

// Quality is the letter that tells somebody which certificates are to be renewed.
func (l *Letters) Quality(to accounts.User, due []quality.Reminder, stop string) mail.Letter {
	c, lang := l.spoken(to.Lang)
	out := mail.Letter{Lang: string(lang), Subject: c.N("letters.quality", len(due)), Greeting: c.T("letters.hello", "Name", to.Name), Foot: c.T("letters.quality_why"),
		Paragraphs: []string{c.T("letters.quality_" + string(to.Role))}, Button: mail.Link{Label: c.T("letters.quality_do"), URL: l.site + ownQualityPath}, Stop: l.stop(c, stop)}
	if to.Role == accounts.Officer {
		out.Button.URL = l.site + qualityWithin(6)
	}
	group := mail.Group{Title: c.N("letters.quality_n", len(due))}
	for _, r := range due {
		item := mail.Item{Title: mail.Link{Label: r.Name + ", " + r.Label.Name, URL: l.site + qualityFilePath(r.Path)}, Lines: []string{c.T("letters.quality_until", "Day", c.civilDay(r.Until)), c.T("letters.quality_" + string(r.Step))}}
		if r.Renewing {
			item.Lines = append(item.Lines, c.T("quality.renewing"))
		}
		group.Items = append(group.Items, item)
	}
	out.Sections = []mail.Section{{Title: mail.Link{Label: c.T("quality.title"), URL: out.Button.URL}, Groups: []mail.Group{group}}}
	return out
}
