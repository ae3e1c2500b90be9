package microdata

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/territories"
)

// FromCampaign marks the answers of a questionnaire that was frozen.
const FromCampaign Origin = "campaign"

// Member is an enterprise of the platform in one year, as a campaign asked it.
type Member struct {
	Organisation int64
	SIRET        string // may be empty
	Year         int
	Kind         compute.Kind
	Commune      territories.CommuneCode
	Group        string // economic group; empty: it is its own
}

// Key is by what the observatory knows an enterprise that no file declared:
// SIRET-KIND, as files are asked to write it.
func (m Member) Key() string {
	return cmp.Or(m.SIRET, numbered(m.Organisation)) + "-" + string(m.Kind)
}

// numbered is how an organisation is called where it has no SIRET, or where another
// one declared itself under it.
func numbered(organisation int64) string { return "O" + strconv.FormatInt(organisation, 10) }

// freeKey is the key under which an organisation that is tied to no enterprise is
// known, and the enterprise of that key that nobody is tied to, if there is one.
// What is tied to another organisation stays so.
func freeKey(ctx context.Context, db bun.IDB, key string, organisation int64, kind compute.Kind) (string, *Enterprise, error) {
	known, err := enterprisesBy(ctx, db, []string{key})
	switch {
	case err != nil || len(known) == 0:
		return key, nil, err
	case known[0].OrganisationID == nil:
		return key, &known[0], nil
	}
	return numbered(organisation) + "-" + string(kind), nil, nil
}

// Answered keeps what a questionnaire answered for a year, whole, by its natural
// key: what an earlier freeze of the same questionnaire said and this one does
// not is taken away; what a file said is replaced where it is answered, and left
// otherwise. The same answers again change nothing. It tells whether any changed.
func (s *Service) Answered(ctx context.Context, tx store.Tx, m Member, answers map[compute.Measure]compute.Answer) (bool, error) {
	if err := tx.Alone(ctx, ImportTurn); err != nil { // a file read before the close is written before this, or not at all
		return false, err
	}
	of, err := s.enterpriseOf(ctx, tx, m)
	if err != nil {
		return false, err
	}
	if err := s.yearIn(ctx, tx, of, m); err != nil {
		return false, err
	}
	cur, err := answersFor(ctx, tx, of.ID, m.Year)
	if err != nil {
		return false, err
	}
	changed, err := s.putAnswers(ctx, tx, of.ID, m.Year, cur, answers)
	if err != nil || !changed {
		return changed, err
	}
	if err := markOne(ctx, tx, of.ID, m.Year); err != nil {
		return false, err
	}
	return true, tx.Enqueue(ctx, Changed{})
}

// enterpriseOf finds the enterprise of a member, or makes it.
func (s *Service) enterpriseOf(ctx context.Context, tx store.Tx, m Member) (*Enterprise, error) {
	e, err := enterpriseTied(ctx, tx, m)
	if err != nil || e != nil {
		return e, err
	}
	key, known, err := freeKey(ctx, tx, m.Key(), m.Organisation, m.Kind)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return known, tieEnterprise(ctx, tx, known.ID, m.Organisation)
	}
	salt, err := s.draw(16)
	if err != nil {
		return nil, err
	}
	e = &Enterprise{Key: key, OrganisationID: &m.Organisation, Salt: salt, CreatedAt: s.now()}
	return e, insertEnterprise(ctx, tx, e)
}

// yearIn declares the year of an enterprise that no file declared.
func (s *Service) yearIn(ctx context.Context, tx store.Tx, of *Enterprise, m Member) error {
	y := &Year{EnterpriseID: of.ID, Year: m.Year, Kind: m.Kind, Commune: m.Commune, Group: m.Group, Trace: Trace{Origin: FromCampaign, UpdatedAt: s.now()}}
	return declareYear(ctx, tx, y)
}

func (s *Service) putAnswers(ctx context.Context, tx store.Tx, enterprise int64, year int, cur map[compute.Measure]Answer, want map[compute.Measure]compute.Answer) (bool, error) {
	var put []*Answer
	for q, a := range want {
		if old, known := cur[q]; !known || old.Status != a.Status || old.Value != a.Value || old.Origin != FromCampaign {
			put = append(put, &Answer{EnterpriseID: enterprise, Year: year, Question: q, Status: a.Status, Value: a.Value, Trace: Trace{Origin: FromCampaign, UpdatedAt: s.now()}})
		}
	}
	slices.SortFunc(put, func(a, b *Answer) int { return cmp.Compare(a.Question, b.Question) })
	if err := upsert(ctx, tx, put, []string{"enterprise_id", "year", "question"}); err != nil {
		return false, err
	}
	changed := len(put) > 0
	for q, old := range cur {
		if _, kept := want[q]; kept || old.Origin != FromCampaign {
			continue
		}
		if err := remove(ctx, tx, &old); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}

// Said is an answer with where it comes from.
type Said struct {
	compute.Answer
	Origin Origin
}

// AnswersOf reads the answers of members of the platform for a year. It asks
// nothing of the policy: it is for campaigns.
func (s *Service) AnswersOf(ctx context.Context, db bun.IDB, year int, organisations []int64) (map[int64]map[compute.Measure]Said, error) {
	out := map[int64]map[compute.Measure]Said{}
	for part := range slices.Chunk(organisations, statement) {
		rows, err := answersOf(ctx, db, year, part)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if out[r.Organisation] == nil {
				out[r.Organisation] = map[compute.Measure]Said{}
			}
			out[r.Organisation][r.Question] = Said{compute.Answer{Status: r.Status, Value: r.Value}, r.Origin}
		}
	}
	return out, nil
}
