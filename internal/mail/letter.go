package mail

import (
	"fmt"
	"html/template"
	"strings"
)

// Letter is what a message says, before its two forms: the plain text, which
// holds everything, and the same in HTML for those who prefer it. Texts are
// plain; the HTML is ours alone.
type Letter struct {
	Lang       string // "fr" or "en"
	Subject    string
	Greeting   string
	Paragraphs []string
	Button     Link   // the one thing to do; empty is none
	After      string // below the button: how long the link lasts
	Foot       string // why this letter came
}

// Link is a labelled address.
type Link struct{ Label, URL string }

// Message writes the letter to somebody.
func (l Letter) Message(to, name string) (Message, error) {
	var b strings.Builder
	if err := page.Execute(&b, l); err != nil {
		return Message{}, fmt.Errorf("write a letter: %w", err)
	}
	return Message{To: to, Name: name, Subject: l.Subject, Text: l.text(), HTML: b.String()}, nil
}

func (l Letter) text() string {
	parts := append([]string{l.Greeting}, l.Paragraphs...)
	if l.Button.URL != "" {
		colon := ":"
		if l.Lang != "en" {
			colon = " :"
		}
		parts = append(parts, l.Button.Label+colon+"\n"+l.Button.URL)
	}
	parts = append(parts, l.After)
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	text := strings.Join(kept, "\n\n") + "\n"
	if l.Foot != "" {
		text += "\n-- \n" + l.Foot + "\n"
	}
	return text
}

// page styles are inline and sober: mail programs know little else.
var page = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="{{if eq .Lang "en"}}en{{else}}fr{{end}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Subject}}</title></head>
<body style="margin:0;background:#faf7f2;color:#12343b;font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:17px;line-height:1.5">
<div style="max-width:36em;margin:0 auto;padding:24px">
<p style="font-weight:700;border-bottom:3px solid #2f7d6b;padding-bottom:8px;margin:0 0 24px">Maillage</p>
{{with .Greeting}}<p>{{.}}</p>
{{end}}{{range .Paragraphs}}<p>{{.}}</p>
{{end}}{{if .Button.URL}}<p style="margin:28px 0"><a href="{{.Button.URL}}" style="background:#12343b;color:#ffffff;padding:12px 20px;text-decoration:none;border-radius:6px">{{.Button.Label}}</a></p>
<p style="font-size:14px;word-break:break-all">{{.Button.URL}}</p>
{{end}}{{with .After}}<p>{{.}}</p>
{{end}}{{with .Foot}}<p style="font-size:14px;color:#4b5f63;border-top:1px solid #d9d2c5;padding-top:12px;margin-top:32px">{{.}}</p>
{{end}}</div></body></html>
`))
