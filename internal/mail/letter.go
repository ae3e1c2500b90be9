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
	Intro      string    // announces the sections, where the letter stands alone
	Sections   []Section // what a letter of news holds
	Parts      []Part    // what several letters made one say, each under its name
	Button     Link      // the one thing to do; empty is none
	After      string    // below the button: how long the link lasts
	Foot       string    // why this letter came
	Settings   []Link    // where to choose what comes
	Stop       Link      // ends such letters; empty for those that somebody asked for
	Topic      string    // its name as a part of another letter; empty: its subject
}

// Link is a labelled address.
type Link struct{ Label, URL string }

// Part is a letter that became a part of another one.
type Part struct {
	Title    string
	Lead     []string
	Sections []Section
	Button   Link
}

// Section is what a letter of news says under one title.
type Section struct {
	Title  Link
	Groups []Group
}

// Part is the letter as a part of another one: what is said once for all its parts (the
// greeting, an intro, why it came and what ends it) is left out.
func (l Letter) Part() Part {
	title := l.Topic
	if title == "" {
		title = l.Subject
	}
	return Part{Title: title, Lead: l.Paragraphs, Sections: l.Sections, Button: l.Button}
}

// sections are all those of the letter and of its parts.
func (l Letter) sections() []Section {
	all := slices.Clone(l.Sections)
	for _, p := range l.Parts {
		all = append(all, p.Sections...)
	}
	return all
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
	for _, s := range l.sections() {
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
	parts = append(parts, l.Intro)
	for _, section := range l.Sections {
		parts = append(parts, section.text())
	}
	for _, p := range l.Parts {
		parts = append(parts, l.partText(p))
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
	for _, to := range append(slices.Clone(l.Settings), l.Stop) {
		if to.URL != "" {
			text += l.labelled(to) + "\n"
		}
	}
	return text
}

// partText begins with a ruled line, which parts it from the one before.
func (l Letter) partText(p Part) string {
	parts := append([]string{rule + "\n" + p.Title + "\n" + rule}, p.Lead...)
	for _, section := range p.Sections {
		parts = append(parts, section.text())
	}
	if p.Button.URL != "" {
		parts = append(parts, l.labelled(p.Button))
	}
	return strings.Join(parts, "\n\n")
}

// rule is as wide as a phone shows.
const rule = "----------------------------------------"

// labelled is a link on two lines, so that mail programs find its address.
func (l Letter) labelled(to Link) string {
	colon := ":"
	if l.Lang != "en" {
		colon = " :"
	}
	return to.Label + colon + "\n" + to.URL
}

func (s Section) text() string {
	parts := []string{strings.ToUpper(s.Title.Label)}
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
	return strings.Join(parts, "\n\n")
}

// page styles are inline and sober: mail programs know little else. The sections of a part
// are one level below its title, for those who hear a letter.
var page = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="{{if eq .Lang "en"}}en{{else}}fr{{end}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Subject}}</title></head>
<body style="margin:0;background:#faf7f2;color:#12343b;font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:17px;line-height:1.5;overflow-wrap:anywhere">
<div style="max-width:36em;margin:0 auto;padding:24px">
<p style="font-weight:700;border-bottom:3px solid #2f7d6b;padding-bottom:8px;margin:0 0 24px">Maillage</p>
{{with .Greeting}}<p>{{.}}</p>
{{end}}{{range .Paragraphs}}<p>{{.}}</p>
{{end}}{{with .Intro}}<p>{{.}}</p>
{{end}}{{range .Sections}}` + sectionPage(2) + `{{end}}{{range .Parts}}<h2 style="font-size:22px;line-height:1.3;background:#e3efea;border-left:4px solid #2f7d6b;padding:8px 12px;margin:44px 0 16px">{{.Title}}</h2>
{{range .Lead}}<p>{{.}}</p>
{{end}}{{range .Sections}}` + sectionPage(3) + `{{end}}{{if .Button.URL}}` + buttonPage + `{{end}}{{end}}{{if .Button.URL}}` + buttonPage + `<p style="font-size:14px;word-break:break-all">{{.Button.URL}}</p>
{{end}}{{with .After}}<p>{{.}}</p>
{{end}}{{with .Foot}}<p style="font-size:14px;color:#4b5f63;border-top:1px solid #d9d2c5;padding-top:12px;margin-top:32px">{{.}}</p>
{{end}}{{range .Settings}}<p style="font-size:14px"><a href="{{.URL}}" style="color:#4b5f63">{{.Label}}</a></p>
{{end}}{{if .Stop.URL}}<p style="font-size:14px"><a href="{{.Stop.URL}}" style="color:#4b5f63">{{.Stop.Label}}</a></p>
{{end}}</div></body></html>
`))

const buttonPage = `<p style="margin:28px 0"><a href="{{.Button.URL}}" style="display:inline-block;background:#12343b;color:#ffffff;padding:12px 20px;text-decoration:none;border-radius:6px">{{.Button.Label}}</a></p>
`

// sectionPage is a section whose title is a heading of a level.
func sectionPage(level int) string {
	return fmt.Sprintf(`<h%[1]d style="font-size:20px;line-height:1.3;margin:32px 0 8px"><a href="{{.Title.URL}}" style="color:#12343b">{{.Title.Label}}</a></h%[1]d>
{{range .Groups}}<h%[2]d style="font-size:15px;color:#2f6b5d;margin:20px 0 4px">{{.Title}}</h%[2]d>
<ul style="list-style:none;margin:0;padding:0">
{{range .Items}}<li style="border-top:1px solid #d9d2c5;padding:12px 0"><a href="{{.Title.URL}}" style="color:#12343b;font-weight:700">{{.Title.Label}}</a>{{range .Lines}}<br>{{.}}{{end}}</li>
{{end}}</ul>
{{if .More.URL}}<p style="margin:4px 0 0"><a href="{{.More.URL}}" style="color:#12343b">{{.More.Label}}</a></p>
{{end}}{{end}}`, level, level+1)
}
