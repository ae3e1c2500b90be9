package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/network"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Without Mail and
// Words no letter is delivered; the rest works.
type Config struct {
	Store   *store.Store
	Atlas   *territories.Atlas
	Network *network.Service // where the certificates are kept
	Now     func() time.Time
	Mail    mail.Sender
	Words   Writer
	Leave   daily.Leave // how letters leave; default alone
}

// Service holds the use cases of certifications, each one transaction.
type Service struct {
	store   *store.Store
	atlas   *territories.Atlas
	network *network.Service
	book    *Book
	clock   func() time.Time
	sender  mail.Sender
	words   Writer
	leave   daily.Leave
	paris   *time.Location
}

// NewService makes a service; it fails where the labels cannot be read.
func NewService(cfg Config) (*Service, error) {
	book, err := LoadLabels()
	if err != nil {
		return nil, err
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("read the clock of Paris: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Leave == nil {
		cfg.Leave = daily.Alone
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, network: cfg.Network, book: book, clock: cfg.Now, sender: cfg.Mail, words: cfg.Words, leave: cfg.Leave, paris: paris}, nil
}

// Book is the labels.
func (s *Service) Book() *Book { return s.book }

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Today is the civil day of metropolitan France.
func (s *Service) Today() string { return s.clock().In(s.paris).Format(time.DateOnly) }

// allow asks the policy with the enterprise and where it is.
func (s *Service) allow(ctx context.Context, a accounts.Action, o *owner) error {
	return accounts.Allow(accounts.From(ctx), a, s.scope(o))
}

func (s *Service) scope(o *owner) accounts.Scope {
	out := accounts.Of(o.ID)
	if ord, ok := s.atlas.Today(territories.CommuneCode(o.Commune)); ok {
		out = out.In(territories.SetOf(uint32(ord)))
	}
	return out
}

// Engage opens the path of an enterprise towards a label, or enters it again. A
// path that is already under way is left as it is, and given back.
func (s *Service) Engage(ctx context.Context, organisation int64, label Code, on string) (*Path, error) {
	l, known := s.book.Get(label)
	if !known {
		return nil, fault.Invalid(fault.At("label", "unknown", "Choisissez un label de la liste.", "Choose a label of the list."))
	}
	var out *Path
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		o, err := ownerOf(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := s.allow(ctx, accounts.CertificationEnter, o); err != nil {
			return err
		}
		if out, err = holdOrNew(ctx, tx, organisation, label, s.now()); err != nil {
			return err
		}
		return s.add(ctx, tx, l, out, &Event{Kind: Entered, On: on})
	})
	if err != nil {
		return nil, fmt.Errorf("engage organisation %d: %w", organisation, err)
	}
	return out, nil
}

// Record adds an event to a path. expected is the revision it was read at; 0 does
// not check. The same event again changes nothing. An enterprise records what it
// does (entering, audits, giving up); what is decided of it is its network's to
// write. A certificate that is granted, suspended or taken away is written to the
// organisation in the same transaction.
func (s *Service) Record(ctx context.Context, id ID, expected int64, e Event) (*Path, error) {
	action := accounts.CertificationDecide
	if slices.Contains([]EventKind{Entered, Audited, GaveUp}, e.Kind) {
		action = accounts.CertificationEnter
	}
	return s.change(ctx, id, expected, action, &e)
}

// Void says that an event was a mistake; it stays in the history. What the others
// make without it must hold together.
func (s *Service) Void(ctx context.Context, id ID, expected int64, event EventID, reason string) (*Path, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, fault.Invalid(fault.At("reason", "required", "Dites ce qui était faux.", "Say what was wrong."))
	}
	return s.change(ctx, id, expected, accounts.CertificationDecide, &Event{Kind: Voided, On: s.Today(), Voids: event, Reason: reason})
}

func (s *Service) change(ctx context.Context, id ID, expected int64, a accounts.Action, e *Event) (*Path, error) {
	var out *Path
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		o, err := ownerOf(ctx, tx, p.OrganisationID)
		if err != nil {
			return err
		}
		if s.allow(ctx, accounts.CertificationRead, o) != nil {
			return fault.NotFound("certification", id)
		}
		if err := s.allow(ctx, a, o); err != nil {
			return err
		}
		out = p
		if expected != 0 && expected != p.Revision {
			return fault.Stale()
		}
		l, _ := s.book.Get(p.Label)
		return s.add(ctx, tx, l, p, e)
	})
	if err != nil {
		return nil, fmt.Errorf("record an event of path %d: %w", id, err)
	}
	return out, nil
}

// add checks an event with those before it, keeps it and projects the path.
func (s *Service) add(ctx context.Context, tx store.Tx, l Label, p *Path, e *Event) error {
	if err := s.check(e); err != nil {
		return err
	}
	events, err := eventsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(living(events), func(o Event) bool { return o.same(e) }) || e.Kind == Voided && slices.ContainsFunc(events, func(o Event) bool { return o.Voids == e.Voids }) {
		return nil
	}
	if e.Kind == Entered && underWay(l, events) {
		return nil
	}
	if e.Kind == Voided && !slices.ContainsFunc(living(events), func(o Event) bool { return o.ID == e.Voids }) {
		return fault.NotFound("event", e.Voids)
	}
	e.PathID, e.ActorID, e.At = p.ID, accounts.From(ctx).Actor(), s.now()
	standing, err := Stand(l, append(events, *e))
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, e); err != nil {
		return err
	}
	return s.project(ctx, tx, l, p, standing, e)
}

