package web

import (
	"maillage/accounts"
	"maillage/internal/mail"
)

// Daily is the one letter of a day, of what each of several parts has to say.
func (l *Letters) Daily(to accounts.User, parts []mail.Letter, stop string) mail.Letter {
	c, lang := l.spoken(to.Lang)
	out := mail.Letter{Lang: string(lang), Subject: c.N("daily.subject", len(parts)-1, "First", parts[0].Subject), Greeting: c.T("letters.hello", "Name", to.Name), Paragraphs: []string{c.T("daily.intro")},
		Foot: c.T("daily.why", "Searches", l.site+"/recherches", "Reminders", l.site+remindersPath), Stop: l.stop(c, stop)}
	for _, p := range parts {
		out.Sections = append(out.Sections, partSections(p)...)
	}
	return out
}

// partSections are those of a part, the first one with what it says before them; one that
// has none becomes one, whose title is the thing to do.
func partSections(p mail.Letter) []mail.Section {
	if len(p.Sections) == 0 {
		return []mail.Section{{Title: mail.Link{Label: p.Subject, URL: p.Button.URL}, Lead: p.Paragraphs, More: p.Button}}
	}
	sections := append([]mail.Section{}, p.Sections...)
	sections[0].Lead = p.Paragraphs
	return sections
}

// stop is the link that ends letters by a secret; none without one.
func (l *Letters) stop(c *call, secret string) mail.Link {
	if secret == "" {
		return mail.Link{}
	}
	return mail.Link{Label: c.T("letters.stop"), URL: l.site + stopPath + secret}
}
