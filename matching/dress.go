package matching

import (
	"context"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// dresser puts names, words and replies on what the engine found, for one page.
type dresser struct {
	s             *Service
	q             Query
	fr, en        engine.Writer
	lots          map[engine.LotID]dressedLot
	organisations map[engine.EnterpriseID]OrganisationHead
	nafs          map[engine.EnterpriseID]string
	kept          map[pair]Match
}

type dressedLot struct {
	head  LotHead
	asked *engine.Lot
}

func (s *Service) dresser(q Query) *dresser {
	return &dresser{
		s: s, q: q, fr: engine.Writer{Atlas: s.atlas, Lang: "fr"}, en: engine.Writer{Atlas: s.atlas, Lang: "en"},
		lots: map[engine.LotID]dressedLot{}, organisations: map[engine.EnterpriseID]OrganisationHead{},
		nafs: map[engine.EnterpriseID]string{}, kept: map[pair]Match{},
	}
}

// page cuts the matches of the page and says where the next one begins.
func (d *dresser) page(a *Answer, matches []engine.Match) []engine.Match {
	if d.q.After >= len(matches) {
		return nil
	}
	if end := d.q.After + d.q.Limit; end < a.Total {
		a.Next = end
	}
	return matches[d.q.After:]
}

// candidates dresses the answer for a lot.
func (d *dresser) candidates(ctx context.Context, a *Answer, found engine.Candidates) error {
	matches := d.page(a, found.Matches)
	var ids []network.ID
	for _, m := range matches {
		ids = append(ids, network.ID(m.Enterprise))
	}
	for _, n := range found.Near {
		ids = append(ids, network.ID(n.Enterprise))
	}
	for _, p := range found.Apart {
		ids = append(ids, network.ID(p.Enterprise))
	}
	if err := d.name(ctx, unique(ids)); err != nil {
		return err
	}
	if err := recall(ctx, d, "lot_id", int64(found.Lot), "organisation_id", ids); err != nil {
		return err
	}
	d.fill(a, matches, found.Near)
	for _, p := range found.Apart {
		item := ApartItem{Organisation: d.organisations[p.Enterprise], NAF: d.nafs[p.Enterprise]}
		if p.HasKm {
			item.Km = &p.Km
		}
		a.Apart = append(a.Apart, item)
	}
	return nil
}

// lotsFor dresses the answer for an enterprise.
func (d *dresser) lotsFor(ctx context.Context, a *Answer, v *engine.View, found engine.Lots) error {
	matches := d.page(a, found.Matches)
	var ids []opportunities.LotID
	for _, m := range matches {
		ids = append(ids, opportunities.LotID(m.Lot))
	}
	for _, n := range found.Near {
		ids = append(ids, opportunities.LotID(n.Lot))
	}
	lots, err := d.s.opportunities.Lots(ctx, unique(ids)...)
	if err != nil {
		return err
	}
	for _, l := range lots {
		asked, _ := v.Lot(engine.LotID(l.ID))
		d.lots[engine.LotID(l.ID)] = dressedLot{head: d.s.lotHead(l, d.q.AsOf), asked: asked}
	}
	if err := recall(ctx, d, "organisation_id", int64(found.Enterprise), "lot_id", ids); err != nil {
		return err
	}
	d.fill(a, matches, found.Near)
	return nil
}

func (d *dresser) name(ctx context.Context, ids []network.ID) error {
	all, err := d.s.network.LoadForMatching(ctx, ids...)
	if err != nil {
		return err
	}
	for _, o := range all {
		d.organisations[engine.EnterpriseID(o.ID)] = d.s.organisationHead(o)
		if o.NAF != "" {
			d.nafs[engine.EnterpriseID(o.ID)] = o.NAF.Dotted()
		}
	}
	return nil
}

// recall reads what was kept of the pairs: their numbers and the replies.
func recall[T ~int64](ctx context.Context, d *dresser, column string, id int64, other string, ids []T) error {
	others := make([]int64, len(ids))
	for i, v := range ids {
		others[i] = int64(v)
	}
	rows, err := keptOf(ctx, d.s.store.Read(), column, id, other, others)
	if err != nil {
		return err
	}
	for _, m := range rows {
		d.kept[pair{int64(m.LotID), int64(m.OrganisationID)}] = m
	}
	return nil
}

func (d *dresser) fill(a *Answer, matches []engine.Match, nears []engine.Near) {
	for i, m := range matches {
		a.Matches = append(a.Matches, d.item(m, d.q.After+i+1))
	}
	for _, n := range nears {
		a.Near = append(a.Near, NearItem{
			Item: d.item(n.Match, 0), Missed: n.Missed,
			Change: Text{FR: d.fr.Change(n.Change), EN: d.en.Change(n.Change)},
		})
	}
}

func (d *dresser) item(m engine.Match, rank int) Item {
	lot := d.lots[m.Lot]
	item := Item{
		Rank: rank, Lot: lot.head, Organisation: d.organisations[m.Enterprise], Activity: m.Activity,
		Score: m.Score, Confidence: m.Confidence, ConfidenceLevel: m.Level, History: m.History,
		Line: Text{FR: d.fr.Line(m, lot.asked), EN: d.en.Line(m, lot.asked)}, Criteria: make([]Criterion, 0, len(m.Findings)),
	}
	for _, f := range m.Findings {
		item.Criteria = append(item.Criteria, d.criterion(f))
		item.Assumed = item.Assumed || f.Assumed
	}
	if kept, ok := d.kept[pair{int64(m.Lot), int64(m.Enterprise)}]; ok {
		item.Match, item.State = kept.ID, kept.State
		item.Reply, item.ReplyReason, item.ReplyNote, item.RepliedAt = kept.Reply, kept.ReplyReason, kept.ReplyNote, kept.RepliedAt
	}
	return item
}

func (d *dresser) criterion(f engine.Finding) Criterion {
	return Criterion{
		Finding: f, Sentence: Text{FR: d.fr.Finding(f), EN: d.en.Finding(f)},
		Seen: Text{FR: d.fr.Seen(f), EN: d.en.Seen(f)}, Wanted: Text{FR: d.fr.Wanted(f), EN: d.en.Wanted(f)},
	}
}
