package territories

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// dominant is how many times more inhabitants a territory must have than its
// homonyms for its name alone to mean it.
const dominant = 5

// kindWords are how people say a kind before a name or a code, longest first.
var kindWords = []struct {
	words string
	kind  Kind
}{
	{"region de la federation", KindFederation2012}, {"region federale", KindFederation2012}, {"federation region", KindFederation2012}, {"federation2012", KindFederation2012},
	{"ancienne region", KindRegion2015}, {"anciennes regions", KindRegion2015}, {"former region", KindRegion2015}, {"region2015", KindRegion2015},
	{"code postal", KindPostal}, {"codes postaux", KindPostal}, {"postcode", KindPostal}, {"postal code", KindPostal}, {"postal", KindPostal},
	{"arrondissement", KindArrondissement},
	{"departements", KindDepartement}, {"departement", KindDepartement}, {"department", KindDepartement},
	{"regions", KindRegion}, {"region", KindRegion},
	{"communes", KindCommune}, {"commune", KindCommune}, {"ville", KindCommune}, {"insee", KindCommune}, {"town", KindCommune},
	{"intercommunalite", KindEPCI}, {"epci", KindEPCI}, {"ept", KindEPT},
}

// place reads one territory: a kind perhaps, then a name or a code, then its
// département in brackets perhaps. Kinds narrows what it can be; empty, it
// can be anything of today, then an old région.
func (p *wordReader) place(kinds []Kind) (Ref, error) {
	if p.at >= len(p.tokens) {
		return Ref{}, p.fail(Reason{"il manque un lieu", "a place is missing"})
	}
	start := p.at
	if r, ok, err := p.tryPlace(kinds); ok || err != nil {
		return r, err
	}
	p.skipSmall()
	if k, ok := p.kind(); ok && (len(kinds) == 0 || slices.Contains(kinds, k)) {
		kinds = []Kind{k}
		p.take(wordsSmall...)
	}
	if r, ok, err := p.tryPlace(kinds); ok || err != nil {
		return r, err
	}
	p.skipSmall()
	if r, ok, err := p.tryPlace(kinds); ok || err != nil {
		return r, err
	}
	if p.brief {
		return Ref{}, errBrief
	}
	p.at = max(start, min(p.at, len(p.tokens)-1))
	return Ref{}, p.fail(Reason{"lieu inconnu", "unknown place"}, p.suggest(kinds)...)
}

func (p *wordReader) kind() (Kind, bool) {
	next := p.next()
	for _, k := range kindWords {
		if strings.HasPrefix(k.words, next) && p.take(k.words) {
			return k.kind, true
		}
	}
	return "", false
}

// suggest searches the first words that are there, then the first alone.
func (p *wordReader) suggest(kinds []Kind) []Hit {
	var words []string
	for _, t := range p.tokens[p.at:] {
		if t.mark || len(words) == 3 {
			break
		}
		words = append(words, t.text)
	}
	for _, n := range []int{len(words), 1} {
		if n > len(words) {
			return nil
		}
		if hits := p.a.Search(strings.Join(words[:n], " "), SearchOptions{Kinds: kinds, Limit: 5}); len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// tryPlace reads a code or the longest name that is next, if there is one.
func (p *wordReader) tryPlace(kinds []Kind) (Ref, bool, error) {
	if r, ok, err := p.code(kinds); ok || err != nil {
		return r, ok, err
	}
	if r, ok := p.numbered(); ok && (len(kinds) == 0 || slices.Contains(kinds, KindArrondissement)) {
		return r, true, nil
	}
	for n := min(12, len(p.tokens)-p.at); n > 0; n-- {
		name, ok := p.run(n)
		if !ok {
			continue
		}
		ids := p.named(name, kinds)
		if len(ids) == 0 && n == 1 {
			ids = p.qualifiedPrefix(name, kinds)
		}
		if len(ids) > 0 {
			return p.pick(ids, n)
		}
	}
	return Ref{}, false, nil
}

// run joins the next n tokens, marks inside left out: some official names
// hold brackets and commas.
func (p *wordReader) run(n int) (string, bool) {
	part := p.tokens[p.at : p.at+n]
	if part[0].mark || part[n-1].mark && part[n-1].text != ")" {
		return "", false
	}
	var words []string
	for _, t := range part {
		if !t.mark {
			words = append(words, t.text)
		}
	}
	return strings.Join(words, " "), strings.Count(joinTokens(part), "(") == strings.Count(joinTokens(part), ")")
}

func joinTokens(ts []token) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.text)
	}
	return b.String()
}

