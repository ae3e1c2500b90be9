package network_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
)

// vercors is a pole with one project of its own.
func vercors(t testing.TB, s *network.Service) *network.Pole {
	t.Helper()
	return must[*network.Pole](t)(s.SavePole(context.Background(), &network.Pole{Name: "Pôle du Vercors", Seat: "26281", Territory: `{"territory":"commune:26281"}`,
		Projects: []network.Project{{Title: "Un atelier partagé", State: network.ProjectRunning}}}))
}

func fromHole(pole int64) network.Project {
	return network.Project{PoleID: pole, Title: "Espaces verts dans le Diois", Hole: "espaces-verts@epci:242600534", Sector: "espaces-verts",
		Territory: `{ "territory": "epci:242600534" }`, Evidence: &network.Evidence{On: "2026-11-23", Since: "2025-11-23", Lots: 5, Unmet: 3, Amount: 120_000, Covered: 0.25}}
}

func TestAHoleBecomesOneProject(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s := service(t, st)
		ctx := accounts.With(context.Background(), accounts.Identity{UserID: 7, Role: accounts.Officer})
		pole := vercors(t, s)
		got, made, err := s.StartProject(ctx, fromHole(pole.ID))
		if err != nil || !made || got.State != network.ProjectIdea || got.Territory != `{"territory":"epci:242600534"}` || got.CreatedBy == nil || *got.CreatedBy != 7 {
			t.Fatal(got, made, err)
		}
		var wait sync.WaitGroup
		for range 4 { // the gesture made again, at once
			wait.Go(func() {
				again, made, err := s.StartProject(ctx, fromHole(pole.ID))
				if err != nil || made || again.ID != got.ID {
					t.Errorf("again: %+v %v %v", again, made, err)
				}
			})
		}
		wait.Wait()
		read := must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		if len(read.Projects) != 2 || read.Revision != pole.Revision+1 {
			t.Fatalf("%d projects, revision %d after %d", len(read.Projects), read.Revision, pole.Revision)
		}
		kept := read.Projects[1]
		if kept.Evidence == nil || *kept.Evidence != *fromHole(pole.ID).Evidence || kept.CreatedAt == nil {
			t.Errorf("kept %+v", kept)
		}
		if _, _, err := s.StartProject(ctx, fromHole(pole.ID+1)); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a pole that is not there: %v", err)
		}
		bad := fromHole(pole.ID)
		bad.Sector, bad.Title = "rien", " "
		if _, _, err := s.StartProject(ctx, bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a sector that is not there: %v", err)
		}
	})
}

func TestAProjectLives(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s := context.Background(), service(t, st)
		pole := vercors(t, s)
		p, _, err := s.StartProject(ctx, fromHole(pole.ID))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.MoveProject(ctx, pole.ID, p.ID, network.ProjectDone); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an idea is not done: %v", err)
		}
		for _, to := range []string{network.ProjectRunning, network.ProjectRunning, network.ProjectDone} {
			if _, err := s.MoveProject(ctx, pole.ID, p.ID, to); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.MoveProject(ctx, pole.ID+1, p.ID, network.ProjectAbandoned); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the project of another pole: %v", err)
		}
		again, made, err := s.StartProject(ctx, fromHole(pole.ID))
		if err != nil || !made || again.ID == p.ID {
			t.Errorf("what is done may be needed again: %+v %v %v", again, made, err)
		}
		if _, err := s.MoveProject(ctx, pole.ID, p.ID, network.ProjectRunning); fault.Of(err).Code != "project-live" {
			t.Errorf("reopened beside the one that took its place: %v", err)
		}
		if _, err := s.SavePole(ctx, &network.Pole{ID: pole.ID, Name: pole.Name, Seat: pole.Seat, Territory: pole.Territory, Stage: network.StageActive, Projects: []network.Project{{ID: p.ID, Title: p.Title, State: network.ProjectRunning}, *again}}); fault.Of(err).Code != "project-live" {
			t.Errorf("reopened by the list: %v", err)
		}
		for _, to := range []string{network.ProjectAbandoned, network.ProjectIdea, network.ProjectAbandoned} { // abandoned by mistake, then not
			must[*network.Project](t)(s.MoveProject(ctx, pole.ID, again.ID, to))
		}
		must[*network.Project](t)(s.MoveProject(ctx, pole.ID, p.ID, network.ProjectRunning)) // done by mistake
		var steps []string
		for _, e := range must[[]network.ProjectEvent](t)(s.ProjectEvents(ctx, pole.ID)) {
			steps = append(steps, e.From+">"+e.To)
		}
		if want := []string{"done>running", "idea>abandoned", "abandoned>idea", "idea>abandoned", ">idea", "running>done", "idea>running", ">idea"}; !slices.Equal(steps, want) {
			t.Errorf("steps %v, want %v", steps, want)
		}
	})
}

