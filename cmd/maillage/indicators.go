package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

type indicatorsCmd struct {
	Import  indicatorsImportCmd  `cmd:"" help:"Import a file of the observatory (.csv or .xlsx); see docs/import-observatoire.md."`
	Compute indicatorsComputeCmd `cmd:"" help:"Count what changed, or a whole year again."`
}

type indicatorsImportCmd struct {
	Sheet   string `arg:"" help:"What the file holds: entreprises, salaries, contrats, heures, sorties, placements, formations, reponses, references or ruptures."`
	File    string `arg:"" help:"The file." type:"path"`
	Preview bool   `help:"Tell what would happen, and write nothing."`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Run imports a file, says what was done and writes the refused rows to FILE.rejected.csv.
func (c *indicatorsImportCmd) Run(e *env) error {
	sheet, err := microdata.ParseSheet(c.Sheet)
	if err != nil {
		return err
	}
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the file of the observatory: %w", err)
	}
	defer func() { _ = f.Close() }()
	start, bar := e.now(), e.progress("indicators import")
	r, err := p.microdata.Import(e.system(), microdata.File{Sheet: sheet, Name: filepath.Base(c.File), Content: f, Preview: c.Preview, Progress: bar.Step})
	bar.Done()
	if err != nil {
		return err
	}
	return c.report(e, r, e.now().Sub(start))
}

func (c *indicatorsImportCmd) report(e *env, r *microdata.Report, took time.Duration) error {
	path, err := writeRefused(e, c.File, r.Rejected, r)
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.json(c.shape(e, r, path, took))
	} else {
		c.say(e, r, path, took)
	}
	if err == nil && r.Rejected > 0 {
		return exitRefused
	}
	return err
}

func (c *indicatorsImportCmd) say(e *env, r *microdata.Report, path string, took time.Duration) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%s : %d lignes lues en %.1f s : %d créées, %d mises à jour, %d inchangées, %d retirées, %d refusées\n",
		"%s: %d rows read in %.1f s: %d made, %d updated, %d unchanged, %d removed, %d refused\n"),
		r.Sheet.Title().In(e.lang), r.Read, took.Seconds(), r.Made, r.Updated, r.Unchanged, r.Removed, r.Rejected)
	for _, u := range r.Unread {
		e.printf(w("  colonne ignorée : %s\n", "  column left unread: %s\n"), u)
	}
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			e.printf("  "+w("ligne", "line")+" %d, %s\n", row.Line, f.Words(e.lang))
		}
	}
	if path != "" {
		e.printf(w("Les lignes refusées sont dans %s : corrigez-les là, puis importez ce fichier.\n", "The refused rows are in %s: put them right there, then import that file.\n"), path)
	}
}

type indicatorsReport struct {
	File      string          `json:"file"`
	Sheet     string          `json:"sheet"`
	Batch     int64           `json:"batch,omitempty"`
	Read      int             `json:"read"`
	Made      int             `json:"made"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Removed   int             `json:"removed"`
	Rejected  int             `json:"rejected"`
	Seconds   float64         `json:"seconds"`
	Unread    []string        `json:"unread_columns"`
	Refused   []peopleRefusal `json:"refused"`
	Written   string          `json:"rejected_file,omitempty"`
}

func (c *indicatorsImportCmd) shape(e *env, r *microdata.Report, path string, took time.Duration) indicatorsReport {
	out := indicatorsReport{File: c.File, Sheet: string(r.Sheet), Batch: r.Batch, Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Removed: r.Removed,
		Rejected: r.Rejected, Seconds: took.Seconds(), Unread: append([]string{}, r.Unread...), Refused: []peopleRefusal{}, Written: path}
	for _, row := range r.Refused {
		refusal := peopleRefusal{Line: row.Line, Faults: []string{}}
		for _, f := range row.Faults {
			refusal.Faults = append(refusal.Faults, f.Words(e.lang))
		}
		out.Refused = append(out.Refused, refusal)
	}
	return out
}

type indicatorsComputeCmd struct {
	Year int  `help:"Carry the events of the platform, then count this year again from nothing; without it, what changed."`
	JSON bool `name:"json" help:"Print JSON."`
}

// Run carries the platform's events, then counts.
func (c *indicatorsComputeCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	start := e.now()
	if _, err := p.microdata.Gather(e.system()); err != nil {
		return err
	}
	done, err := p.figures.Refresh(e.system())
	if err == nil && c.Year != 0 {
		done, err = p.figures.Rebuild(e.system(), c.Year)
	}
	if err != nil {
		return err
	}
	took := e.now().Sub(start).Seconds()
	if c.JSON {
		return e.json(map[string]any{"counted": done.Counted, "summed": done.Summed, "seconds": took})
	}
	e.printf(fault.Text{FR: "%d entreprises et années comptées, %d sommes refaites en %.1f s\n", EN: "%d enterprises and years counted, %d sums made again in %.1f s\n"}.In(e.lang), done.Counted, done.Summed, took)
	return nil
}
