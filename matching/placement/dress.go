package placement

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// dresser puts names, words, agreements and proposals on what the engine found,
// for one structure.
type dresser struct {
	s        *Service
	q        Query
	lots     map[opportunities.LotID]*opportunities.Lot
	persons  map[people.ID]*people.Person
	works    map[people.ID]work
	alerts   map[people.ID][]Alert
	consents map[pair]Consent
	there    map[opportunities.LotID][]*Proposal
	sessions map[opportunities.LotID]*opportunities.Lot
	view     *journeys.View
	own      int64
}

type pair struct {
	person people.ID
	lot    opportunities.LotID
}

func (s *Service) dresser(ctx context.Context, v *journeys.View, q Query, structure int64, lots []*opportunities.Lot, persons []people.ID) (*dresser, error) {
	d := &dresser{s: s, view: v, q: q, own: structure, lots: map[opportunities.LotID]*opportunities.Lot{}, persons: map[people.ID]*people.Person{},
		alerts: map[people.ID][]Alert{}, consents: map[pair]Consent{}, there: map[opportunities.LotID][]*Proposal{}}
	for _, l := range lots {
		d.lots[l.ID] = l
	}
	all, err := s.people.LoadForMatching(ctx, persons...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		d.persons[p.ID] = p
	}
	if d.works, err = s.workOf(ctx, s.store.Read(), keys(d.persons)...); err != nil {
		return nil, err
	}
	if err := d.recall(ctx); err != nil {
		return nil, err
	}
	if err := d.alert(ctx); err != nil {
		return nil, err
	}
	d.sessions, err = s.school(ctx)
	return d, err
}

// recall reads what was agreed and proposed.
func (d *dresser) recall(ctx context.Context) error {
	agreements, err := agreementsOf(ctx, d.s.store.Read(), keys(d.lots), keys(d.persons))
	if err != nil {
		return err
	}
	for _, a := range agreements {
		d.consents[pair{a.PersonID, opportunities.LotID(a.PositionID)}] = consentOf(a, d.s.today())
	}
	all, err := proposalsAt(ctx, d.s.store.Read(), keys(d.lots))
	if err != nil {
		return err
	}
	if err := d.s.lapse(ctx, d.s.store.Read(), all); err != nil {
		return err
	}
	for _, p := range all {
		d.there[p.LotID] = append(d.there[p.LotID], p)
	}
	return nil
}

// alert reads what is due of people's rights; it excludes nobody.
func (d *dresser) alert(ctx context.Context) error {
	all, err := d.s.people.Alerts(ctx, d.own, d.s.now())
	if err != nil {
		return err
	}
	for _, a := range all {
		d.alerts[a.Person.ID] = append(d.alerts[a.Person.ID], Alert{Kind: a.Kind, Severity: a.Severity, Due: a.Due, Text: Text(a.Text), Source: a.Source})
	}
	return nil
}

// fill dresses a page and says where the next one begins.
func (d *dresser) fill(matches []journeys.Match, nears []journeys.Near, total int) (items, near []Candidate, next int) {
	items, near = []Candidate{}, []Candidate{}
	for i := d.q.After; i < min(len(matches), d.q.After+d.q.Limit); i++ {
		items = append(items, d.item(matches[i], i+1))
	}
	if end := d.q.After + d.q.Limit; end < total {
		next = end
	}
	for _, n := range nears[:min(len(nears), d.q.Near)] {
		c := d.item(n.Match, 0)
		words := remedyWords(n.Remedy)
		c.Missed, c.Change = n.Missed.String(), &words
		near = append(near, c)
	}
	return items, near, next
}

func (d *dresser) item(m journeys.Match, rank int) Candidate {
	p, l := d.persons[people.ID(m.Person)], d.lots[opportunities.LotID(m.Position)]
	c := Candidate{Rank: rank, Score: m.Score, Confidence: m.Confidence, History: m.History, Criteria: []Criterion{}}
	if p == nil || l == nil {
		return c // erased meanwhile
	}
	c.Person, c.Position, c.Alerts = d.s.personHead(p, d.works[p.ID]), d.s.head(l), d.alerts[p.ID]
	for _, f := range m.Findings {
		c.Criteria = append(c.Criteria, criterion(f))
		c.Assumed = c.Assumed || f.Assumed
		c.detail(f)
	}
	c.Trainings = d.s.closing(d.view, p, d.works[p.ID], l, d.sessions)
	c.Agreement = Consent{Words: agreementWords("")}
	if a, ok := d.consents[pair{p.ID, l.ID}]; ok {
		c.Agreement = a
	}
	for _, o := range d.there[l.ID] {
		if o.PersonID == p.ID {
			line := d.s.line(o, c.Position)
			c.Proposal = &line
		}
	}
	return c
}

