package main

import (
	"fmt"
	"os"

	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

type releaseCmd struct {
	Verify releaseVerifyCmd `cmd:"" help:"Verify a released ZIP, or recognise a tombstone; see docs/releases.md. Exit 0 sound, 3 something does not hold, 4 withdrawn, 5 a file is not as this program writes it."`
}

// Exit codes of release verify.
const (
	exitUnsound   exitCode = 3
	exitWithdrawn exitCode = 4
	exitDiffers   exitCode = 5
)

type releaseVerifyCmd struct {
	File string `arg:"" help:"The ZIP, or the tombstone of a withdrawn version." type:"path"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run verifies a file that may be anybody's: it needs no database and writes nothing.
func (c *releaseVerifyCmd) Run(e *env) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the release: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read the size of the release: %w", err)
	}
	r, err := release.Verify(e.ctx, f, info.Size(), publication.Attack)
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.json(c.shape(r))
	} else {
		sayVerified(e, r)
	}
	switch {
	case err != nil:
		return err
	case r.Tombstone != nil:
		return exitWithdrawn
	case !r.Holds():
		return exitUnsound
	case !r.Sound():
		return exitDiffers
	}
	return nil
}

// verified is the JSON of release verify; docs/releases.md says its fields.
type verified struct {
	File   string `json:"file"`
	Result string `json:"result"` // sound, unsound, differs, withdrawn
	*release.Report
}

func (c *releaseVerifyCmd) shape(r *release.Report) verified {
	v := verified{c.File, "sound", r}
	switch {
	case r.Tombstone != nil:
		v.Result = "withdrawn"
	case !r.Holds():
		v.Result = "unsound"
	case !r.Sound():
		v.Result = "differs"
	}
	return v
}

func sayVerified(e *env, r *release.Report) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	if r.Tombstone != nil {
		sayTombstone(e, *r.Tombstone)
		return
	}
	e.printf("%s %s\n", r.Dataset, r.Version)
	for _, c := range r.Checks {
		e.printf("  %s  %s%s\n", outcomeWord(e, c.Outcome), c.Label.In(e.lang), counted(c))
	}
	for _, t := range r.Tables {
		e.printf(w("%s : %d valeurs, %d publiées, %d masquées, %d non collectées, %d sans objet\n", "%s: %d figures, %d published, %d suppressed, %d not collected, %d not applicable\n"),
			t.Name, t.Figures, t.Published, t.Suppressed, t.NotCollected, t.NoBase)
	}
	for _, f := range r.Findings {
		e.printf(w("%s : %s\n", "%s: %s\n"), f.Where(e.lang), f.Message.In(e.lang))
	}
	if r.More > 0 {
		e.printf(w("et %d autres\n", "and %d more\n"), r.More)
	}
	for _, file := range r.Differing {
		e.printf(w("%s : n’est pas tel que ce programme l’écrit\n", "%s: not as this program writes it\n"), file)
	}
	e.printf("%s\n", verifiedWords(r).In(e.lang))
}

func verifiedWords(r *release.Report) fault.Text {
	switch {
	case r.Sound():
		return fault.Text{FR: "Tout ce qui a été vérifié tient.", EN: "Everything that was checked holds."}
	case r.Holds():
		return fault.Text{FR: "Rien ne se contredit, mais ces fichiers ont été modifiés, ou écrits par une autre version du programme : comparez le SHA-256 avec celui de la page.",
			EN: "Nothing contradicts anything, but these files were changed, or written by another version of the program: compare the SHA-256 with that of the page."}
	}
	return fault.Text{FR: "Cette publication ne tient pas.", EN: "This release does not hold."}
}

func counted(c release.Check) string {
	if c.Outcome == release.LeftOut {
		return ""
	}
	return fmt.Sprintf(" (%d)", c.Count)
}

func outcomeWord(e *env, o release.Outcome) string {
	return map[release.Outcome]fault.Text{
		release.Passed:  {FR: "tient     ", EN: "holds   "},
		release.Failed:  {FR: "échoue    ", EN: "fails   "},
		release.LeftOut: {FR: "non essayé", EN: "left out"},
		release.Differs: {FR: "diffère   ", EN: "differs "},
	}[o].In(e.lang)
}

func sayTombstone(e *env, t release.Tombstone) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%s %s a été retirée le %s : %s\n", "%s %s was withdrawn on %s: %s\n"), t.Dataset, t.Version, t.WithdrawnOn, t.Reason.In(e.lang))
	if t.Successor != "" {
		e.printf(w("Lire à la place la version %s.\n", "Read version %s instead.\n"), t.Successor)
	}
	e.printf("SHA-256 %s\n", t.SHA256)
}
