package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"maillage/internal/fault"
	"maillage/territories"
	"maillage/territories/contours"
)

type loadCmd struct {
	File    string `arg:"" help:"GeoJSON of communes, EPCI, départements or régions, gzipped or not: a file or an address (https://…)." placeholder:"FILE|URL"`
	Source  string `help:"Who drew the contours, shown beside every map." required:"" placeholder:"TEXT"`
	Licence string `help:"Their licence, shown beside every map." placeholder:"TEXT"`
	Layer   string `help:"commune, epci, departement or region. Without it, told from the codes and names." placeholder:"KIND"`
	Vintage string `help:"Date of their list of communes, as 2025-01-01. Without it, that of the platform." placeholder:"DATE"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Run keeps official contours, which replace the indicative mesh at once in
// every process; a file with a fault is refused whole.
func (c *loadCmd) Run(e *env) error {
	in := contours.Input{Layer: territories.Kind(c.Layer), Source: c.Source, Licence: c.Licence, Now: e.now()}
	if c.Vintage != "" {
		day, err := territories.ParseDate(c.Vintage)
		if err != nil {
			return refuse(e, err)
		}
		in.Vintage = day
	}
	file, err := contours.Open(e.ctx, c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	atlas, err := territories.Load()
	if err != nil {
		return fmt.Errorf("load the territories: %w", err)
	}
	st, err := e.open()
	if err != nil {
		return err
	}
	bar := e.progress("contours")
	in.Reader, in.Progress = file, func(features int) { bar.Step(features, 0) }
	report, err := contours.Load(e.ctx, st, atlas, in)
	bar.Done()
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	return c.say(e, report)
}

func (c *loadCmd) say(e *env, r contours.Report) error {
	if c.JSON {
		return e.json(r)
	}
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%s, %s : ", "%s, %s: "), r.Layer, r.Vintage)
	if r.Changed {
		e.printf("%s\n", w("contours chargés", "contours loaded"))
	} else {
		e.printf("%s\n", w("ces contours étaient déjà là, rien ne change", "these contours were there already, nothing changes"))
	}
	out := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, line := range []struct {
		count  int
		fr, en string
		always bool
	}{
		{r.Features, "objets lus", "features read", true},
		{r.Points, "points", "points", true},
		{r.Territories, "territoires dessinés", "territories drawn", true},
		{r.Missing, "absents du fichier, qui gardent leur contour indicatif", "missing from the file, which keep their indicative contour", false},
		{r.Inherited, "communes disparues, données à celle qui tient leur place", "communes that are no more, given to the one in their place", false},
		{r.Parts, "arrondissements municipaux, réunis dans leur commune", "municipal arrondissements, united into their commune", false},
		{len(r.Crossings), "anneaux qui se croisent", "rings that cross themselves", false},
	} {
		if line.always || line.count > 0 {
			_, _ = fmt.Fprintf(out, "%d\t %s\n", line.count, w(line.fr, line.en))
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if r.Missing > 0 {
		e.printf(w("Absents : %s%s\n", "Missing: %s%s\n"), strings.Join(r.MissingCodes, " "), more(r.Missing-len(r.MissingCodes)))
	}
	for _, x := range r.Crossings {
		e.printf(w("  objet %d (%s) : l’anneau se croise en %.5f, %.5f\n", "  feature %d (%s): its ring crosses itself at %.5f, %.5f\n"),
			x.Feature, x.Code, x.At[0], x.At[1])
	}
	return nil
}

// more says how many are not named.
func more(left int) string {
	if left <= 0 {
		return ""
	}
	return fmt.Sprintf(" … +%d", left)
}

type unloadCmd struct {
	Layer string `arg:"" enum:"commune,epci,departement,region" help:"commune, epci, departement or region."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run goes back to the indicative mesh for a layer; again changes nothing.
func (c *unloadCmd) Run(e *env) error {
	st, err := e.open()
	if err != nil {
		return err
	}
	removed, err := contours.Remove(e.ctx, st, territories.Kind(c.Layer))
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string]any{"layer": c.Layer, "removed": removed})
	}
	say := fault.Text{FR: "%s : le contour indicatif servait déjà.\n", EN: "%s: the indicative contour was in use already.\n"}
	if removed {
		say = fault.Text{FR: "%s : retour au contour indicatif.\n", EN: "%s: back to the indicative contour.\n"}
	}
	e.printf(say.In(e.lang), c.Layer)
	return nil
}