// named lists the entries of a full name; those with an article left out
// count only when no name is whole; those of history only when none is of
// today.
func (p *wordReader) named(name string, kinds []Kind) []int32 {
	for _, ids := range [][]int32{p.x.full[name], p.x.bare[name]} {
		var today, old []int32
		for _, id := range ids {
			e := &p.x.entries[id]
			switch {
			case e.ref.Kind == KindPostal || len(kinds) > 0 && !slices.Contains(kinds, e.ref.Kind):
			case e.history:
				old = append(old, id)
			default:
				today = append(today, id)
			}
		}
		if len(today) > 0 {
			return today
		}
		if len(old) > 0 {
			return old
		}
	}
	return nil
}

// qualifiedPrefix finds the name that begins so in the département that
// follows in brackets: "Romans (26)".
func (p *wordReader) qualifiedPrefix(name string, kinds []Kind) []int32 {
	mark := p.at
	defer func() { p.at = mark }()
	p.at++
	dep, ok := p.qualifier()
	if !ok {
		return nil
	}
	var out []int32
	for _, id := range p.x.matching([]string{name}) {
		e := &p.x.entries[id]
		if e.dep == dep && !e.history && e.ref.Kind == KindCommune && strings.HasPrefix(e.folded, name) &&
			(len(kinds) == 0 || slices.Contains(kinds, e.ref.Kind)) {
			out = append(out, id)
		}
	}
	return out
}

// qualifier reads a département in brackets, by code or name.
func (p *wordReader) qualifier() (string, bool) {
	mark := p.at
	if p.take("(") {
		for n := 1; n <= 5 && p.at+n < len(p.tokens); n++ {
			if p.tokens[p.at+n].text != ")" {
				continue
			}
			name, _ := p.run(n)
			code := strings.ToUpper(name)
			if _, ok := p.a.Departement(code); ok {
				p.at += n + 1
				return code, true
			}
			for _, id := range p.named(name, []Kind{KindDepartement}) {
				p.at += n + 1
				return p.x.entries[id].ref.Code, true
			}
			break
		}
	}
	p.at = mark
	return "", false
}

// pick chooses among homonyms and moves past the name, or says who they are.
func (p *wordReader) pick(ids []int32, n int) (Ref, bool, error) {
	mark := p.at
	p.at += n
	if dep, ok := p.qualifier(); ok {
		here := slices.DeleteFunc(slices.Clone(ids), func(id int32) bool { return p.x.entries[id].dep != dep })
		if len(here) == 0 {
			name, _ := (&wordReader{tokens: p.tokens, at: mark}).run(n)
			p.at = mark
			here = p.qualifiedAfter(name, n)
			p.at = mark + n
			p.qualifier()
		}
		if len(here) == 0 {
			p.at = mark
			return Ref{}, false, p.fail(Reason{"aucun lieu de ce nom dans ce département", "no place of this name in that département"}, p.hits(ids)...)
		}
		ids = here
	}
	slices.SortFunc(ids, func(i, j int32) int {
		e, f := &p.x.entries[i], &p.x.entries[j]
		return cmp.Or(cmp.Compare(f.pop, e.pop), cmp.Compare(i, j))
	})
	first := &p.x.entries[ids[0]]
	for _, id := range ids[1:] {
		if e := &p.x.entries[id]; e.pop*dominant > first.pop && !p.same(first, e) {
			p.at = mark
			return Ref{}, false, p.fail(Reason{"plusieurs lieux portent ce nom : précisez le département entre parenthèses", "several places bear this name: give the département in brackets"}, p.hits(ids)...)
		}
	}
	return first.ref, true, nil
}

