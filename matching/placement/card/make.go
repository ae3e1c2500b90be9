package card

import (
	"cmp"
	"slices"
	"strconv"
)

// World is what the attacker stands in when a card is about to be shown.
type World struct {
	// People are those in a journey, active, with any structure, whom the employer
	// could plausibly think of for one of the positions below. The person is one.
	People []Person
	// Told is all that this employer was shown, of anybody, for any position.
	Told []Told
	// K defaults to five; a negative one turns the check off, for tests.
	K int
}

// Told is a card that an employer was shown.
type Told struct {
	Person   int64
	Position int64
	// Scene is the position at the place and the hours at which the card was told,
	// where they have changed since; 0: as they stand. What was told is taken as it
	// was told: its on_site names the same.
	Scene int64
	Card  Card
	Runs  bool // it is still shown
	Met   bool // the employer met the person, or hired them
}

// scene is where who could be thought of is looked for.
func (t Told) scene() int64 { return cmp.Or(t.Scene, t.Position) }

// Made is a card that may be shown.
type Made struct {
	Card  Card
	Left  []Claim // what could not be told, as it was wanted
	Crowd int     // how many people could be the one
}

// Reason is why no card may be shown.
type Reason string

// The reasons.
const (
	TooFew  Reason = "too_few"     // the structure has too few people around
	TooMuch Reason = "told_before" // what this employer was told of the person is too precise already
	Exposes Reason = "exposes"     // somebody presented already would be recognised
)

// Refusal says why even the least that could be told would single somebody out.
type Refusal struct {
	Reason Reason
	Crowd  int // people left who could be the one
	K      int
}

func (r *Refusal) Error() string { return "the card is refused: " + string(r.Reason) }

// item is one thing wanted on a card and its more general forms; past the last
// one it is left out.
type item struct {
	forms []Claim
	at    int
	place int // on the card
}

func (it *item) silent() bool { return it.at == len(it.forms) }

// Of is whose card it is, and for which position.
type Of struct {
	Person, Position, Structure int64
}

// Make gives the most telling card of a person that may be shown. The structure
// is always told: who presents somebody gives a contact. What else is wanted
// comes in the order in which it is read.
//
// It begins with what can be told the least and adds one thing after the other,
// each in the most exact form that still leaves K people, the most useful first:
// whom to call, that the person can be there, the occupation (or its domain), the
// aptitudes from the commonest, the training, the languages (or that another one is
// spoken), the hours, the dates. So a rare aptitude goes before a common one, and
// the dates before both.
func Make(w World, of Of, wanted []Claim) (Made, error) {
	if w.K == 0 {
		w.K = K
	}
	m := maker{World: w, of: of, known: w.known(of), before: w.before(of.Person)}
	if err := m.others(); err != nil {
		return Made{}, err
	}
	m.lay(wanted)
	if err := m.least(); err != nil {
		return Made{}, err
	}
	for _, it := range m.items {
		for it.at = 0; !it.silent() && m.left() < m.K; it.at++ {
		}
	}
	out := Made{Card: m.card(), Crowd: m.left()}
	for _, it := range m.items {
		if it.at > 0 {
			out.Left = append(out.Left, it.forms[0])
		}
	}
	return out, nil
}

// maker is one card being made.
type maker struct {
	World
	of     Of
	known  map[int64]bool
	before []Told
	items  []*item // the most useful first
}

func (m *maker) structure() Claim {
	return Claim{Kind: Structure, Code: strconv.FormatInt(m.of.Structure, 10)}
}

// left counts who could be the person of the card as it stands.
func (m *maker) left() int { return m.crowd(m.known, append(slices.Clip(m.before), m.told())...) }

func (m *maker) told() Told { return Told{Position: m.of.Position, Card: m.card()} }

