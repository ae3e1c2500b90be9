package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"maillage/internal/fault"
	"maillage/people"
)

type peopleCmd struct {
	Import    peopleImportCmd `cmd:"" help:"Import the journeys of one structure from a file (.csv or .xlsx); see docs/import-parcours.md."`
	RotateKey rotateKeyCmd    `cmd:"" help:"Seal every identity again with the first key of MAILLAGE_IDENTITY_KEY; may be cut and run again."`
}

type peopleImportCmd struct {
	File         string `arg:"" help:"The file." type:"path"`
	SIRET        string `name:"siret" help:"The structure, by its SIRET." xor:"organisation" required:""`
	Organisation int64  `help:"The structure, by its number." xor:"organisation" required:"" placeholder:"ID"`
	JSON         bool   `name:"json" help:"Print JSON."`
}

// Run imports a file, says what was done and writes the refused rows, without
// anything that identifies, to FILE.rejected.csv.
func (c *peopleImportCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	organisation := c.Organisation
	if c.SIRET != "" {
		id, err := organisationOf(e, p, c.SIRET)
		if err != nil {
			return err
		}
		organisation = int64(id)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the file of journeys: %w", err)
	}
	defer func() { _ = f.Close() }()
	start, bar := e.now(), e.progress("people import")
	r, err := p.people.Import(e.system(), people.File{Organisation: organisation, Name: filepath.Base(c.File), Content: f, Progress: bar.Step})
	bar.Done()
	if err != nil {
		return err
	}
	return c.report(e, r, e.now().Sub(start))
}

func (c *peopleImportCmd) report(e *env, r *people.Report, took time.Duration) error {
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

func (c *peopleImportCmd) say(e *env, r *people.Report, path string, took time.Duration) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%d lignes lues en %.1f s : %d parcours créés, %d mis à jour, %d inchangés, %d refusés ; %d identités scellées\n",
		"%d rows read in %.1f s: %d journeys made, %d updated, %d unchanged, %d refused; %d identities sealed\n"),
		r.Read, took.Seconds(), r.Made, r.Updated, r.Unchanged, r.Rejected, r.Sealed)
	if r.NoKey {
		e.printf("%s\n", people.KeyMissing().In(e.lang))
	}
	for _, u := range r.Unread {
		e.printf("  %s : %s\n", u.Column, u.Why.In(e.lang))
	}
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			e.printf("  "+w("ligne", "line")+" %d, %s\n", row.Line, f.Words(e.lang))
		}
	}
	if path != "" {
		e.printf(w("Les lignes refusées sont dans %s, sans nom ni rien qui identifie.\n", "The refused rows are in %s, without names or anything that identifies.\n"), path)
	}
}

type peopleReport struct {
	File      string          `json:"file"`
	Read      int             `json:"read"`
	Made      int             `json:"made"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Rejected  int             `json:"rejected"`
	Sealed    int             `json:"sealed"`
	NoKey     bool            `json:"no_key"`
	Seconds   float64         `json:"seconds"`
	Unread    []peopleUnread  `json:"unread_columns"`
	Refused   []peopleRefusal `json:"refused"`
	Written   string          `json:"rejected_file,omitempty"`
}

type peopleUnread struct {
	Column string `json:"column"`
	Banned bool   `json:"banned"`
	Why    string `json:"why"`
}

type peopleRefusal struct {
	Line   int      `json:"line"`
	Faults []string `json:"faults"`
}

func (c *peopleImportCmd) shape(e *env, r *people.Report, path string, took time.Duration) peopleReport {
	out := peopleReport{File: c.File, Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected, Sealed: r.Sealed,
		NoKey: r.NoKey, Seconds: took.Seconds(), Unread: []peopleUnread{}, Refused: []peopleRefusal{}, Written: path}
	for _, u := range r.Unread {
		out.Unread = append(out.Unread, peopleUnread{u.Column, u.Banned, u.Why.In(e.lang)})
	}
	for _, row := range r.Refused {
		refusal := peopleRefusal{Line: row.Line}
		for _, f := range row.Faults {
			refusal.Faults = append(refusal.Faults, f.Words(e.lang))
		}
		out.Refused = append(out.Refused, refusal)
	}
	return out
}

type rotateKeyCmd struct{}

// Run seals again what older keys sealed.
func (rotateKeyCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	bar := e.progress("people rotate-key")
	n, err := p.people.Rotate(e.system(), func(done int) { bar.Step(done, 0) })
	bar.Done()
	if err != nil {
		return err
	}
	e.printf(fault.Text{FR: "%d identités scellées de nouveau ; les clés d’avant peuvent être retirées.\n", EN: "%d identities sealed again; the earlier keys may be withdrawn.\n"}.In(e.lang), n)
	return nil
}
