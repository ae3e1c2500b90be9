package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"maillage/internal/fault"
	"maillage/network"
)

type membersCmd struct {
	Import membersImportCmd `cmd:"" help:"Import members from a file (.csv or .xlsx); see docs/import-membres.md."`
}

type membersImportCmd struct {
	File string `arg:"" help:"The file: the layout of the public register, or ours." type:"path"`
	JSON bool   `name:"json" help:"Print JSON."`
	All  bool   `help:"List every finding with its line, not only how many."`
}

// Run imports a file, says what was done and writes the refused rows to FILE.rejected.csv.
func (c *membersImportCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the file of members: %w", err)
	}
	defer func() { _ = f.Close() }()
	start, bar := e.now(), e.progress("members import")
	report, err := p.network.Import(e.system(), network.Source{Name: filepath.Base(c.File), Content: f, Progress: bar.Step})
	bar.Done()
	if err != nil {
		return err
	}
	path, err := writeRefused(e, c.File, report.Rejected, report)
	if err != nil {
		return err
	}
	if err := c.say(e, report, path, e.now().Sub(start)); err != nil {
		return err
	}
	if report.Rejected > 0 {
		return exitRefused
	}
	return nil
}

type membersReport struct {
	File      string           `json:"file"`
	Layout    string           `json:"layout"`
	Read      int              `json:"read"`
	Made      int              `json:"made"`
	Updated   int              `json:"updated"`
	Unchanged int              `json:"unchanged"`
	Rejected  int              `json:"rejected"`
	Placed    int              `json:"placed"`
	ToSpecify int              `json:"to_specify"`
	Assumed   int              `json:"assumed"`
	Seconds   float64          `json:"seconds"`
	Findings  []membersFinding `json:"findings"`
	Refused   []membersRefusal `json:"refused"`
	Unread    []string         `json:"unread_columns"`
	Written   string           `json:"rejected_file,omitempty"`
}

type membersFinding struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
	Lines []int  `json:"lines"`
}

type membersRefusal struct {
	Line    int      `json:"line"`
	Reasons []string `json:"reasons"`
}

func (c *membersImportCmd) say(e *env, r *network.Report, path string, took time.Duration) error {
	if c.JSON {
		return e.json(c.shape(e, r, path, took))
	}
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%d lignes lues en %.1f s : %d créées, %d mises à jour, %d inchangées, %d refusées\n",
		"%d rows read in %.1f s: %d made, %d updated, %d unchanged, %d refused\n"),
		r.Read, took.Seconds(), r.Made, r.Updated, r.Unchanged, r.Rejected)
	e.printf(w("%d placées sur une commune, %d dont le métier ou la zone est supposé, %d à préciser\n",
		"%d placed on a commune, %d with an assumed trade or zone, %d to be specified\n"), r.Placed, r.Assumed, r.ToSpecify)
	for _, f := range r.Counted() {
		e.printf("  %5d  %s (%s)\n", f.Count, network.Finding{Code: f.Code}.Words(e.lang), f.Code)
	}
	if c.All {
		for _, f := range r.Findings {
			e.printf("  "+w("ligne", "line")+" %d, %s : %s %s\n", f.Line, f.SIRET, f.Words(e.lang), f.Detail)
		}
	}
	if len(r.Unread) > 0 {
		e.printf(w("Colonnes ignorées : %s\n", "Columns left unread: %s\n"), strings.Join(r.Unread, ", "))
	}
	if path != "" {
		e.printf(w("Les lignes refusées et leurs motifs sont dans %s : corrigez-les là, puis importez ce fichier.\n",
			"The refused rows and their reasons are in %s: put them right there, then import that file.\n"), path)
	}
	return nil
}

func (c *membersImportCmd) shape(e *env, r *network.Report, path string, took time.Duration) membersReport {
	out := membersReport{
		File: c.File, Layout: r.Layout, Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected,
		Placed: r.Placed, ToSpecify: r.ToSpecify, Assumed: r.Assumed, Seconds: took.Seconds(),
		Findings: []membersFinding{}, Refused: []membersRefusal{}, Unread: append([]string{}, r.Unread...), Written: path,
	}
	for _, f := range r.Counted() {
		out.Findings = append(out.Findings, membersFinding(f))
	}
	for _, row := range r.Refused {
		refusal := membersRefusal{Line: row.Line, Reasons: []string{}}
		for _, reason := range row.Reasons {
			refusal.Reasons = append(refusal.Reasons, reason.In(e.lang))
		}
		out.Refused = append(out.Refused, refusal)
	}
	return out
}
