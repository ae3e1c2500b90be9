package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/followup/quality"
	"maillage/network"
)

// certified is a path of the demonstration: days are counted back from today.
type certified struct {
	label quality.Code
	steps []lived
}

type lived struct {
	ago int // days
	quality.Event
}

func entered(ago int) lived { return lived{ago, quality.Event{Kind: quality.Entered}} }

func audited(ago int, kind quality.AuditKind, minor, major int) lived {
	e := quality.Event{Kind: quality.Audited, Audit: kind, Body: "Certifor (démonstration)", Minor: minor, Major: major, Outcome: quality.Conform}
	if minor+major > 0 {
		e.Outcome = quality.ToCorrect
	}
	return lived{ago, e}
}

func decided(ago int, outcome quality.Outcome, reason string) lived {
	return lived{ago, quality.Event{Kind: quality.Decided, Outcome: outcome, Reason: reason, Body: "Comité qualité (démonstration)"}}
}

// lives are the paths that are told: one of each kind of situation.
func lives() []certified {
	return []certified{
		{"cedre", []lived{entered(1250), audited(1050, quality.Initial, 3, 0), decided(1000, quality.GrantedPlain, ""), audited(500, quality.Surveillance, 1, 0)}}, // lapses in about three months
		{"qualiopi", []lived{entered(200), audited(20, quality.Initial, 2, 1)}},
		{"cedre-iso9001", []lived{entered(900), audited(700, quality.Initial, 4, 1), decided(660, quality.GrantedBut, "Plan d’action sur l’écart majeur sous six mois."), decided(450, quality.GrantedPlain, "")}},
		{"cedre", []lived{entered(60)}},
		{"iso14001", []lived{entered(1400), audited(1200, quality.Initial, 2, 0), decided(1160, quality.GrantedPlain, "")}}, // lapsed
		{"nf-sap", []lived{entered(700), audited(600, quality.Initial, 1, 0), decided(560, quality.GrantedPlain, ""), {120, quality.Event{Kind: quality.Interrupted, Reason: "Audit de surveillance non tenu."}}}},
		{"lucie-26000", []lived{entered(400), audited(90, quality.Initial, 5, 2), decided(60, quality.PutOff, "Deux engagements à préciser.")}},
		{"rsei", []lived{entered(1100), audited(1000, quality.Initial, 2, 0), decided(960, quality.GrantedPlain, ""), entered(150), audited(40, quality.Renewal, 1, 0)}}, // renewal under way
		{"qualicert-sap", []lived{entered(500), audited(420, quality.Initial, 6, 3), decided(400, quality.TurnedDown, "Trois écarts majeurs non levés.")}},
	}
}

// loadQuality gives the heroine two paths and her neighbours the others, then a
// certificate to one structure in nine elsewhere.
func (l *loader) loadQuality(ctx context.Context) error {
	s, err := quality.NewService(quality.Config{Store: l.Store, Atlas: l.Atlas, Network: l.Network, Now: func() time.Time { return l.today }})
	if err != nil {
		return err
	}
	all := lives()
	if err := l.certify(ctx, s, l.heroine(), all[0], all[1]); err != nil {
		return err
	}
	near := 2
	for i, m := range l.answering() {
		switch {
		case m.ID == l.heroine().ID:
		case near < len(all):
			if err := l.certify(ctx, s, m, all[near]); err != nil {
				return err
			}
			near++
		case i%9 == 0:
			if err := l.certify(ctx, s, m, all[2]); err != nil {
				return err
			}
		}
	}
	return nil
}

// certify writes the paths of a structure through the use cases.
func (l *loader) certify(ctx context.Context, s *quality.Service, m *network.Organisation, paths ...certified) error {
	for _, p := range paths {
		made, err := s.Engage(ctx, int64(m.ID), p.label, l.ago(p.steps[0].ago))
		if err != nil {
			return fmt.Errorf("%s towards %s: %w", m.Name, p.label, err)
		}
		for _, step := range p.steps[1:] {
			e := step.Event
			e.On = l.ago(step.ago)
			if _, err := s.Record(ctx, made.ID, 0, e); err != nil {
				return fmt.Errorf("%s towards %s: %w", m.Name, p.label, err)
			}
		}
	}
	return nil
}

func (l *loader) ago(days int) string { return day(l.today.AddDate(0, 0, -days)) }