// underWay tells a path on which entering once more says nothing new.
func underWay(l Label, events []Event) bool {
	s, err := Stand(l, events)
	return err == nil && (s.State == Engaged || s.State == InReview || s.State == Postponed)
}

// project writes the path as its events make it, and the certificate with it.
func (s *Service) project(ctx context.Context, tx store.Tx, l Label, p *Path, st Standing, e *Event) error {
	p.State, p.From, p.Until, p.Renewing, p.LastOn = st.State, st.From, st.Until, st.Renewing, st.LastOn
	if p.State == "" {
		p.State = Left // its only event was a mistake
	}
	p.Revision, p.UpdatedAt = p.Revision+1, s.now()
	if err := savePath(ctx, tx, p); err != nil {
		return err
	}
	var given *network.Certification
	if from, until, ok := st.Certified(); ok {
		given = &network.Certification{Code: string(l.Code), Name: l.Name, From: from, Until: until}
	}
	if err := s.network.Certify(ctx, tx, network.ID(p.OrganisationID), source(p.ID), given); err != nil {
		return err
	}
	a := accounts.CertificationDecide
	if e.Kind == Entered || e.Kind == Audited || e.Kind == GaveUp {
		a = accounts.CertificationEnter
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "certification", EntityID: int64(p.ID), Fields: []string{string(e.Kind)}})
}

// source names a path in the certifications of an organisation.
func source(id ID) string { return "quality:" + strconv.FormatInt(int64(id), 10) }

// The bounds of what is written.
const (
	textMost    = 1000
	findingMost = 500
	firstDay    = "1990-01-01"
)

// check locates the faults of an event by itself.
func (s *Service) check(e *Event) error {
	e.Body, e.Reason = strings.TrimSpace(e.Body), strings.TrimSpace(e.Reason)
	var bad []fault.Field
	if _, err := time.Parse(time.DateOnly, e.On); err != nil || e.On < firstDay {
		bad = append(bad, badDay("on"))
	} else if e.On > s.Today() {
		bad = append(bad, fault.At("on", "future", "Ce jour n’est pas encore venu : notez ce qui a eu lieu.", "That day has not come: record what took place."))
	}
	for path, text := range map[string]string{"body": e.Body, "reason": e.Reason} {
		if utf8.RuneCountInString(text) > textMost {
			bad = append(bad, fault.At(path, "length", "1 000 caractères au plus.", "1,000 characters at most."))
		}
	}
	bad = append(bad, e.checkKind()...)
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

func (e *Event) checkKind() []fault.Field {
	switch e.Kind {
	case Audited:
		return e.checkAudit()
	case Decided:
		return e.checkDecision()
	case Interrupted, TakenAway:
		if e.Reason == "" {
			return []fault.Field{fault.At("reason", "required", "Dites pourquoi.", "Say why.")}
		}
	case Entered, Restored, GaveUp, Voided:
	default:
		return []fault.Field{fault.At("kind", "unknown", "Cette étape n’existe pas.", "There is no such step.")}
	}
	return nil
}

func (e *Event) checkAudit() (bad []fault.Field) {
	if !slices.Contains(Audits(), e.Audit) {
		bad = append(bad, fault.At("audit", "choice", "Choisissez initial, surveillance ou renouvellement.", "Choose initial, surveillance or renewal."))
	}
	if !slices.Contains(Results(), e.Outcome) {
		bad = append(bad, fault.At("outcome", "choice", "Choisissez le résultat de l’audit.", "Choose the result of the audit."))
	}
	for path, n := range map[string]int{"minor": e.Minor, "major": e.Major} {
		if n < 0 || n > findingMost {
			bad = append(bad, fault.At(path, "range", "Un nombre entre 0 et 500.", "A number between 0 and 500."))
		}
	}
	if e.Outcome == Conform && e.Major > 0 {
		bad = append(bad, fault.At("outcome", "major", "Un écart majeur reste à corriger : l’audit n’est pas conforme.", "A major finding remains to correct: the audit is not conform."))
	}
	return bad
}

func (e *Event) checkDecision() (bad []fault.Field) {
	if !slices.Contains(Decisions(), e.Outcome) {
		bad = append(bad, fault.At("outcome", "choice", "Choisissez la décision du comité.", "Choose the committee’s decision."))
	}
	if e.Reason == "" && e.Outcome != GrantedPlain {
		bad = append(bad, fault.At("reason", "required", "Donnez le motif du comité.", "Give the committee’s reason."))
	}
	for path, day := range map[string]string{"from": e.From, "until": e.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			bad = append(bad, badDay(path))
		}
	}
	return bad
}
