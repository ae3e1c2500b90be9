package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
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
	c.project(p)
	if p.Territory == "" {
		c.perimeter("territory", &p.Territory)
	}
	if _, known := nomenclatures.LookupSector(p.Sector); !known {
		c.refuse("sector", "unknown", "Ce secteur n’existe pas.", "There is no such sector.")
	}
	if p.Hole == "" || p.Evidence == nil {
		c.refuse("hole", "required", "Dites de quel besoin vient le projet.", "Say which need the project comes from.")
	}
	return c.err()
}

// AddProject makes a project of a pole that comes from no hole. A pole has one
// project of a title: asked again, it is that one.
func (s *Service) AddProject(ctx context.Context, p Project) (got *Project, err error) {
	p.Hole, p.Evidence, p.Sector, p.Members = "", nil, "", nil
	c := checker{atlas: s.atlas}
	clean(&p.Description)
	c.text("description", p.Description, maxText)
	c.project(&p)
	if err := c.err(); err != nil {
		return nil, fmt.Errorf("add a project to pole %d: %w", p.PoleID, err)
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdPole(ctx, tx, p.PoleID); err != nil {
			return err
		}
		have, err := projectsOf(ctx, tx, p.PoleID)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(have, func(old Project) bool { return old.Title == p.Title }); at >= 0 {
			got = &have[at]
			return nil
		}
		got = &p
		return s.begin(ctx, tx, &p)
	})
	if err != nil {
		return nil, fmt.Errorf("add a project to pole %d: %w", p.PoleID, err)
	}
	return got, nil
}

// project refuses what no project has: no title, words too long.
func (c *checker) project(p *Project) {
	clean(&p.Title, &p.Needs)
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		c.refuse("title", "required", "Donnez un titre au projet.", "Give the project a title.")
	}
	c.text("title", p.Title, maxName)
	c.needs(&p.Needs)
	if p.Territory != "" {
		c.perimeter("territory", &p.Territory)
	}
}

// maxNeeds bounds what a project says it needs, in characters.
const maxNeeds = 2_000

func (c *checker) needs(text *string) {
	*text = strings.TrimSpace(*text)
	c.text("needs", *text, maxNeeds)
}

// TellNeeds says what a project of a pole still needs; nothing: no more.
func (s *Service) TellNeeds(ctx context.Context, pole, id int64, needs string) (*Project, error) {
	c := checker{atlas: s.atlas}
	clean(&needs)
	c.needs(&needs)
	if err := c.err(); err != nil {
		return nil, err
	}
	return s.touchProject(ctx, pole, id, "project_needs", func(ctx context.Context, tx store.Tx, p *Project) (bool, error) {
		if p.Needs == needs {
			return false, nil
		}
		p.Needs = needs
		return true, saveNeeds(ctx, tx, p)
	})
}

// JoinProject brings a member of a pole into one of its projects, or out of it. The
// same again changes nothing; who is not of the pole is refused.
func (s *Service) JoinProject(ctx context.Context, pole, id int64, who ID, in bool) (*Project, error) {
	done := "project_left"
	if in {
		done = "project_joined"
	}
	return s.touchProject(ctx, pole, id, done, func(ctx context.Context, tx store.Tx, p *Project) (bool, error) {
		of, err := belongs(ctx, tx, pole, who)
		if err != nil {
			return false, err
		}
		if in && !of {
			return false, fault.Conflict("not-of-the-pole", "Seuls les membres d’un pôle entrent dans ses projets.", "Only members of a pole join its projects.")
		}
		if in && !p.Live() {
			return false, fault.Conflict("project-state", "Ce projet est terminé : on n’y entre plus.", "This project is over: nobody joins it any more.")
		}
		return putIn(ctx, tx, id, who, in)
	})
}

// touchProject changes a project that the transaction holds, and leaves a trace
// where something changed.
func (s *Service) touchProject(ctx context.Context, pole, id int64, done string, change func(context.Context, store.Tx, *Project) (bool, error)) (got *Project, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdPole(ctx, tx, pole); err != nil {
			return err
		}
		if got, err = projectOf(ctx, tx, pole, id); err != nil {
			return err
		}
		changed, err := change(ctx, tx, got)
		if err != nil || !changed {
			return err
		}
		if got, err = projectOf(ctx, tx, pole, id); err != nil {
			return err
		}
		if err := raisePole(ctx, tx, pole, s.now()); err != nil {
			return err
		}
		return s.tieTrail(ctx, tx, "pole", pole, done)
	})
	if err != nil {
		return nil, fmt.Errorf("change project %d of pole %d: %w", id, pole, err)
	}
	return got, nil
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
// runs is done, either is abandoned, and what was ended is taken up again. The state it has already changes nothing.
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
		if err := reopens(ctx, tx, got, to); err != nil {
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

// reopens refuses to take up again what was started anew since: a need has one live
// project in a pole.
func reopens(ctx context.Context, tx store.Tx, p *Project, to string) error {
	if p.Live() || p.Hole == "" {
		return nil
	}
	live, found, err := liveProject(ctx, tx, p.PoleID, p.Hole)
	if err != nil || !found {
		return err
	}
	return fault.Conflict("project-live", "Ce besoin a déjà un projet vivant dans ce pôle : « "+live.Title+" ».", "This need has a live project in this pole already: “"+live.Title+"”.")
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
	for _, e := range moved {
		at := slices.IndexFunc(have, func(p Project) bool { return p.ID == e.ProjectID })
		if err := reopens(ctx, tx, &have[at], e.To); err != nil {
			return err
		}
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

// carry completes the wanted projects with what the list does not say of them, and
// with those that come from a hole.
func carry(have, wanted []Project) (all []Project, moved []ProjectEvent, err error) {
	all = slices.Clone(wanted)
	for i := range all {
		all[i].Hole, all[i].Sector, all[i].Territory, all[i].Evidence, all[i].CreatedBy, all[i].CreatedAt = "", "", "", nil, nil, nil
		all[i].Needs, all[i].Members = "", nil
	}
	for _, old := range have {
		at := slices.IndexFunc(all, func(p Project) bool { return p.Hole == "" && (p.ID == old.ID || p.ID == 0 && p.Title == old.Title) })
		if at < 0 && old.Hole != "" {
			all = append(all, old)
		}
		if at < 0 {
			continue
		}
		if old.Hole == "" {
			p := &all[at]
			p.ID, p.Territory, p.CreatedBy, p.CreatedAt, p.Needs = old.ID, old.Territory, old.CreatedBy, old.CreatedAt, old.Needs
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
