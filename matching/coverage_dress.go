package matching

import (
	"context"
	"math"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// dressHoles puts names on a page of holes, and says who is near.
func (s *Service) dressHoles(ctx context.Context, v *engine.View, out *Coverage, page []engine.Hole, q CoverageQuery) error {
	poles, err := s.network.Poles(ctx)
	if err != nil {
		return err
	}
	areas, byID := []engine.Area{}, map[int64]*network.Pole{}
	for i := range poles {
		areas = append(areas, engine.Area{ID: poles[i].ID, Place: s.feed.perimeter(poles[i].Territory)})
		byID[poles[i].ID] = &poles[i]
	}
	v.Extend(s.now(), page, areas)
	heads, err := s.headsOfHoles(ctx, page, q.Lots)
	if err != nil {
		return err
	}
	names, err := s.namesOfNearest(ctx, page)
	if err != nil {
		return err
	}
	for i := range page {
		h := s.dressHole(&page[i], names, byID)
		h.Rank, h.Shown = q.After+i+1, []LotHead{}
		for _, id := range holeLots(&page[i], q.Lots) {
			if head, ok := heads[id]; ok {
				h.Shown = append(h.Shown, head)
			}
		}
		out.Holes = append(out.Holes, h)
	}
	return nil
}

func (s *Service) headsOfHoles(ctx context.Context, page []engine.Hole, most int) (map[engine.LotID]LotHead, error) {
	out := map[engine.LotID]LotHead{}
	var ids []opportunities.LotID
	for i := range page {
		ids = append(ids, lotIDs(holeLots(&page[i], most))...)
	}
	lots, err := s.opportunities.Lots(ctx, unique(ids)...)
	if err != nil {
		return nil, err
	}
	for _, l := range lots {
		out[engine.LotID(l.ID)] = s.lotHead(l, s.now())
	}
	return out, nil
}

func (s *Service) namesOfNearest(ctx context.Context, page []engine.Hole) (map[engine.EnterpriseID]OrganisationHead, error) {
	out := map[engine.EnterpriseID]OrganisationHead{}
	var ids []network.ID
	for i := range page {
		for _, x := range page[i].Nearest {
			ids = append(ids, network.ID(x.Enterprise))
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	all, err := s.network.LoadForMatching(ctx, unique(ids)...)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		out[engine.EnterpriseID(o.ID)] = s.organisationHead(o)
	}
	return out, nil
}

func (s *Service) dressHole(h *engine.Hole, names map[engine.EnterpriseID]OrganisationHead, poles map[int64]*network.Pole) Hole {
	out := Hole{Hole: *h, Key: HoleKey(h.Sector, h.Territory), Label: Text{FR: h.Sector.Label("fr"), EN: h.Sector.Label("en")}, Nearest: []Nearby{}, Poles: []Pole{}}
	out.Place, _ = s.atlas.Name(h.Territory)
	if set, err := s.atlas.Of(h.Territory); err == nil {
		out.Set, out.People = set, s.atlas.Population(set)
	}
	for _, x := range h.Nearest {
		if head, ok := names[x.Enterprise]; ok {
			out.Nearest = append(out.Nearest, Nearby{Extension: x, Organisation: head, Words: s.extensionWords(x)})
		}
	}
	for _, near := range h.Poles {
		p := poles[near.ID]
		out.Poles = append(out.Poles, Pole{ID: p.ID, Name: p.Name, Km: near.Km, Territory: p.Territory, Project: liveFor(p, out.Key)})
	}
	return out
}

// liveFor is the project of a pole that comes from a hole and still lives.
func liveFor(p *network.Pole, key string) int64 {
	for i := range p.Projects {
		if project := &p.Projects[i]; project.Hole == key && len(project.Next()) > 0 {
			return project.ID
		}
	}
	return 0
}

// extensionWords says what it would take an enterprise to come to a hole.
func (s *Service) extensionWords(x engine.Extension) Text {
	fr, en := engine.Writer{Atlas: s.atlas, Lang: "fr"}, engine.Writer{Atlas: s.atlas, Lang: "en"}
	t := Text{FR: "fait ce métier ; sa zone s’arrête à " + fr.Amount(x.Km, engine.Kilometres), EN: "does this trade; its zone stops " + en.Amount(x.Km, engine.Kilometres) + " away"}
	switch {
	case x.Way == engine.ByTrade:
		t = Text{FR: "sur place, métier voisin : " + lowerFirst(tradeWords(x.Offered, "fr")), EN: "in place, a neighbouring trade: " + lowerFirst(tradeWords(x.Offered, "en"))}
	case x.Km == 0 && x.Share < 0.005:
		t = Text{FR: "fait ce métier, sur une toute petite partie du territoire", EN: "does this trade, on a very small part of the territory"}
	case x.Km == 0:
		t = Text{FR: "fait ce métier, sur " + fr.Percent(floorShare(x.Share)) + " des habitants", EN: "does this trade, for " + en.Percent(floorShare(x.Share)) + " of the people"}
	}
	if x.Assumed {
		t.FR, t.EN = t.FR+" (supposé, à confirmer)", t.EN+" (assumed, to be confirmed)"
	}
	return t
}

// floorShare never says a whole of what is nearly whole.
func floorShare(share float64) float64 {
	if share >= 1 {
		return 1
	}
	return math.Min(share, 0.99)
}

// tradeWords names a code: by its sector when its scheme has no words in the
// language.
func tradeWords(c nomenclatures.Code, lang string) string {
	if sectors := nomenclatures.SectorsOf(c); len(sectors) > 0 {
		return sectors[0].Label(lang)
	}
	return c.Label()
}

// Perimeter is the territory of a hole as a perimeter.
func (h *Hole) Perimeter() territories.Expr { return territories.In(h.Territory) }
