package territories

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// WordsError is a perimeter in words that cannot be read, with the part that
// stops the reading and what could have been meant.
type WordsError struct {
	Part         string
	Reason       Reason
	Alternatives []Hit
}

func (e *WordsError) Error() string {
	return fmt.Sprintf("perimeter in words, at %q: %s%s", e.Part, e.Reason.EN, listHits(": ", e.Alternatives))
}

// ParseWords reads a perimeter as people write it, in French or in English:
//
//	Drôme sauf Montélimar, et 20 km autour de Valence
//	départements 26, 07 et 38 ; code postal 26100
//	within 15 km of Romans-sur-Isère in Isère
//
// A list is united; "sauf" (except) takes its own list out of all that
// precedes it since the last ";" or ", et"; "dans" (in) intersects; brackets
// group, and after a name give its département; "voisins de" (neighbours of)
// and "au 1er janvier 2012" (as of) do what they say. A name alone is taken
// when it is the only one or five times as populated as the next: otherwise
// the error lists the homonyms, as it does for five digits that are both an
// INSEE and a postal code. What is taken out must be inside what precedes.
func (a *Atlas) ParseWords(text string) (Expr, error) {
	return (&wordReader{a: a, x: a.names()}).read(text)
}

// TryWords is ParseWords for a program that tries one text after another: it
// reads the same, and of what it cannot read looks for no alternative, which is
// most of the work.
func (a *Atlas) TryWords(text string) (Expr, bool) {
	e, err := (&wordReader{a: a, x: a.names(), brief: true}).read(text)
	return e, err == nil
}

func (p *wordReader) read(text string) (Expr, error) {
	const most = 4_000
	if len(text) > most {
		return Expr{}, &WordsError{Part: text[:20], Reason: Reason{"le texte est trop long", "the text is too long"}}
	}
	p.tokens = tokenize(text)
	e, err := p.segments(1)
	if err == nil && p.at < len(p.tokens) {
		err = p.fail(Reason{"suite incomprise", "what follows is not understood"})
	}
	if err != nil {
		return Expr{}, err
	}
	if err := e.Check(); err != nil {
		return Expr{}, &WordsError{Part: text, Reason: both(err)}
	}
	return e, nil
}

// wordReader descends through the tokens.
type wordReader struct {
	a      *Atlas
	x      *nameIndex
	tokens []token
	at     int
	brief  bool // nobody reads the errors
}

// errBrief is any error of a reader whose errors nobody reads.
var errBrief = errors.New("not a perimeter in words")

func (p *wordReader) fail(r Reason, hits ...Hit) error {
	if p.brief {
		return errBrief
	}
	part := "…"
	if p.at < len(p.tokens) {
		var raw []string
		for _, t := range p.tokens[p.at:min(len(p.tokens), p.at+6)] {
			raw = append(raw, t.raw)
		}
		part = strings.Join(raw, " ")
	}
	return &WordsError{Part: part, Reason: r, Alternatives: hits}
}

// take moves past the first of some phrases (longest first) that is next.
func (p *wordReader) take(phrases ...string) bool {
	next := p.next()
	if next == "" {
		return false
	}
	for _, ph := range phrases {
		if !strings.HasPrefix(ph, next) {
			continue // before the phrase is cut into words
		}
		words := strings.Fields(ph)
		if p.at+len(words) > len(p.tokens) {
			continue
		}
		same := true
		for i, w := range words {
			same = same && p.tokens[p.at+i].text == w
		}
		if same {
			p.at += len(words)
			return true
		}
	}
	return false
}

func (p *wordReader) next() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].text
	}
	return ""
}

var (
	wordsExcept = []string{"a l exception de", "a l exclusion de", "en dehors de", "but not", "sauf", "hors", "sans", "excepte", "moins", "except for", "except", "excluding", "without"}
	wordsAgain  = []string{";", "+", ", et aussi", ", and also", ", et", ", and", ", puis", ", plus", "ainsi que", "et aussi", "and also", "as well as", "plus"}
	wordsJoin   = []string{",", "et", "and", "ou", "or"}
	wordsIn     = []string{"situes dans", "situe dans", "a l interieur de", "dans", "inside", "in"}
	wordsSmall  = []string{"de la", "de l", "dans le", "dans la", "dans les", "dans l", "dans", "en", "sur", "de", "du", "des", "d", "a", "au", "aux", "le", "la", "les", "l", "the", "of", "in", "all of", "tout le", "toute la", "tous les", "toutes les"}
)

// segments unites what stands between ";" or ", et".
func (p *wordReader) segments(depth int) (Expr, error) {
	if depth > MaxDepth {
		return Expr{}, p.fail(Reason{"trop de parenthèses", "too many brackets"})
	}
	var out []Expr
	for {
		e, err := p.segment(depth)
		if err != nil {
			return Expr{}, err
		}
		out = append(out, e)
		if !p.take(wordsAgain...) {
			return AnyOf(out...), nil
		}
	}
}

func (p *wordReader) segment(depth int) (Expr, error) {
	base, err := p.list(depth)
	if err != nil || !p.take(wordsExcept...) {
		return base, err
	}
	from := p.at
	minus, err := p.list(depth)
	if err != nil {
		return Expr{}, err
	}
	return p.except(base, minus, from)
}

