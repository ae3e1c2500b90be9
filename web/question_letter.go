package web

import (
	"maillage/accounts"
	"maillage/followup/questions"
	"maillage/internal/mail"
)

// LegalDesk is the letter that tells who asked that the desk answered, or asks for
// more. What was written stays on the platform.
func (l *Letters) LegalDesk(to accounts.User, k questions.MessageKind, q *questions.Question) mail.Letter {
	c, lang := l.spoken(to.Lang)
	return mail.Letter{Lang: string(lang), Subject: c.T("letters.desk_" + string(k)), Greeting: c.T("letters.hello", "Name", to.Name), Foot: c.T("letters.desk_why"),
		Paragraphs: []string{c.T("letters.desk_said_"+string(k), "Title", q.Title)}, Button: mail.Link{Label: c.T("letters.desk_do"), URL: l.site + questionPath(q.ID)}}
}
