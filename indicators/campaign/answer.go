package campaign

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/internal/store"
	"maillage/territories"
)

// pastAnswer is what an answer said at a revision.
type pastAnswer struct {
	bun.BaseModel `bun:"table:questionnaire_history,alias:qh"`

	QuestionnaireID QuestionnaireID `bun:"questionnaire_id,pk"`
	Question        compute.Measure `bun:"question,pk"`
	Revision        int64           `bun:"revision,pk"`
	Typed           string          `bun:"typed"`
	Status          compute.Status  `bun:"status"`
	Value           int64           `bun:"value"`
	Origin          Origin          `bun:"origin"`
	Explained       string          `bun:"explained"`
	ActorID         *int64          `bun:"actor_id"`
	At              time.Time       `bun:"at"`
}

// Entry is what somebody answers to one question. Revision is that of the answer
// they read: 0 where there was none, AnyRevision where it does not matter. A nil
// text says nothing of it.
type Entry struct {
	Question  compute.Measure
	Text      *string
	Explained *string
	Revision  int64
}

// AnyRevision writes over whatever is there.
const AnyRevision = -1

// Clash is an answer that somebody else wrote meanwhile: it was not replaced.
type Clash struct {
	Entry  Entry
	Theirs Answer
}

// Saved is what a save did. Clashes and Faults stop nothing: the other entries are
// kept, and a text that cannot be read is kept as it was typed.
type Saved struct {
	Form    *Form
	Changed []compute.Measure
	Clashes []Clash
	Faults  []fault.Field // numbers and explanations that were refused and are kept nowhere: they tell of somebody; the path is the question
}

// The bounds of a text, in runes.
const (
	mostTyped     = 60
	mostExplained = 300
	mostComment   = 500
)

// SaveAnswers writes some answers of a questionnaire. Answers already there change
// nothing; one whose revision is past is a Clash, unless the entry says what its
// reader had found: they did not touch it. It fails where nothing may be written
// any more (fault.Conflict), and for a question that is not asked (fault.Invalid).
func (s *Service) SaveAnswers(ctx context.Context, id QuestionnaireID, entries []Entry) (*Saved, error) {
	var out *Saved
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out, err = s.saveIn(ctx, tx, id, entries, writer{accounts.QuestionnaireAnswer, Typed})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save answers of questionnaire %d: %w", id, err)
	}
	return out, nil
}

// writer is by which right answers are written, and how they came.
type writer struct {
	right  accounts.Action
	origin Origin
}

func (s *Service) saveIn(ctx context.Context, tx store.Tx, id QuestionnaireID, entries []Entry, by writer) (*Saved, error) {
	q, c, err := s.writable(ctx, tx, id, by.right)
	if err != nil {
		return nil, err
	}
	w := &writing{s: s, q: q, c: c, origin: by.origin, out: &Saved{}, at: s.now()}
	if err := w.read(ctx, tx); err != nil {
		return nil, err
	}
	if err := w.all(entries); err != nil {
		return nil, err
	}
	if err := w.keep(ctx, tx); err != nil {
		return nil, err
	}
	w.out.Form, err = s.form(ctx, tx, q, c)
	return w.out, err
}

// writable holds a questionnaire that who acts may answer now.
func (s *Service) writable(ctx context.Context, tx store.Tx, id QuestionnaireID, right accounts.Action) (*Questionnaire, *Campaign, error) {
	q, err := hold(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.allow(ctx, right, q); err != nil {
		return nil, nil, err
	}
	c, err := campaignBy(ctx, tx, "ca.id = ?", q.CampaignID)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case q.State == Submitted:
		return nil, nil, fault.Conflict("submitted", "Ce questionnaire est envoyé. Pour le corriger, reprenez-le d’abord : c’est possible jusqu’à la clôture.", "This questionnaire was sent. To correct it, take it back first: it is possible until the close.")
	case !c.Answerable(q.State):
		return nil, nil, frozen()
	}
	return q, c, nil
}

func frozen() error {
	return fault.Conflict("frozen", "La campagne est close : ces réponses ne changent plus.", "The campaign is closed: these answers no longer change.")
}

// allow asks the policy with the enterprise and its place.
func (s *Service) allow(ctx context.Context, a accounts.Action, q *Questionnaire) error {
	return accounts.Allow(accounts.From(ctx), a, s.scope(q))
}

// scope is whose a questionnaire is and where; one without a place is no officer's.
func (s *Service) scope(q *Questionnaire) accounts.Scope {
	out := accounts.Of(q.OrganisationID)
	if ord, ok := s.atlas.Today(q.Commune); ok {
		out = out.In(territories.SetOf(uint32(ord)))
	}
	return out
}

// writing is one save under way.
type writing struct {
	s      *Service
	q      *Questionnaire
	c      *Campaign
	origin Origin
	out    *Saved
	at     time.Time
	cur    map[compute.Measure]Answer
	past   map[compute.Measure]map[int64]pastAnswer
	rows   []Answer
}