func criterion(f journeys.Finding) Criterion {
	return Criterion{Criterion: f.Criterion.String(), State: f.State.String(), Gate: f.Gate, Assumed: f.Assumed, Value: rounded(f.Value), Weight: rounded(f.Weight),
		Points: rounded(f.Points()), By: rounded(f.By), Unit: f.Unit.String(), Sentence: findingWords(f)}
}

// rounded writes a number of the engine, in single precision, as people would.
func rounded(f float32) float64 { return math.Round(float64(f)*1000) / 1000 }

// detail says in words what is held and what is missing of what is asked.
func (c *Candidate) detail(f journeys.Finding) {
	if f.Params.Detail == nil || f.Criterion == journeys.Outcomes { // that is given, not asked
		return
	}
	for _, code := range f.Params.Detail.Held {
		c.Held = append(c.Held, named(f.Criterion, code))
	}
	for _, code := range slices.Concat(f.Params.Detail.Missing, f.Params.Detail.Trainable) {
		c.Missing = append(c.Missing, named(f.Criterion, code))
	}
}

func named(c journeys.Criterion, code string) Text {
	if _, known := nomenclatures.LookupAptitude(nomenclatures.Aptitude(code)); c == journeys.Languages || !known && len(code) == 2 {
		return text(tongue(code, "fr"), tongue(code, "en"))
	}
	return text(aptitude(code, "fr"), aptitude(code, "en"))
}