// A pole that is rewritten from what its page says loses no evidence.
func TestARewrittenPoleKeepsWhatItsProjectsCameFrom(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s := context.Background(), service(t, st)
		pole := vercors(t, s)
		p, _, err := s.StartProject(ctx, fromHole(pole.ID))
		if err != nil {
			t.Fatal(err)
		}
		rewrite := func(projects ...network.Project) (*network.Pole, error) {
			return s.SavePole(ctx, &network.Pole{ID: pole.ID, Name: pole.Name, Seat: pole.Seat, Territory: pole.Territory, Stage: network.StageActive, Projects: projects})
		}
		named := network.Project{Title: p.Title, Description: "Avec la commune.", State: network.ProjectRunning}
		must[*network.Pole](t)(rewrite(network.Project{Title: "Un atelier partagé", State: network.ProjectDone}, named))
		read := must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		at := slices.IndexFunc(read.Projects, func(x network.Project) bool { return x.ID == p.ID })
		if len(read.Projects) != 2 || at < 0 || read.Projects[at].Evidence == nil || read.Projects[at].Description != "Avec la commune." || read.Projects[at].State != network.ProjectRunning {
			t.Fatalf("%+v", read.Projects)
		}
		must[*network.Pole](t)(rewrite())
		read = must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		if len(read.Projects) != 1 || read.Projects[0].ID != p.ID || read.Projects[0].Evidence == nil {
			t.Errorf("left out: %+v", read.Projects)
		}
		named.State = network.ProjectIdea
		if _, err := rewrite(named); !fault.Is(err, fault.KindConflict) {
			t.Errorf("back to an idea: %v", err)
		}
		if events := must[[]network.ProjectEvent](t)(s.ProjectEvents(ctx, pole.ID)); len(events) != 2 {
			t.Errorf("%d steps", len(events))
		}
	})
}

// What a project needs and who is in it are told by gestures, and stay when the
// pole is rewritten from what its page says.
func TestMembersJoinTheProjectsOfTheirPole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s := context.Background(), service(t, st)
		one := must[*network.Organisation](t)(s.Save(ctx, &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Une", Active: true, Source: "demo"}, 0))
		other := must[*network.Organisation](t)(s.Save(ctx, &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Deux", Active: true, Source: "demo"}, 0))
		pole := vercors(t, s)
		pole.Members = []network.ID{one.ID}
		pole = must[*network.Pole](t)(s.SavePole(ctx, pole))
		p := must[*network.Project](t)(s.AddProject(ctx, network.Project{PoleID: pole.ID, Title: "Un four", Needs: "Un local.", Territory: `{ "territory": "commune:26281" }`}))
		again := must[*network.Project](t)(s.AddProject(ctx, network.Project{PoleID: pole.ID, Title: "Un four"}))
		if again.ID != p.ID || p.State != network.ProjectIdea {
			t.Fatalf("added %+v then %+v", p, again)
		}
		if _, err := s.AddProject(ctx, network.Project{PoleID: pole.ID, Title: " "}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no title: %v", err)
		}
		for range 2 {
			must[*network.Project](t)(s.JoinProject(ctx, pole.ID, p.ID, one.ID, true))
		}
		if _, err := s.JoinProject(ctx, pole.ID, p.ID, other.ID, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("who is not of the pole: %v", err)
		}
		must[*network.Project](t)(s.TellNeeds(ctx, pole.ID, p.ID, " Une boulangère. "))
		read := must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		must[*network.Pole](t)(s.SavePole(ctx, read))
		read.Projects[0].ID, read.Projects[1].ID = 0, 0 // as the API writes them: by their titles
		must[*network.Pole](t)(s.SavePole(ctx, &network.Pole{ID: read.ID, Name: read.Name, Seat: read.Seat, Territory: read.Territory, Members: read.Members, Projects: read.Projects}))
		read = must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		at := slices.IndexFunc(read.Projects, func(x network.Project) bool { return x.ID == p.ID })
		if at < 0 || read.Projects[at].Needs != "Une boulangère." || !slices.Equal(read.Projects[at].Members, []network.ID{one.ID}) || read.Projects[at].Territory != `{"territory":"commune:26281"}` {
			t.Fatalf("kept %+v", read.Projects)
		}
		read.Members = nil // who leaves the pole leaves its projects
		must[*network.Pole](t)(s.SavePole(ctx, read))
		read = must[*network.Pole](t)(s.Pole(ctx, pole.ID))
		if len(read.Projects[at].Members) != 0 {
			t.Errorf("still in it: %+v", read.Projects[at])
		}
	})
}
