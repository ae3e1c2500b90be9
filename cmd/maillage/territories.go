package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"maillage/territories"
)

type territoriesCmd struct {
	Resolve   resolveCmd   `cmd:"" help:"Tell what an INSEE code was on a date, who held its place and who holds it now. Exit 0 valid, 3 not valid on that date, 4 never existed."`
	Perimeter perimeterCmd `cmd:"" help:"Compile a perimeter and print its size, population and fingerprint."`
	Search    searchCmd    `cmd:"" help:"Find territories by name or code. Finding none is no failure: exit 0, [] with --json."`
	Revise    reviseCmd    `cmd:"" help:"List the stored perimeters that a new list of communes changes; writes none of them. Exit 5 when a person has to decide."`
	Load      loadCmd      `cmd:"" help:"Draw maps from official contours instead of the indicative ones."`
	Unload    unloadCmd    `cmd:"" help:"Go back to the indicative contours of a layer."`
}

// refuse says what is wrong in what was typed, in the reader's language.
func refuse(e *env, err error) error {
	_, _ = fmt.Fprintln(e.errs, "maillage:", territories.Explain(err, e.lang))
	return exitUsage
}

// complain says something on the error output in the reader's language.
func (e *env) complain(fr, en string) {
	if e.lang == "en" {
		fr = en
	}
	_, _ = fmt.Fprintln(e.errs, "maillage:", fr)
}

type resolveCmd struct {
	Code string `arg:"" help:"INSEE code of a commune or an arrondissement, such as 27676 or 2A004; never a postal code."`
	Date string `arg:"" optional:"" help:"Date, as 2021-06-01. Without it, the date of the vintage."`
	On   string `help:"The date, said otherwise: never both." placeholder:"DATE"`
	JSON bool   `help:"Print JSON."`
}

// Run prints a resolution and ends with its code.
func (c resolveCmd) Run(e *env) error {
	a, err := territories.Load()
	if err != nil {
		return err
	}
	code, err := territories.ParseCommuneCode(c.Code)
	if err != nil {
		return refuse(e, err)
	}
	if c.Date != "" && c.On != "" {
		e.complain("deux dates sont données : gardez "+c.Date+" ou --on "+c.On, "two dates are given: keep "+c.Date+" or --on "+c.On)
		return exitUsage
	}
	on, err := territories.ParseDate(cmp.Or(c.On, c.Date, a.Vintage()))
	if err != nil {
		return refuse(e, err)
	}
	r := a.Resolve(code, on)
	if c.JSON {
		err = e.json(r.Report(e.lang))
	} else {
		printResolution(e, r)
	}
	if exit := r.ExitCode(); err == nil && exit != 0 {
		return exitCode(exit)
	}
	return err
}

func printResolution(e *env, r territories.Resolution) {
	report := r.Report(e.lang)
	e.printf("%s %s  %s\n%s\n", report.Code, report.On, report.Name, report.Reason)
	for _, i := range report.Intervals {
		for _, l := range i.ByName() {
			e.printf("  %s → %s  %s\n", l.From, cmp.Or(l.Until, "…"), l.Name)
		}
	}
	for _, line := range []struct {
		fr, en string
		held   []territories.Held
	}{{"alors", "then", r.HeldThen}, {"aujourd'hui", "now", r.Current}} {
		label := line.fr
		if e.lang == "en" {
			label = line.en
		}
		for _, h := range line.held {
			e.printf("  %s : %s %s\n", label, h.Code, h.Name)
		}
	}
}

type perimeterCmd struct {
	Expression string `arg:"" help:"JSON of the perimeter, one territory (departement:26), words (\"Drôme sauf Montélimar\"), or - to read it from the standard input."`
	JSON       bool   `help:"Print JSON."`
	Codes      bool   `help:"Print the INSEE codes instead, one a line."`
}

// Run compiles a perimeter and prints what it holds.
func (c perimeterCmd) Run(e *env) error {
	a, err := territories.Load()
	if err != nil {
		return err
	}
	text := c.Expression
	if text == "-" {
		raw, err := io.ReadAll(io.LimitReader(e.in, territories.MaxText+1))
		if err != nil {
			return fmt.Errorf("read the perimeter: %w", err)
		}
		text = string(raw)
	}
	expr, err := a.ParsePerimeter(text)
	if err != nil {
		return refuse(e, err)
	}
	p, err := a.Compile(expr)
	if err != nil {
		return refuse(e, err)
	}
	switch {
	case c.Codes:
		for _, code := range a.Codes(p.Set) {
			e.printf("%s\n", code)
		}
		return nil
	case c.JSON:
		return e.json(a.ReportPerimeter(p))
	}
	return printPerimeter(e, a, p)
}

func printPerimeter(e *env, a *territories.Atlas, p *territories.Perimeter) error {
	r := a.ReportPerimeter(p)
	e.printf("%s\n%s\n\n", a.Describe(p.Expr, e.lang), p.Text)
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "communes\t%d\ncodes_sha256\t%s\npopulation\t%d\n", r.Communes, r.CodesSHA256, r.Population)
	if r.BBox != nil {
		_, _ = fmt.Fprintf(w, "bbox\t%g %g %g %g\n", r.BBox[0], r.BBox[1], r.BBox[2], r.BBox[3])
	}
	_, _ = fmt.Fprintf(w, "vintage\t%s\n", r.Vintage)
	return w.Flush()
}

type searchCmd struct {
	Query       []string `arg:"" help:"The beginning of the words of a name, a code, or a name and its département."`
	Kind        []string `help:"Only these kinds: commune, arrondissement, epci, ept, departement, region, region2015, federation2012, postal." placeholder:"KIND"`
	Departement string   `help:"Only inside this département." placeholder:"CODE"`
	Limit       int      `help:"At most so many." default:"10"`
	JSON        bool     `help:"Print JSON."`
}

// Run prints the territories found, the best first.
func (c searchCmd) Run(e *env) error {
	a, err := territories.Load()
	if err != nil {
		return err
	}
	opt := territories.SearchOptions{Departement: c.Departement, Limit: c.Limit}
	for _, k := range c.Kind {
		kind, err := territories.ParseKind(k)
		if err != nil {
			return refuse(e, err)
		}
		opt.Kinds = append(opt.Kinds, kind)
	}
	hits := a.Search(strings.Join(c.Query, " "), opt)
	if c.JSON {
		return e.json(append([]territories.Hit{}, hits...))
	}
	if len(hits) == 0 {
		e.complain("aucun territoire", "no territory")
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, h := range hits {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", h.Ref, h.Name, h.Departement, h.Population)
	}
	return w.Flush()
}