// except refuses to take out what is not inside: after "sauf", a comma could
// also begin something else.
func (p *wordReader) except(base, minus Expr, from int) (Expr, error) {
	b, err := p.a.Compile(base)
	if err != nil {
		return Expr{}, p.fail(both(err))
	}
	terms := []Expr{minus}
	if minus.node().op == opAny {
		terms = minus.node().kids
	}
	for _, t := range terms {
		m, err := p.a.Compile(t)
		if err != nil {
			return Expr{}, p.fail(both(err))
		}
		if m.Set.Len() > 0 && !m.Set.Intersects(b.Set) {
			p.at = from
			fr, en := p.a.Describe(t, "fr"), p.a.Describe(t, "en")
			return Expr{}, p.fail(Reason{
				fr + " n'est pas dans ce qui précède : pour l'ajouter, écrivez « ; » avant",
				en + " is not inside what precedes: to add it, write \";\" before",
			})
		}
	}
	return Except(base, minus), nil
}

// list reads terms until the end, an exception or another segment.
func (p *wordReader) list(depth int) (Expr, error) {
	var terms []Expr
	for {
		e, err := p.term(depth)
		if err != nil {
			return Expr{}, err
		}
		terms = append(terms, e)
		mark := p.at
		if p.take(wordsAgain...) {
			p.at = mark
			return AnyOf(terms...), nil
		}
		if !p.take(wordsJoin...) {
			return AnyOf(terms...), nil
		}
	}
}

// term is an item, perhaps inside another, perhaps on a date.
func (p *wordReader) term(depth int) (Expr, error) {
	e, err := p.item(depth)
	if err != nil {
		return Expr{}, err
	}
	for p.take(wordsIn...) {
		other, err := p.item(depth)
		if err != nil {
			return Expr{}, err
		}
		e = BothOf(e, other)
	}
	if d, ok := p.date(); ok {
		return On(d, e), nil
	}
	return e, nil
}

func (p *wordReader) item(depth int) (Expr, error) {
	switch {
	case p.take("("):
		e, err := p.segments(depth + 1)
		if err == nil && !p.take(")") {
			err = p.fail(Reason{"il manque une parenthèse fermante", "a closing bracket is missing"})
		}
		return e, err
	case p.take("toute la france", "la france entiere", "france entiere", "partout", "france", "everywhere", "all of france", "the whole country"):
		return Everywhere(), nil
	case p.take("nulle part", "nowhere"):
		return Nowhere(), nil
	}
	if km, ok := p.distance(); ok {
		return p.radius(km)
	}
	mark := p.at
	p.skipSmall()
	if p.take("communes voisines", "departements voisins", "departements limitrophes", "epci voisins", "regions voisines", "voisins", "voisines", "limitrophes", "neighbours", "neighbors", "neighbouring communes") {
		p.take("de la", "de l", "des", "de", "du", "d", "of the", "of")
		r, err := p.place(Kinds())
		if err != nil {
			return Expr{}, err
		}
		return NeighboursOf(r), nil
	}
	if p.take("autour", "around") {
		return p.around()
	}
	p.at = mark
	r, err := p.place(nil)
	if err != nil {
		return Expr{}, err
	}
	return In(r), nil
}

func (p *wordReader) skipSmall() {
	for range 3 {
		if !p.take(wordsSmall...) {
			return
		}
	}
}

// distance reads "20 km", "dans un rayon de 20 km", "within 20 km", or gives
// the words back.
func (p *wordReader) distance() (float64, bool) {
	mark := p.at
	p.take("dans un rayon de", "un rayon de", "rayon de", "jusqu a", "a moins de", "a", "within")
	text := p.next()
	glued := strings.HasSuffix(text, "km")
	km, err := strconv.ParseFloat(strings.TrimSuffix(text, "km"), 64)
	if err == nil {
		p.at++
		if glued || p.take("km", "kms", "kilometres", "kilometre", "kilometers", "kilometer") {
			return km, true
		}
	}
	p.at = mark
	return 0, false
}

// radius reads the centre after the distance.
func (p *wordReader) radius(km float64) (Expr, error) {
	p.take("a la ronde")
	p.take("autour", "around", "of", "from", "a partir", "depuis")
	return p.centre(km)
}

// around reads "autour de Valence, 20 km" in that order.
func (p *wordReader) around() (Expr, error) {
	mark := p.at
	if _, err := p.centre(0); err != nil {
		return Expr{}, err
	}
	open := p.take("(")
	p.take(",")
	p.take("sur", "de", "a")
	km, ok := p.distance()
	if !ok || open && !p.take(")") {
		return Expr{}, p.fail(Reason{"à combien de kilomètres ?", "within how many kilometres?"})
	}
	after := p.at
	p.at = mark
	e, err := p.centre(km)
	if err == nil {
		p.at = after
	}
	return e, err
}

func (p *wordReader) centre(km float64) (Expr, error) {
	mark := p.at
	p.skipSmall()
	if p.take("point") {
		lon, err := strconv.ParseFloat(p.next(), 64)
		p.at++
		p.take(",")
		lat, err2 := strconv.ParseFloat(p.next(), 64)
		if err != nil || err2 != nil {
			return Expr{}, p.fail(Reason{"un point s'écrit : longitude latitude, en degrés", "a point is written: longitude latitude, in degrees"})
		}
		p.at++
		return RadiusAt(orb.Point{lon, lat}, km), nil
	}
	p.at = mark
	r, err := p.place([]Kind{KindCommune, KindArrondissement})
	if err != nil {
		return Expr{}, err
	}
	if _, err := p.a.centre(CommuneCode(r.Code)); err != nil {
		p.at = mark
		return Expr{}, p.fail(Reason{"aucun point n'est publié pour cette commune : un rayon en demande un", err.Error()})
	}
	return RadiusOf(CommuneCode(r.Code), km), nil
}
