package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/nomenclatures"
)

// StartProject makes a project of a pole out of a hole. A pole has one live
// project for a hole: asked again, it is that one, and made is false.
func (s *Service) StartProject(ctx context.Context, p Project) (got *Project, made bool, err error) {
	if err := s.checkProject(&p); err != nil {
		return nil, false, fmt.Errorf("start a project of pole %d: %w", p.PoleID, err)
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdPole(ctx, tx, p.PoleID); err != nil {
			return err
		}
		live, found, err := liveProject(ctx, tx, p.PoleID, p.Hole)
		if err != nil || found {
			got = live
			return err
		}
		made, got = true, &p
		return s.begin(ctx, tx, &p)
	})
	if err != nil {
		return nil, false, fmt.Errorf("start a project of pole %d: %w", p.PoleID, err)
	}
	return got, made, nil
}

func (s *Service) checkProject(p *Project) error {
	c := checker{atlas: s.atlas}
	clean(&p.Title)
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		c.refuse("title", "required", "Donnez un titre au projet.", "Give the project a title.")
	}
	c.text("title", p.Title, maxName)
	c.perimeter("territory", &p.Territory)
	if _, known := nomenclatures.LookupSector(p.Sector); !known {
		c.refuse("sector", "unknown", "Ce secteur n’existe pas.", "There is no such sector.")
	}
	if p.Hole == "" || p.Evidence == nil {
		c.refuse("hole", "required", "Dites de quel besoin vient le projet.", "Say which need the project comes from.")
	}
	return c.err()
}

// begin writes the project and its first event.
func (s *Service) begin(ctx context.Context, tx store.Tx, p *Project) error {
	now := s.now()
	p.ID, p.State, p.CreatedAt, p.CreatedBy = 0, ProjectIdea, &now, accounts.From(ctx).Actor()
	if err := insertProject(ctx, tx, p); err != nil {
		return err
	}
	return s.step(ctx, tx, p, "")
}

// step records where a project came to, raises the pole and leaves a trace.
func (s *Service) step(ctx context.Context, tx store.Tx, p *Project, from string) error {
	if err := recordStep(ctx, tx, ProjectEvent{ProjectID: p.ID, At: s.now(), ActorID: accounts.From(ctx).Actor(), From: from, To: p.State}); err != nil {
		return err
	}
	if err := raisePole(ctx, tx, p.PoleID, s.now()); err != nil {
		return err
	}
	return s.tieTrail(ctx, tx, "pole", p.PoleID, "project_"+p.State)
}

// MoveProject brings a project of a pole to another state: an idea runs, what
// runs is done, either is abandoned. The state it has already changes nothing.
func (s *Service) MoveProject(ctx context.Context, pole, id int64, to string) (got *Project, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdPole(ctx, tx, pole); err != nil {
			return err
		}
		if got, err = projectOf(ctx, tx, pole, id); err != nil {
			return err
		}
		if err := got.may(to); err != nil || got.State == to {
			return err
		}
		from := got.State
		got.State = to
		if err := saveState(ctx, tx, got); err != nil {
			return err
		}
		return s.step(ctx, tx, got, from)
	})
	if err != nil {
		return nil, fmt.Errorf("move project %d of pole %d: %w", id, pole, err)
	}
	return got, nil
}

// writeProjects brings the projects of a pole to what is wanted. A project that
// comes from a hole keeps what the list can't say, goes from state to state as
// MoveProject allows, and stays when the list leaves it out.
func (s *Service) writeProjects(ctx context.Context, tx store.Tx, p *Pole) error {
	have, err := projectsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	wanted, moved, err := carry(have, p.Projects)
	if err != nil {
		return err
	}
	p.Projects = wanted
	if _, err := sync(ctx, tx, p.ID, have, p.Projects, func(r *Project) (*int64, *int64) { return &r.ID, &r.PoleID }); err != nil {
		return err
	}
	for _, e := range moved {
		e.At, e.ActorID = s.now(), accounts.From(ctx).Actor()
		if err := recordStep(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// carry completes the wanted projects with those that come from a hole.
func carry(have, wanted []Project) (all []Project, moved []ProjectEvent, err error) {
	all = slices.Clone(wanted)
	for i := range all {
		all[i].Hole, all[i].Sector, all[i].Territory, all[i].Evidence, all[i].CreatedBy, all[i].CreatedAt = "", "", "", nil, nil, nil
	}
	for _, old := range have {
		if old.Hole == "" {
			continue
		}
		at := slices.IndexFunc(all, func(p Project) bool { return p.Hole == "" && (p.ID == old.ID || p.ID == 0 && p.Title == old.Title) })
		if at < 0 {
			all = append(all, old)
			continue
		}
		said := all[at]
		if err := old.may(said.State); err != nil {
			return nil, nil, err
		}
		if old.State != said.State {
			moved = append(moved, ProjectEvent{ProjectID: old.ID, From: old.State, To: said.State})
		}
		old.Title, old.Description, old.State = said.Title, said.Description, said.State
		all[at] = old
	}
	return all, moved, nil
}
