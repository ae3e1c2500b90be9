package opportunities

import (
	"reflect"
	"strings"
	"time"

	"maillage/nomenclatures"
)

// field is one thing of an opportunity or a lot that may change: how to compare
// it, to copy it and to show it to people in an event.
type field[T any] struct {
	name    string
	matters bool // it can alter a match
	same    func(a, b *T) bool
	unsaid  func(*T) bool
	show    func(*T) any
	parts   []part[T] // what it is made of, each told apart; none: it is told whole
	copy    func(to, from *T)
}

// part is one thing that a compound field says, under the name of the field and
// its own; the part without a name bears that of the field.
type part[T any] struct {
	name    string
	show    func(*T) any
	private bool // the history tells that it changed, never what it was nor is
}

// longestShown bounds a text kept in an event, in characters.
const longestShown = 10_000

// plain is a field whose values compare with ==; its zero value is unsaid.
func plain[T any, V comparable](name string, matters bool, at func(*T) *V) field[T] {
	var zero V
	return field[T]{
		name: name, matters: matters,
		same:   func(a, b *T) bool { return *at(a) == *at(b) },
		unsaid: func(t *T) bool { return *at(t) == zero },
		show:   func(t *T) any { return shown(*at(t)) },
		copy:   func(to, from *T) { *at(to) = *at(from) },
	}
}

func shown(v any) any {
	s, ok := v.(string)
	if !ok || len(s) <= longestShown {
		return v
	}
	if r := []rune(s); len(r) > longestShown {
		return string(r[:longestShown]) + "…"
	}
	return s
}

// compound is a field that holds several things; words says it in short.
func compound[T, V any](name string, matters bool, at func(*T) *V, words func(V) any) field[T] {
	return field[T]{
		name: name, matters: matters,
		same: func(a, b *T) bool {
			return blank(*at(a)) && blank(*at(b)) || reflect.DeepEqual(*at(a), *at(b))
		},
		unsaid: func(t *T) bool { return blank(*at(t)) },
		show:   func(t *T) any { return words(*at(t)) },
		copy:   func(to, from *T) { *at(to) = *at(from) },
	}
}

// parted is a compound field that is told by what differs in it.
func parted[T, V any](name string, matters bool, at func(*T) *V, parts ...aspect[V]) field[T] {
	f := compound(name, matters, at, parts[0].words)
	for _, one := range parts {
		f.parts = append(f.parts, part[T]{one.name, func(t *T) any { return one.words(*at(t)) }, one.private})
	}
	return f
}

// differs tells the difference of a field: of its parts, those that read
// otherwise; where all read the same, that of the whole.
func (f field[T]) differs(to, from *T, prefix string) (diff []Change) {
	for _, p := range f.parts {
		c := Change{Field: joinPath(prefix+f.name, p.name), Before: p.show(to), After: p.show(from)}
		if !reflect.DeepEqual(c.Before, c.After) {
			if p.private {
				c.Before, c.After = nil, nil
			}
			diff = append(diff, c)
		}
	}
	if diff == nil {
		diff = []Change{{Field: prefix + f.name, Before: f.show(to), After: f.show(from)}}
	}
	return diff
}

func joinPath(field, part string) string {
	if part == "" {
		return field
	}
	return field + "." + part
}

// blank holds for a zero value and for an empty list.
func blank(v any) bool {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Slice {
		return r.Len() == 0
	}
	return r.IsZero()
}

// instant is a deadline; two instants are the same whatever their zone.
func instant[T any](name string, at func(*T) **time.Time) field[T] {
	return field[T]{
		name: name, matters: true,
		same:   func(a, b *T) bool { return sameInstant(*at(a), *at(b)) },
		unsaid: func(t *T) bool { return *at(t) == nil },
		show:   func(t *T) any { return instantWords(*at(t)) },
		copy:   func(to, from *T) { *at(to) = *at(from) },
	}
}

