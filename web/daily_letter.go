package web

import (
	"maillage/accounts"
	"maillage/internal/mail"
)

// Daily is the one letter of a day, of what each of several parts has to say.
func (l *Letters) Daily(to accounts.User, parts []mail.Letter, stop string) mail.Letter {
	c, lang := l.spoken(to.Lang)
	out := mail.Letter{Lang: string(lang), Subject: c.N("daily.subject", len(parts)-1, "First", parts[0].Subject), Greeting: c.T("letters.hello", "Name", to.Name), Paragraphs: []string{c.T("daily.intro")},
		Foot: c.T("daily.why"), Settings: []mail.Link{l.searchSettings(c), l.reminderSettings(c)}, Stop: l.stop(c, stop)}
	for _, p := range parts {
		out.Parts = append(out.Parts, p.Part())
	}
	return out
}

func (l *Letters) searchSettings(c *call) mail.Link {
	return mail.Link{Label: c.T("letters.set_searches"), URL: l.site + "/recherches"}
}

func (l *Letters) reminderSettings(c *call) mail.Link {
	return mail.Link{Label: c.T("letters.set_reminders"), URL: l.site + remindersPath}
}

// stop is the link that ends letters by a secret; none without one.
func (l *Letters) stop(c *call, secret string) mail.Link {
	if secret == "" {
		return mail.Link{}
	}
	return mail.Link{Label: c.T("letters.stop"), URL: l.site + stopPath + secret}
}
