package main

import (
	"cmp"
	"os"
	"path/filepath"
	"time"

	"maillage/internal/fault"
	"maillage/matching/engine/journeys/trial"
	"maillage/territories"
)

type benchCmd struct {
	Match     benchMatchCmd     `cmd:"" help:"Measure the search of people for positions, on files: each position asked once after as many others, then again, for the steady figures."`
	MatchData benchMatchDataCmd `cmd:"" name:"match-data" hidden:"" help:"Make such files of people that nobody is, placed by population."`
}

type benchMatchCmd struct {
	People    string `required:"" help:"People: id, INSEE code, SRID=4326;POINT(lon lat), km, {3,17}, t or f; tab-separated, no header." placeholder:"FILE"`
	Positions string `required:"" help:"Positions: id, SRID=4326;POINT(lon lat), {3,17}." placeholder:"FILE"`
	Check     bool   `help:"Compare every set of candidates with a plain scan; exit 1 with the first difference."`
	JSON      bool   `name:"json" help:"Print the figures as JSON."`
}

// Run loads the people, answers each position on one thread, and prints the figures.
func (c *benchMatchCmd) Run(e *env) error { return unread(c.run(e)) }

func (c *benchMatchCmd) run(e *env) error {
	positions, err := trial.ReadPositions(c.Positions)
	if err != nil {
		return err
	}
	b := &bench{positions: offers(positions), day: territories.DateOf(e.now())}
	if err := b.load(c.People); err != nil {
		return err
	}
	if err := unique(c.Positions, positions); err != nil {
		return err
	}
	b.others = offers(elsewhere(positions, b.some))
	figures := b.measure()
	if c.Check {
		if err := b.recall(c.People); err != nil {
			return err
		}
		if diff := b.check(); diff != "" {
			_, _ = e.errs.Write([]byte("maillage: " + diff + "\n"))
			return exitFailed
		}
		figures.Checked = true
	}
	unknown, err := unknownCodes(c.People)
	if err != nil {
		return err
	}
	if unknown != (fault.Text{}) {
		_, _ = e.errs.Write([]byte("maillage: " + unknown.In(e.lang) + "\n"))
	}
	if c.JSON {
		return e.json(figures)
	}
	c.print(e, figures)
	return nil
}

func (c *benchMatchCmd) print(e *env, f figures) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	e.printf(w("%d personnes chargées en %.2f s, %.0f octets par personne\n", "%d people loaded in %.2f s, %.0f bytes a person\n"), f.People, f.LoadS, f.BytesPerPerson)
	e.printf(w("%d postes, %d candidatures possibles\n", "%d positions, %d candidates found\n"), f.Positions, f.Found)
	e.printf(w("une recherche : p50 %.4f ms, p90 %.4f ms, p99 %.4f ms\n", "one search: p50 %.4f ms, p90 %.4f ms, p99 %.4f ms\n"), f.P50, f.P90, f.P99)
	e.printf(w("  chaque poste demandé une fois, après autant d’autres postes ; en régime établi (médiane de %d passages) : p50 %.4f ms, p90 %.4f ms, p99 %.4f ms\n",
		"  each position asked once, after as many others; in a steady state (median of %d passes): p50 %.4f ms, p90 %.4f ms, p99 %.4f ms\n"), benchPasses, f.SteadyP50, f.SteadyP90, f.SteadyP99)
	e.printf(w("un changement visible : p50 %.4f ms, p99 %.4f ms\n", "one change made visible: p50 %.4f ms, p99 %.4f ms\n"), f.ChangeP50, f.ChangeP99)
	if f.Checked {
		e.printf("%s\n", w("les mêmes ensembles qu’un parcours complet", "the same sets as a plain scan"))
	}
}

type benchMatchDataCmd struct {
	People    int    `help:"How many people." default:"1000000"`
	Positions int    `help:"How many positions." default:"500"`
	Seed      uint64 `help:"The same seed makes the same files." default:"2026"`
	Out       string `required:"" help:"Folder where people.tsv and positions.tsv are written." placeholder:"DIR"`
}

// Run writes the two files.
func (c *benchMatchDataCmd) Run(e *env) error {
	atlas, err := territories.Load()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o750); err != nil {
		return err
	}
	m := trial.NewMaker(atlas, c.Seed)
	if err := writeFile(filepath.Join(c.Out, "people.tsv"), func(f *os.File) error { return m.WritePeople(f, c.People) }); err != nil {
		return err
	}
	return writeFile(filepath.Join(c.Out, "positions.tsv"), func(f *os.File) error { return m.WritePositions(f, c.Positions) })
}

func writeFile(path string, fill func(*os.File) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = fill(f)
	return cmp.Or(err, f.Close())
}

// figures are what the command measures; see timed for the times of a search.
type figures struct {
	People         int     `json:"people"`
	Positions      int     `json:"positions"`
	Engine         string  `json:"engine"`
	LoadS          float64 `json:"load_s"`
	LoadCPUS       float64 `json:"load_cpu_s"` // processor time, on both: what the clock would say of a quiet machine is less
	BytesPerPerson float64 `json:"bytes_per_person"`
	P50            float64 `json:"p50_ms"`
	P90            float64 `json:"p90_ms"`
	P99            float64 `json:"p99_ms"`
	SteadyP50      float64 `json:"p50_steady_ms"`
	SteadyP90      float64 `json:"p90_steady_ms"`
	SteadyP99      float64 `json:"p99_steady_ms"`
	CPU            float64 `json:"cpu_ms_mean"` // processor time of one search
	Found          int     `json:"found"`
	ChangeP50      float64 `json:"change_ms_p50"`
	ChangeP99      float64 `json:"change_ms_p99"`
	Checked        bool    `json:"checked"`
}

// milliseconds rounds to a tenth of a microsecond.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Nanosecond).Nanoseconds()) / 1e6
}
