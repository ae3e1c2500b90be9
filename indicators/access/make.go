package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"maillage/indicators/access/record"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// readAtOnce bounds the enterprises whose records are in memory as they come.
const readAtOnce = 50

// Outcome says what a job did.
type Outcome string

// The outcomes.
const (
	Made    Outcome = "made"
	Kept    Outcome = "kept"    // it is there already, and its facts are the same
	Held    Outcome = "held"    // the difference with an earlier vintage would tell of somebody
	Nothing Outcome = "nothing" // no record, or no way to tell any of them safely
)

// Make makes the file of a year where there is none, or, asked again, where its
// facts changed. The order of its records is drawn, used and forgotten: what is
// kept is the file. It is safe to repeat.
func (s *Service) Make(ctx context.Context, job Make) (Outcome, error) {
	had, err := vintagesOf(ctx, s.store.Read(), job.File, job.Year)
	if err != nil || len(had) > 0 && !job.Again {
		return Kept, err
	}
	sources, err := s.sources(ctx, job.Year)
	if err != nil {
		return "", err
	}
	facts := record.Facts(job.File, sources)
	if len(had) > 0 && had[len(had)-1].Facts == facts {
		return Kept, nil
	}
	made, outcome, err := s.protect(job, sources, had)
	if err != nil || outcome != Made {
		return outcome, err
	}
	return s.keep(ctx, made, job, facts, len(had))
}

// protect makes the file and compares it with every vintage before it.
func (s *Service) protect(job Make, sources []record.Source, had []File) (*record.Protected, Outcome, error) {
	var levels map[string]int
	if len(had) > 0 {
		levels = had[0].Done.Levels
	}
	var seed [32]byte
	if _, err := io.ReadFull(s.random, seed[:]); err != nil {
		return nil, "", fmt.Errorf("draw an order: %w", err)
	}
	made, err := record.Protect(job.File, job.Year, sources, levels, seed)
	if err != nil {
		return nil, "", err
	}
	if len(made.Rows) == 0 {
		return nil, Nothing, nil
	}
	for i := range had {
		before, err := record.Read(job.File, job.Year, had[i].Content)
		if err != nil {
			return nil, "", fmt.Errorf("read %s: %w", had[i].Label(), err)
		}
		if record.Crossed(before, made) > 0 {
			return nil, Held, nil
		}
	}
	return made, Made, nil
}

// keep writes a vintage, unless another process wrote one meanwhile.
func (s *Service) keep(ctx context.Context, made *record.Protected, job Make, facts string, had int) (Outcome, error) {
	content, err := made.CSV()
	if err != nil {
		return "", err
	}
	f := &File{Kind: job.File, Year: job.Year, Vintage: had + 1, Communes: s.atlas.Vintage(), MadeAt: s.now(), Facts: facts, Hash: digest(content), Done: made.Done, Content: content}
	outcome := Made
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		last, err := latest(ctx, tx, job.File, job.Year)
		switch {
		case fault.Is(err, fault.KindNotFound):
		case err != nil:
			return err
		case last.Vintage >= f.Vintage:
			outcome = Kept
			return nil
		}
		return insertFile(ctx, tx, f)
	})
	return outcome, err
}

func digest(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// sources reads the enterprises of a year, some at a time.
func (s *Service) sources(ctx context.Context, year int) ([]record.Source, error) {
	ids, err := enterprisesIn(ctx, s.store.Read(), year)
	if err != nil {
		return nil, err
	}
	var out []record.Source
	for some := range slices.Chunk(ids, readAtOnce) {
		declared, err := microdata.Load(ctx, s.store.Read(), year, some)
		if err != nil {
			return nil, err
		}
		for _, d := range declared {
			dep, region := s.locate(d.Year.Commune, year)
			out = append(out, record.Source{Counts: d.Counts, Departement: dep, Region: region})
		}
	}
	return out, nil
}

// locate is the département and the région of today of a commune of a year; empty
// where it is not known, or where its place is now in several.
func (s *Service) locate(code territories.CommuneCode, year int) (departement, region string) {
	if code == "" {
		return "", ""
	}
	if ord, now := s.atlas.Ordinal(code); now {
		c := s.atlas.Commune(ord)
		return c.Departement, c.Region
	}
	for i, h := range s.atlas.Resolve(code, territories.Date{Year: year, Month: 12, Day: 31}).Current {
		ord, ok := s.atlas.Ordinal(h.Code)
		if !ok {
			continue
		}
		c := s.atlas.Commune(ord)
		if i == 0 {
			departement, region = c.Departement, c.Region
		}
		if c.Departement != departement {
			departement = ""
		}
		if c.Region != region {
			region = ""
		}
	}
	return departement, region
}