// closing are the sessions nearby that would give a person what they lack for a
// position: for each aptitude the nearest that they can follow in time.
func (s *Service) closing(v *journeys.View, p *people.Person, w work, l *opportunities.Lot, sessions map[opportunities.LotID]*opportunities.Lot) []Training {
	asked, ok := s.feed.person(p, w, s.today())
	if !ok {
		return nil
	}
	var out []Training
	for _, c := range v.ClosingTrainings(asked, s.feed.asked(l), date(s.today())) {
		code, at := cmp.Or(string(c.Licence), c.Skill.Code), sessions[opportunities.LotID(c.Session)]
		if code == "" || at == nil {
			continue
		}
		if t := s.training(p, at, nomenclatures.Aptitude(code)); !sameTraining(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (s *Service) training(p *people.Person, l *opportunities.Lot, a nomenclatures.Aptitude) Training {
	out := Training{Aptitude: a, Lot: l.ID, Title: called(l), StartsOn: l.StartsOn, Places: l.Left()}
	ords := s.feed.communes(l)
	if len(ords) != 1 {
		return out
	}
	there := s.atlas.Commune(int(ords[0]))
	out.Town = there.Name
	if home, ok := s.atlas.Ordinal(p.Commune); ok && p.Commune != "" && there.HasPoint && s.atlas.Commune(home).HasPoint {
		out.Km = territories.Haversine(s.atlas.Commune(home).Point, there.Point)
	}
	return out
}

// filled tells a position of which every place is taken: nobody more is asked.
func (d *dresser) filled(m journeys.Match) bool {
	l := d.lots[opportunities.LotID(m.Position)]
	return l != nil && l.Filled()
}

// nearby leaves out who lives too far from every commune of a vague position.
func (d *dresser) nearby(found journeys.Candidates) journeys.Candidates {
	found.Matches, found.Near = d.within(found.Matches), d.nearWithin(found.Near)
	found.Total = len(found.Matches)
	return found
}

func (d *dresser) far(m journeys.Match) bool {
	p, l := d.persons[people.ID(m.Person)], d.lots[opportunities.LotID(m.Position)]
	return p == nil || l == nil || d.s.beyond(p, l)
}

func (d *dresser) within(all []journeys.Match) []journeys.Match { return slices.DeleteFunc(all, d.far) }

func (d *dresser) nearWithin(all []journeys.Near) []journeys.Near {
	return slices.DeleteFunc(all, func(n journeys.Near) bool { return d.far(n.Match) })
}

// notAtWork leaves out the near misses of whom a job that lasts is all that stands in the way.
func (d *dresser) notAtWork(all []journeys.Near) []journeys.Near {
	return slices.DeleteFunc(all, func(n journeys.Near) bool {
		p := d.persons[people.ID(n.Person)]
		return p != nil && d.works[p.ID].missedAtWork(p, n)
	})
}

// line is a proposal as its structure follows it, at its position.
func (s *Service) line(p *Proposal, h Head) Line {
	out := Line{ID: p.ID, Person: p.PersonID, Lot: p.LotID, Label: p.Label, Own: p.own(), State: p.State, Words: p.State.wordsAt(h, p.own(), s.today()), AnswerBy: p.DueAt, Late: p.Late(s.now()),
		ProposedAt: p.CreatedAt, Card: p.Sheet, CardWords: []Text{}, LeftWords: []Text{}, Revision: p.Revision}
	if out.Own {
		out.AnswerBy, out.Next = time.Time{}, p.next(h.Kind) // nobody is asked
	}
	if p.Reason != NoReason {
		words := p.Reason.Words()
		out.Reason = &words
	}
	out.CardWords, out.LeftWords = s.SheetWords(&p.Sheet)
	return out
}

// SheetWords is what a card tells and what could not be told.
func (s *Service) SheetWords(sheet *Sheet) (said, left []Text) {
	said, left = []Text{}, []Text{}
	for _, c := range sheet.Claims {
		if w := Words(c, s.today()); w != (Text{}) {
			said = append(said, w)
		}
	}
	for _, c := range sheet.Left {
		if w := Words(c, s.today()); w != (Text{}) {
			left = append(left, w)
		}
	}
	return said, left
}

func (s *Service) personHead(p *people.Person, w work) PersonHead {
	h := PersonHead{ID: p.ID, Code: p.Code, Counsellor: p.CounsellorID, WaitingDays: waiting(w.waitsSince(p), s.now()), Post: w.post, LastProposed: p.LastProposed, Revision: p.Revision}
	if ord, ok := s.atlas.Ordinal(p.Commune); ok && p.Commune != "" {
		h.Town = s.atlas.Commune(ord).Name
	}
	return h
}

func (s *Service) head(l *opportunities.Lot) Head {
	o := l.Opportunity
	h := Head{Lot: l.ID, Opportunity: o.ID, Kind: o.Kind, State: o.State, Title: called(l), Employer: o.BuyerName, Posts: max(1, l.Posts), Left: l.Left(),
		StartsOn: l.StartsOn, EndsOn: l.EndsOn, Deadline: l.Deadline, Open: s.open(l), Filled: s.published(l) && l.Filled(), Revision: l.Revision, Scene: people.SceneOf(l.MovedAt), Place: s.placeWords(l), receiver: receiver(o)}
	switch {
	case h.Title == "" || !strings.Contains(h.Title, o.Title) && len(o.Lots) < 2:
		h.Title = o.Title
	case strings.Contains(o.Title, h.Title):
		h.Title = o.Title // names its sites, and the place is beside
	case !strings.Contains(h.Title, o.Title):
		h.Title = o.Title + ", " + h.Title // a site of a need that has several is named by its town
	}
	if t := l.Terms; t != nil {
		h.Hours, h.Slots, h.Contract = t.Hours, t.Slots.Names(), t.Contract
	}
	return h
}

// called is the title of a position: of a session of training that of the whole,
// whose lots are often called by their town alone.
func called(l *opportunities.Lot) string {
	o := l.Opportunity
	if l.Title == "" || o.Kind == opportunities.TrainingSession || !strings.Contains(l.Title, o.Title) && len(o.Lots) < 2 {
		return o.Title
	}
	return l.Title
}

// placeWords is the commune of a position, or the territory in words.
func (s *Service) placeWords(l *opportunities.Lot) Text {
	ords := s.feed.communes(l)
	switch {
	case len(ords) == 1:
		name := s.atlas.Commune(int(ords[0])).Name
		return text(name, name)
	case len(ords) > 1:
		if e, err := territories.ParseExpr([]byte(l.Place.Perimeter)); err == nil {
			return text(s.atlas.Describe(e, "fr"), s.atlas.Describe(e, "en"))
		}
	case l.Place.Scope == opportunities.WholeCountry:
		return text("toute la France", "the whole of France")
	case l.Place.Words != "":
		return text(l.Place.Words, l.Place.Words)
	}
	return text("lieu non précisé", "place not said")
}

func keys[K ~int64, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