// least makes every item silent and checks that the structure alone can be told.
func (m *maker) least() error {
	for _, it := range m.items {
		it.at = len(it.forms)
	}
	n := m.left()
	switch {
	case n >= m.K:
		return nil
	case m.crowd(m.known, m.told()) >= m.K:
		return &Refusal{TooMuch, n, m.K}
	}
	return &Refusal{TooFew, n, m.K}
}

// card writes the claims in the order in which they were wanted, each once.
func (m *maker) card() Card {
	said := make([]*Claim, len(m.items))
	for _, it := range m.items {
		if !it.silent() {
			said[it.place] = &it.forms[it.at]
		}
	}
	out := Card{m.structure()}
	for _, c := range said {
		if c != nil && !slices.Contains(out, *c) {
			out = append(out, *c)
		}
	}
	return out
}

// lay orders what is wanted by its use, the commonest first.
func (m *maker) lay(wanted []Claim) {
	common := map[Claim]int{}
	for _, c := range wanted {
		if _, twice := common[c]; twice || !m.true(c) {
			continue
		}
		common[c] = m.common(c)
		it := &item{forms: []Claim{c}, place: len(m.items)}
		for wide, ok := c.wider(); ok; wide, ok = wide.wider() {
			it.forms = append(it.forms, wide)
		}
		m.items = append(m.items, it)
	}
	slices.SortStableFunc(m.items, func(a, b *item) int {
		x, y := a.forms[0], b.forms[0]
		return cmp.Or(cmp.Compare(x.use(), y.use()), cmp.Compare(common[y], common[x]), cmp.Compare(x.Code, y.Code))
	})
}

// use orders claims by what they are worth to who reads a card; 0 is the most.
func (c Claim) use() int {
	order := []Kind{Counsellor, OnSite, Practised, PractisedNear, PractisedDomain, Wished, WishedNear, WishedDomain, Aptitude, Trainable, Language, OtherLanguage, Hours, Available, From}
	return slices.Index(order, c.Kind)
}

// true tells whether a claim is true of the person: no other is ever told.
func (m *maker) true(c Claim) bool {
	return slices.ContainsFunc(m.People, func(p Person) bool { return p.ID == m.of.Person && c.Of(&p) })
}

// common counts the people of the structure of whom a claim is true.
func (m *maker) common(c Claim) int {
	return m.crowd(nil, Told{Position: m.of.Position, Card: Card{m.structure(), c}})
}

// others checks that those whose cards run keep their crowd once this person is
// known too.
func (m *maker) others() error {
	for _, t := range m.Told {
		if !t.Runs || t.Person == m.of.Person {
			continue
		}
		known := m.World.known(Of{Person: t.Person, Position: t.Position})
		known[m.of.Person] = true
		if n := m.crowd(known, m.World.before(t.Person)...); n < m.K {
			return &Refusal{Exposes, n, m.K}
		}
	}
	return nil
}

// crowd counts the people of whom all that is told is true, those who are known
// to be somebody else left out.
func (w World) crowd(known map[int64]bool, told ...Told) int {
	n := 0
	for i := range w.People {
		p := &w.People[i]
		if known[p.ID] {
			continue
		}
		if !slices.ContainsFunc(told, func(t Told) bool { return !p.near(t.scene()) || !p.Satisfies(t.Card) }) {
			n++
		}
	}
	return n
}

// known are those whom the employer can tell from somebody: presented for the same
// position or for another for which they were, since it is supposed to know that
// these cards are of one person; shown now for any; or met.
func (w World) known(of Of) map[int64]bool {
	at, out := map[int64]bool{of.Position: true}, map[int64]bool{}
	for _, t := range w.Told {
		at[t.Position] = at[t.Position] || t.Person == of.Person
	}
	for _, t := range w.Told {
		if t.Person != of.Person && (at[t.Position] || t.Runs || t.Met) {
			out[t.Person] = true
		}
	}
	return out
}

// before is what was told of somebody.
func (w World) before(person int64) []Told {
	var out []Told
	for _, t := range w.Told {
		if t.Person == person {
			out = append(out, t)
		}
	}
	return out
}