func (p *wordReader) qualifiedAfter(name string, n int) []int32 {
	p.at += n - 1
	return p.qualifiedPrefix(name, nil)
}

// same tells two names of one set of communes: Paris, Guadeloupe.
func (p *wordReader) same(e, f *entry) bool {
	s, ok := p.a.of(e.ref)
	t, ok2 := p.a.of(f.ref)
	return ok && ok2 && s.Equal(t)
}

func (p *wordReader) hits(ids []int32) []Hit {
	out := make([]Hit, 0, 10)
	for _, id := range ids[:min(len(ids), 10)] {
		out = append(out, p.x.hit(id))
	}
	return out
}

// code reads a code that is next: a département's, an EPCI's, or five digits,
// which must not be an INSEE code and a postal code of two places.
func (p *wordReader) code(kinds []Kind) (Ref, bool, error) {
	text := strings.ToUpper(p.next())
	if text == "" || len(text) > 40 || !isDigit(rune(text[0])) && !onlyKind(kinds, KindFederation2012) {
		return Ref{}, false, nil
	}
	var found []Ref
	for _, k := range codeKinds(text, kinds) {
		r, err := NewRef(k, text)
		if err != nil {
			continue
		}
		if s, ok := p.a.of(tidy(r)); ok && !slices.ContainsFunc(found, func(f Ref) bool { t, _ := p.a.of(f); return t.Equal(s) }) {
			found = append(found, tidy(r))
		}
	}
	switch len(found) {
	case 0:
		return Ref{}, false, nil
	case 1:
		p.at++
		return found[0], true, nil
	}
	var hits []Hit
	for _, r := range found {
		name, _ := p.a.Name(r)
		hits = append(hits, Hit{Ref: r, Name: name})
	}
	return Ref{}, false, p.fail(Reason{"ce nombre est un code INSEE et un code postal de lieux différents : écrivez « commune » ou « code postal » avant", "this number is the INSEE code and the postal code of different places: write \"commune\" or \"postal code\" before it"}, hits...)
}

func onlyKind(kinds []Kind, k Kind) bool { return len(kinds) == 1 && kinds[0] == k }

// codeKinds is what a code can be of by its length, among what is wanted.
func codeKinds(text string, kinds []Kind) []Kind {
	if len(kinds) == 1 {
		return kinds
	}
	var out []Kind
	switch len(text) {
	case 2, 3:
		out = []Kind{KindDepartement}
	case 5:
		out = []Kind{KindCommune, KindPostal}
	case 9:
		out = []Kind{KindEPCI, KindEPT}
	}
	return slices.DeleteFunc(out, func(k Kind) bool { return len(kinds) > 0 && !slices.Contains(kinds, k) })
}

// numbered reads "Paris 12", "Lyon 3e", "Marseille 1er arrondissement".
func (p *wordReader) numbered() (Ref, bool) {
	base, ok := map[string]int{"paris": 75100, "marseille": 13200, "lyon": 69380}[p.next()]
	if !ok || p.at+1 >= len(p.tokens) {
		return Ref{}, false
	}
	n, err := strconv.Atoi(strings.TrimRight(p.tokens[p.at+1].text, "ermndsth"))
	if err != nil || n < 1 || n > 20 {
		return Ref{}, false
	}
	if p.at+2 < len(p.tokens) && strings.HasPrefix(p.tokens[p.at+2].text, "km") {
		return Ref{}, false
	}
	r := Ref{KindArrondissement, strconv.Itoa(base + n)}
	if _, ok := p.a.of(r); !ok {
		return Ref{}, false
	}
	p.at += 2
	p.take("arrondissement")
	return r, true
}
