package mail

import (
	"fmt"
	"html/template"
	"slices"
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
	Sections   []Section // what a letter of news holds
	Button     Link      // the one thing to do; empty is none
	After      string    // below the button: how long the link lasts
	Foot       string    // why this letter came
	Stop       Link      // ends such letters; empty for those that somebody asked for
}

// Link is a labelled address.
type Link struct{ Label, URL string }

// Section is a part of a letter of news: what it says, then its items; More is the one
// thing to do of a section without items.
type Section struct {
	Title  Link
	Lead   []string
	Groups []Group
	More   Link
}

// Group is the items of one kind; More leads to those that are left out.
type Group struct {
	Title string
	Items []Item
	More  Link
}

// Item is one thing that happened.
type Item struct {
	Title Link
	Lines []string
}

// Message writes the letter to somebody. A line that says nothing is left out: a
// takeover has no buyer.
func (l Letter) Message(to, name string) (Message, error) {
	for _, s := range l.Sections {
		for _, g := range s.Groups {
			for i := range g.Items {
				g.Items[i].Lines = slices.DeleteFunc(slices.Clone(g.Items[i].Lines), func(line string) bool { return line == "" })
			}
		}
	}
	var b strings.Builder
	if err := page.Execute(&b, l); err != nil {
		return Message{}, fmt.Errorf("write a letter: %w", err)
	}
	return Message{To: to, Name: name, Subject: l.Subject, Text: l.text(), HTML: b.String(), Stop: l.Stop.URL}, nil
}

func (l Letter) text() string {
	parts := append([]string{l.Greeting}, l.Paragraphs...)
	for _, section := range l.Sections {
		parts = append(parts, section.text())
	}
	if l.Button.URL != "" {
		parts = append(parts, l.labelled(l.Button))
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
	if l.Stop.URL != "" {
		text += l.labelled(l.Stop) + "\n"
	}
	return text
}

// labelled is a link on two lines, so that mail programs find its address.
func (l Letter) labelled(to Link) string {
	colon := ":"
	if l.Lang != "en" {
		colon = " :"
	}
	return to.Label + colon + "\n" + to.URL
}

func (s Section) text() string {
	parts := append([]string{strings.ToUpper(s.Title.Label)}, s.Lead...)
	for _, g := range s.Groups {
		parts = append(parts, g.Title)
		for _, item := range g.Items {
			lines := append([]string{"* " + item.Title.Label}, item.Lines...)
			parts = append(parts, strings.Join(append(lines, item.Title.URL), "\n  "))
		}
		if g.More.URL != "" {
			parts = append(parts, g.More.Label+"\n"+g.More.URL)
		}
	}
	if s.More.URL != "" {
		parts = append(parts, s.More.Label+"\n"+s.More.URL)
	}
	return strings.Join(parts, "\n\n")
}

// page styles are inline and sober: mail programs know little else.
var page = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="{{if eq .Lang "en"}}en{{else}}fr{{end}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Subject}}</title></head>
<body style="margin:0;background:#faf7f2;color:#12343b;font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:17px;line-height:1.5">
<div style="max-width:36em;margin:0 auto;padding:24px">
<p style="font-weight:700;border-bottom:3px solid #2f7d6b;padding-bottom:8px;margin:0 0 24px">Maillage</p>
{{with .Greeting}}<p>{{.}}</p>
{{end}}{{range .Paragraphs}}<p>{{.}}</p>
{{end}}{{range .Sections}}<h2 style="font-size:20px;line-height:1.3;margin:32px 0 8px"><a href="{{.Title.URL}}" style="color:#12343b">{{.Title.Label}}</a></h2>
{{range .Lead}}<p>{{.}}</p>
{{end}}{{range .Groups}}<h3 style="font-size:15px;color:#2f6b5d;margin:20px 0 4px">{{.Title}}</h3>
<ul style="list-style:none;margin:0;padding:0">
{{range .Items}}<li style="border-top:1px solid #d9d2c5;padding:12px 0"><a href="{{.Title.URL}}" style="color:#12343b;font-weight:700">{{.Title.Label}}</a>{{range .Lines}}<br>{{.}}{{end}}</li>
{{end}}</ul>
{{if .More.URL}}<p style="margin:4px 0 0"><a href="{{.More.URL}}" style="color:#12343b">{{.More.Label}}</a></p>
{{end}}{{end}}{{if .More.URL}}<p style="margin:4px 0 0"><a href="{{.More.URL}}" style="color:#12343b">{{.More.Label}}</a></p>
{{end}}{{end}}{{if .Button.URL}}<p style="margin:28px 0"><a href="{{.Button.URL}}" style="background:#12343b;color:#ffffff;padding:12px 20px;text-decoration:none;border-radius:6px">{{.Button.Label}}</a></p>
<p style="font-size:14px;word-break:break-all">{{.Button.URL}}</p>
{{end}}{{with .After}}<p>{{.}}</p>
{{end}}{{with .Foot}}<p style="font-size:14px;color:#4b5f63;border-top:1px solid #d9d2c5;padding-top:12px;margin-top:32px">{{.}}</p>
{{end}}{{if .Stop.URL}}<p style="font-size:14px"><a href="{{.Stop.URL}}" style="color:#4b5f63">{{.Stop.Label}}</a></p>
{{end}}</div></body></html>
`))
