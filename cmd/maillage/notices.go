package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"maillage/tenders"
	"maillage/territories"
)

type noticesCmd struct {
	Parse  noticesParseCmd  `cmd:"" help:"Print notices in their normalised form, without a database."`
	Import noticesImportCmd `cmd:"" help:"Make or update opportunities from notices."`
	Fetch  noticesFetchCmd  `cmd:"" help:"Fetch what is new of a source and import it."`
	Export noticesExportCmd `cmd:"" help:"Write the procurements that came of notices as OCDS release packages."`

	Sources noticesSourcesCmd `cmd:"" help:"Where notices are fetched from: list, add, turn on or off."`
}

type noticesParseCmd struct {
	Paths []string `arg:"" name:"path" help:"Files, folders, .gz, .zip or .tar of notices: eForms, TED, BOAMP, DECP (JSON, XML, CSV), OCDS; - reads the standard input."`
	JSON  bool     `help:"One notice a line, as docs/notice.schema.json says."`
}

// Run prints what can be read and reports the rest, located, on the standard
// error; it ends with 5 when a record was refused, 1 when a file could not be
// opened.
func (c noticesParseCmd) Run(e *env) error {
	for _, path := range c.Paths {
		if err := tenders.CheckPath(path); err != nil {
			return err
		}
	}
	atlas, err := territories.Load()
	if err != nil {
		return fmt.Errorf("load the territories: %w", err)
	}
	parser := tenders.NewParser(tenders.ParserConfig{Places: tenders.NewPlaces(atlas)})
	records := parser.Walk(e.ctx, c.Paths...)
	if len(c.Paths) == 1 && c.Paths[0] == "-" {
		records = parser.Read(e.ctx, "-", e.in)
	}
	refused, failed := 0, 0
	for rec := range records {
		if rec.Err != nil {
			var why *tenders.Refusal
			if errors.As(rec.Err, &why) {
				refused++
			} else {
				failed++
			}
			sayRefused(e.errs, e.lang, rec)
			continue
		}
		if err := c.print(e, rec.Notice); err != nil {
			return fmt.Errorf("print notice %s: %w", rec.Notice.ID, err)
		}
	}
	if err := e.ctx.Err(); err != nil {
		return err
	}
	switch {
	case failed > 0:
		return exitFailed
	case refused > 0:
		return exitRefused
	}
	return nil
}

func (c noticesParseCmd) print(e *env, n *tenders.Notice) error {
	if c.JSON {
		return e.jsonLine(n)
	}
	deadline := "-"
	if n.Deadline != nil {
		deadline = n.Deadline.Wall
	}
	e.printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", n.Source, n.ID, n.Nature, deadline, n.Social.Verdict,
		oneLine(n.Buyer.Name), oneLine(n.Title))
	return nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sayRefused says in the reader's language why a record is refused, or what
// keeps its file from being read.
func sayRefused(w io.Writer, lang string, rec tenders.Record) {
	var why *tenders.Refusal
	if errors.As(rec.Err, &why) {
		_, _ = fmt.Fprintf(w, "%s: %s\n", rec.Path, why.Text().In(lang))
		return
	}
	_, _ = fmt.Fprintln(w, ofFile(rec.Err, lang))
}

type noticesImportCmd struct {
	Paths   []string `arg:"" name:"path" help:"Files, folders, .gz, .zip or .tar of notices; or one http(s) address."`
	Foreign bool     `help:"Also make opportunities of notices of other countries."`
	JSON    bool     `help:"Print the report as JSON."`
}

// Run imports and reports; it ends with 5 when a record went to quarantine.
func (c noticesImportCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	bar := e.progress("notices")
	opts := tenders.ImportOptions{Progress: bar.Step, Foreign: c.Foreign,
		Refused: func(rec tenders.Record) { bar.Done(); sayRefused(e.errs, e.lang, rec) }}
	var report tenders.Report
	if address := c.Paths[0]; len(c.Paths) == 1 && tenders.IsWeb(address) {
		report, err = p.sources.ImportURL(e.system(), address, opts)
	} else {
		report, err = p.tenders.Import(e.system(), c.Paths, opts)
	}
	bar.Done()
	if err != nil {
		return err
	}
	if err := c.print(e, report); err != nil {
		return err
	}
	if report.Quarantined+report.Failed > 0 {
		return exitRefused
	}
	return nil
}

func (c noticesImportCmd) print(e *env, r tenders.Report) error {
	if c.JSON {
		return e.json(r)
	}
	words := map[string][2]string{
		"read": {"lus", "read"}, "made": {"opportunités créées", "opportunities made"},
		"updated": {"mises à jour", "updated"}, "unchanged": {"inchangés", "unchanged"},
		"kept":        {"gardés sans opportunité (préinformations, étrangers)", "kept without opportunity (plannings, foreign)"},
		"quarantined": {"en quarantaine", "in quarantine"}, "failed": {"fichiers illisibles", "unreadable files"},
		"body":   {"textes complets d’un schéma non lu", "full texts of a schema not read"},
		"unread": {"avis dont des champs ne sont pas lus", "notices with fields that are not read"},
	}
	for _, line := range []struct {
		key   string
		count int
	}{{"read", r.Read}, {"made", r.Made}, {"updated", r.Updated}, {"unchanged", r.Unchanged}, {"kept", r.Kept},
		{"quarantined", r.Quarantined}, {"failed", r.Failed}, {"body", r.NotUnderstood}, {"unread", r.Unread}} {
		e.printf("%8d %s\n", line.count, words[line.key][langIndex(e.lang)])
	}
	for _, source := range slices.Sorted(maps.Keys(r.Natures)) {
		for _, nature := range slices.Sorted(maps.Keys(r.Natures[source])) {
			e.printf("%8d %s %s\n", r.Natures[source][nature], source, nature)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(r.Reasons)) {
		e.printf("%8d %s: %s\n", r.Reasons[code], words["quarantined"][langIndex(e.lang)], code)
	}
	return nil
}

func langIndex(lang string) int {
	if lang == "en" {
		return 1
	}
	return 0
}