func (w *writing) read(ctx context.Context, tx store.Tx) (err error) {
	if w.cur, err = answersOf(ctx, tx, w.q.ID); err != nil {
		return err
	}
	all, err := pastOf(ctx, tx, w.q.ID)
	w.past = map[compute.Measure]map[int64]pastAnswer{}
	for _, p := range all {
		if w.past[p.Question] == nil {
			w.past[p.Question] = map[int64]pastAnswer{}
		}
		w.past[p.Question][p.Revision] = p
	}
	return err
}

func (w *writing) all(entries []Entry) error {
	var bad []fault.Field
	for _, e := range entries {
		q, ok := w.s.book.Find(e.Question)
		if !ok || !w.c.asks(q, w.q.Kind) {
			bad = append(bad, fault.At(string(e.Question), "not-asked", "Cette question n’est pas posée à cette entreprise.", "This question is not asked of this enterprise."))
			continue
		}
		w.one(q, e)
	}
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

// asks tells whether a campaign asks a question of a kind.
func (c *Campaign) asks(q questionnaire.Question, kind compute.Kind) bool {
	return slices.Contains(c.Questions, q.Code) && q.Code.Applies(kind)
}

func (w *writing) one(q questionnaire.Question, e Entry) {
	cur := w.cur[e.Question]
	want := w.wanted(q, e, cur)
	switch {
	case same(cur, want):
		return
	case e.Revision == AnyRevision || cur.Revision == e.Revision:
	case w.untouched(q, e):
		return
	default:
		w.out.Clashes = append(w.out.Clashes, Clash{e, cur})
		return
	}
	want.Revision, want.At = w.q.Revision+1, w.at
	w.rows = append(w.rows, want)
	w.cur[e.Question] = want
	w.out.Changed = append(w.out.Changed, e.Question)
}

// wanted is the answer that an entry asks for. A new number needs its own
// explanation: the one of the former is not kept for it.
func (w *writing) wanted(q questionnaire.Question, e Entry, cur Answer) Answer {
	want := cur
	want.QuestionnaireID, want.Question = w.q.ID, q.Code
	if e.Text != nil {
		typed := clip(sheet.Clean(*e.Text), mostTyped)
		a, wrong := q.Parse(typed)
		if wrong != nil && personal(typed) {
			w.out.Faults = append(w.out.Faults, fault.Field{Path: string(q.Code), Code: "personal", Message: ofSomebody()})
			return want
		}
		want.Typed = typed
		want.Status, want.Value = a.Status, a.Value
		if a.Status != cur.Status || a.Value != cur.Value || want.Unread() {
			want.Origin = w.origin
		}
		if want.Status != cur.Status || want.Value != cur.Value {
			want.Explained = ""
		}
		if want.Given() && cur.Status == want.Status && cur.Value == want.Value {
			want.Typed = cur.Typed // the same number, written otherwise
		}
	}
	if e.Explained != nil {
		text, wrong := short(*e.Explained, mostExplained)
		if wrong != nil {
			w.out.Faults = append(w.out.Faults, fault.Field{Path: string(q.Code), Code: "text", Message: *wrong})
			return want
		}
		want.Explained = text
	}
	return want
}

func same(a, b Answer) bool {
	return a.Typed == b.Typed && a.Status == b.Status && a.Value == b.Value && a.Explained == b.Explained
}

// untouched tells an entry that only repeats what its reader had found.
func (w *writing) untouched(q questionnaire.Question, e Entry) bool {
	found := w.past[q.Code][e.Revision] // nothing at 0
	was := Answer{QuestionnaireID: w.q.ID, Question: q.Code, Typed: found.Typed, Status: found.Status, Value: found.Value, Explained: found.Explained, Origin: found.Origin}
	quiet := &writing{s: w.s, q: w.q, origin: w.origin, out: &Saved{}}
	return same(was, quiet.wanted(q, e, was))
}

// keep writes what changed, under one revision.
func (w *writing) keep(ctx context.Context, tx store.Tx) error {
	if len(w.rows) == 0 {
		return nil
	}
	for i := range w.rows {
		w.rows[i].ActorID = accounts.From(ctx).Actor()
	}
	if w.q.State == NotStarted {
		w.q.State = InProgress
	}
	w.q.Revision, w.q.UpdatedAt = w.q.Revision+1, w.at
	if err := saveQuestionnaire(ctx, tx, w.q); err != nil {
		return err
	}
	return putAnswers(ctx, tx, w.rows)
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// short reads a text of a few words, about an enterprise and never about somebody.
func short(text string, most int) (string, *fault.Text) {
	text = strings.Join(strings.Fields(sheet.Clean(text)), " ")
	switch {
	case len([]rune(text)) > most:
		return "", &fault.Text{FR: fmt.Sprintf("Restez sous %d caractères.", most), EN: fmt.Sprintf("Stay under %d characters.", most)}
	case personal(text):
		said := ofSomebody()
		return "", &said
	}
	return text, nil
}

func ofSomebody() fault.Text {
	return fault.Text{FR: "Rien sur une personne ici : ni adresse électronique, ni téléphone, ni numéro de sécurité sociale.", EN: "Nothing about a person here: no e-mail address, telephone or social security number."}
}
