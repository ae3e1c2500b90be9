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

// Make makes the files of a year where there are none, or, asked again, where the
// facts changed, and leaves what came of it. The order of the records is drawn, used
// and forgotten. It is safe to repeat.
func (s *Service) Make(ctx context.Context, job Make) (Outcome, error) {
	had, err := vintagesOf(ctx, s.store.Read(), job.Year)
	if err != nil || len(had) > 0 && !job.Again {
		return Kept, err
	}
	outcome, err := s.make(ctx, job.Year, had)
	if err != nil {
		return "", fmt.Errorf("make the files of %d: %w", job.Year, err)
	}
	return outcome, s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return insertAttempt(ctx, tx, &Attempt{Year: job.Year, Outcome: outcome, At: s.now()})
	})
}

func (s *Service) make(ctx context.Context, year int, had []made) (Outcome, error) {
	sources, err := s.sources(ctx, year)
	if err != nil {
		return "", err
	}
	facts := record.Facts(sources)
	if len(had) > 0 && had[len(had)-1].Facts == facts {
		return Kept, nil
	}
	p, outcome, err := s.protect(year, sources, had)
	if err != nil || outcome != Made {
		return outcome, err
	}
	return s.keep(ctx, p, facts, len(had))
}

// protect makes the records and compares them with every vintage before.
func (s *Service) protect(year int, sources []record.Source, had []made) (*record.Protected, Outcome, error) {
	var first *record.Kept
	if len(had) > 0 {
		first = &had[0].Kept
	}
	var seed [32]byte
	if _, err := io.ReadFull(s.random, seed[:]); err != nil {
		return nil, "", fmt.Errorf("draw an order: %w", err)
	}
	p, err := record.Protect(year, sources, first, seed)
	if err != nil {
		return nil, "", err
	}
	if len(p.Rows) == 0 {
		return nil, Nothing, nil
	}
	for i := range had {
		before, err := had[i].read()
		if err != nil {
			return nil, "", err
		}
		if record.Crossed(before, p) > 0 {
			return nil, Held, nil
		}
	}
	return p, Made, nil
}

// read gives the records that are kept, and checks them again.
func (m *made) read() (*record.Protected, error) {
	p, err := record.Read(m.Year, m.Content, m.Kept)
	if err == nil && digest(m.Content) != m.Hash {
		err = record.ErrUnsafe
	}
	if err != nil {
		return nil, fmt.Errorf("read vintage %d of %d: %w", m.Vintage, m.Year, err)
	}
	return p, nil
}

// keep writes a vintage, unless another process wrote one meanwhile.
func (s *Service) keep(ctx context.Context, p *record.Protected, facts string, had int) (Outcome, error) {
	content, err := p.CSV()
	if err != nil {
		return "", err
	}
	m := &made{Year: p.Year, Vintage: had + 1, Communes: s.atlas.Vintage(), MadeAt: s.now(), Facts: facts, Hash: digest(content), Views: map[record.Kind]about{}, Kept: p.Kept, Content: content}
	for _, k := range record.Kinds() {
		view, err := p.View(k).CSV()
		if err != nil {
			return "", err
		}
		m.Views[k] = about{digest(view), p.Done[k]}
	}
	outcome := Made
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		last, err := latest(ctx, tx, p.Year)
		switch {
		case fault.Is(err, fault.KindNotFound):
		case err != nil:
			return err
		case last.Vintage >= m.Vintage:
			outcome = Kept
			return nil
		}
		return insertMade(ctx, tx, m)
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
