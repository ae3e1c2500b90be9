package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"text/template/parse"
)

//go:embed templates
var templateFiles embed.FS

// pages holds the parsed templates: one set a page and a language, because the words are bound
// when a template is parsed.
type pages map[Lang]map[string]*template.Template

func parsePages(locales map[Lang]*Locale, assets *assetStore) (pages, error) {
	all := pages{}
	for lang, locale := range locales {
		base, err := blank(locale, assets).ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("parse the layout: %w", err)
		}
		all[lang] = map[string]*template.Template{}
		names, err := fs.Glob(templateFiles, "templates/pages/*.html")
		if err != nil {
			return nil, fmt.Errorf("list the pages: %w", err)
		}
		for _, name := range names {
			set, err := template.Must(base.Clone()).ParseFS(templateFiles, name)
			if err != nil {
				return nil, fmt.Errorf("parse %s: %w", name, err)
			}
			if all[lang][strings.TrimSuffix(path.Base(name), ".html")], err = needed(set, locale, assets); err != nil {
				return nil, fmt.Errorf("gather %s: %w", name, err)
			}
		}
		if err := parseProse(all[lang], base, locale, assets); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parseProse reads the pages that are mostly text: templates/prose/NAME.LANG.html, each a "prose"
// block, shown by the one page template of that name.
func parseProse(into map[string]*template.Template, base *template.Template, locale *Locale, assets *assetStore) error {
	lang := locale.Lang
	names, err := fs.Glob(templateFiles, "templates/prose/*."+string(lang)+".html")
	if err != nil {
		return fmt.Errorf("list the texts: %w", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(templateFiles, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		text := string(raw)
		if lang == French {
			text = typoText(text)
		}
		set := template.Must(base.Clone())
		if _, err := set.Parse(`{{define "content"}}<article class="prose">{{template "prose" .}}</article>{{end}}`); err != nil {
			return fmt.Errorf("parse the frame of %s: %w", name, err)
		}
		if _, err := set.New(path.Base(name)).Parse(text); err != nil {
			return fmt.Errorf("parse %s: %w", name, err)
		}
		if into[strings.TrimSuffix(path.Base(name), "."+string(lang)+".html")], err = needed(set, locale, assets); err != nil {
			return fmt.Errorf("gather %s: %w", name, err)
		}
	}
	return nil
}

// needed keeps of a page's templates those that its two frames reach. With a copy of every part in
// every page, the program held 141 MB of templates, against 25.
func needed(set *template.Template, locale *Locale, assets *assetStore) (*template.Template, error) {
	kept := blank(locale, assets)
	for reach := []string{"layout", "embed"}; len(reach) > 0; reach = reach[1:] {
		name := reach[0]
		if kept.Lookup(name) != nil {
			continue
		}
		found := set.Lookup(name)
		if found == nil {
			return nil, fmt.Errorf("no template %q", name)
		}
		if _, err := kept.AddParseTree(name, found.Tree); err != nil {
			return nil, err
		}
		reach = append(reach, called(found.Tree.Root)...)
	}
	return kept, nil
}

// called names the templates that a part of a template calls.
func called(node parse.Node) (names []string) {
	branch := func(b *parse.BranchNode) {
		names = append(called(b.List), called(b.ElseList)...)
	}
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, each := range n.Nodes {
			names = append(names, called(each)...)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		names = []string{n.Name}
	}
	return names
}

// blank is where templates are parsed.
func blank(locale *Locale, assets *assetStore) *template.Template {
	return template.New("").Funcs(functions(locale, assets)).Option("missingkey=error")
}

// typoText puts the French spaces in the text of a template, leaving tags and actions alone.
func typoText(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, "<{")
		if i < 0 {
			b.WriteString(typo(s))
			break
		}
		b.WriteString(typo(s[:i]))
		end := ">"
		if strings.HasPrefix(s[i:], "{{") {
			end = "}}"
		}
		j := strings.Index(s[i:], end)
		if j < 0 {
			b.WriteString(s[i:])
			break
		}
		b.WriteString(s[i : i+j+len(end)])
		s = s[i+j+len(end):]
	}
	return b.String()
}

// functions are what a template may call besides its page's own methods.
func functions(l *Locale, assets *assetStore) template.FuncMap {
	return template.FuncMap{
		"t": l.T, "th": l.H, "n": l.N, "nh": l.NH,
		"num": l.Num, "percent": l.Percent, "km": l.Km, "money": l.Money, "points": l.Points, "decimal": l.Decimal,
		"lang":   func() string { return string(l.Lang) },
		"asset":  assets.url,
		"bundle": assets.bundled,
		"upper":  upperFirst,
		"join":   strings.Join,
		"add":    func(a, b int) int { return a + b },
		"icon": func(name string) template.HTML {
			return template.HTML(`<svg class="i" aria-hidden="true" focusable="false"><use href="` + assets.url("sprite.svg") + "#" + template.HTMLEscapeString(name) + `"/></svg>`) //nolint:gosec // escaped
		},
	}
}

// write executes a page into memory first, so that a fault gives an error page, never half of one.
func (p pages) write(w io.Writer, lang Lang, name, block string, data any) error {
	set := p[lang][name]
	if set == nil {
		return fmt.Errorf("no page %q in %q", name, lang)
	}
	var buf bytes.Buffer
	if err := set.ExecuteTemplate(&buf, block, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err := buf.WriteTo(w)
	return err
}