func sameInstant(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func instantWords(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

func opportunityFields() []field[Opportunity] {
	type o = Opportunity
	return []field[o]{
		plain("kind", true, func(x *o) *Kind { return &x.Kind }),
		plain("title", false, func(x *o) *string { return &x.Title }),
		plain("description", false, func(x *o) *string { return &x.Description }),
		plain("buyer_name", false, func(x *o) *string { return &x.BuyerName }),
		plain("buyer_siret", true, func(x *o) *string { return &x.BuyerSIRET }),
		compound("buyer_id", true, func(x *o) **int64 { return &x.BuyerID }, idWords),
		compound("publisher_id", true, func(x *o) **int64 { return &x.PublisherID }, idWords),
		plain("source", false, func(x *o) *string { return &x.Source }),
		compound("links", false, func(x *o) *Links { return &x.Links }, linkWords),
		placeField(func(x *o) *Place { return &x.Place }),
		parted("clause", true, func(x *o) *Clause { return &x.Clause }, clauseAspects()...),
		compound("codes", true, func(x *o) *[]nomenclatures.Code { return &x.Codes }, codeWords),
		instant("deadline", func(x *o) **time.Time { return &x.Deadline }),
		compound("deadline_raw", false, func(x *o) *Deadline { return &x.DeadlineRaw }, deadlineWords),
		plain("amount", true, func(x *o) *float64 { return &x.Amount }),
		plain("currency", true, func(x *o) *string { return &x.Currency }),
		compound("procurement_id", false, func(x *o) **ID { return &x.ProcurementID }, procurementWords),
		parted("insertion", true, func(x *o) **Insertion { return &x.Insertion }, insertionAspects()...),
		forecastField(),
	}
}

func lotFields() []field[Lot] {
	return []field[Lot]{
		plain("title", false, func(x *Lot) *string { return &x.Title }),
		plain("description", false, func(x *Lot) *string { return &x.Description }),
		plain("position", false, func(x *Lot) *int { return &x.Position }),
		compound("codes", true, func(x *Lot) *[]nomenclatures.Code { return &x.Codes }, codeWords),
		compound("modes", true, func(x *Lot) *[]string { return &x.Modes }, func(v []string) any { return strings.Join(v, ", ") }),
		placeField(func(x *Lot) *Place { return &x.Place }),
		parted("clause", true, func(x *Lot) *Clause { return &x.Clause }, clauseAspects()...),
		compound("certifications", true, func(x *Lot) *[]Requirement { return &x.Certifications }, requirementWords),
		plain("fte", true, func(x *Lot) *float64 { return &x.FTE }),
		plain("hours", true, func(x *Lot) *float64 { return &x.Hours }),
		plain("amount", true, func(x *Lot) *float64 { return &x.Amount }),
		plain("turnover", true, func(x *Lot) *float64 { return &x.Turnover }),
		plain("insurance", true, func(x *Lot) *float64 { return &x.Insurance }),
		compound("references_asked", true, func(x *Lot) **int { return &x.References }, numberWords),
		plain("posts", true, func(x *Lot) *int { return &x.Posts }),
		plain("working_days", true, func(x *Lot) *int { return &x.WorkingDays }),
		plain("starts_on", true, func(x *Lot) *string { return &x.StartsOn }),
		plain("ends_on", true, func(x *Lot) *string { return &x.EndsOn }),
		parted("terms", true, func(x *Lot) **Terms { return &x.Terms }, termsAspects()...),
		instant("deadline", func(x *Lot) **time.Time { return &x.Deadline }),
		compound("deadline_raw", false, func(x *Lot) *Deadline { return &x.DeadlineRaw }, deadlineWords),
	}
}

// placeField says nothing when the place is unknown: a notice without a place
// does not erase one that is known.
func placeField[T any](at func(*T) *Place) field[T] {
	f := plain("place", true, at)
	f.unsaid = func(t *T) bool { return at(t).unknown() }
	f.same = func(a, b *T) bool { return *at(a) == *at(b) || at(a).unknown() && at(b).unknown() }
	f.show = func(t *T) any { return placeWords(*at(t)) }
	return f
}

func placeWords(p Place) any {
	switch {
	case p.Words != "":
		return p.Words
	case p.Perimeter != "":
		return p.Perimeter
	}
	return string(p.Scope)
}

func linkWords(l Links) any { return or(or(l.Official, l.Documents), l.Submission) }

func deadlineWords(d Deadline) any { return or(d.Raw, d.Wall) }

func idWords(id *int64) any {
	if id == nil {
		return nil
	}
	return *id
}

func numberWords(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func codeWords(codes []nomenclatures.Code) any {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = c.String()
	}
	return strings.Join(out, ", ")
}

func requirementWords(rs []Requirement) any {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.Code
	}
	return strings.Join(out, ", ")
}

// unsaidRule says what an empty field of the newer side means.
type unsaidRule bool

const (
	emptyErases unsaidRule = false // a person empties a field on purpose
	emptyKeeps  unsaidRule = true  // a notice that says nothing erases nothing
)

// take copies what differs from one side to the other and tells the difference.
func take[T any](fields []field[T], to, from *T, prefix string, rule unsaidRule) (diff []Change, matters bool) {
	for _, f := range fields {
		if f.same(to, from) || rule == emptyKeeps && f.unsaid(from) {
			continue
		}
		diff = append(diff, f.differs(to, from, prefix)...)
		f.copy(to, from)
		matters = matters || f.matters
	}
	return diff, matters
}
