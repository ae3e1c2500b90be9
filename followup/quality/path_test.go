package quality_test

import (
	"context"
	"slices"
	"testing"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

// A member engages and is audited; its region writes what the committee decides;
// the certificate is the organisation's in the same transaction.
func TestAPathIsFollowedByWhoseItIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, err := h.Engage(as(h.alix), h.near, "cedre", "2026-01-10")
		must(t, err)
		if again, err := h.Engage(as(h.alix), h.near, "cedre", "2026-02-10"); err != nil || again.Revision != p.Revision || again.ID != p.ID {
			t.Fatalf("engaged twice: %+v, %v", again, err)
		}
		audit := quality.Event{Kind: quality.Audited, On: "2026-05-04", Audit: quality.Initial, Body: "Certifor", Minor: 3, Major: 1, Outcome: quality.ToCorrect}
		p, err = h.Record(as(h.alix), p.ID, p.Revision, audit)
		must(t, err)
		decision := quality.Event{Kind: quality.Decided, On: "2026-06-02", Outcome: quality.GrantedBut, Reason: "Plan d’action sous six mois."}
		if _, err = h.Record(as(h.alix), p.ID, 0, decision); !fault.Is(err, fault.KindForbidden) {
			t.Fatalf("a member decides for the committee: %v", err)
		}
		if _, err = h.Record(as(h.north), p.ID, 0, decision); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("another region decides: %v", err)
		}
		if got := h.certifications(h.near); len(got) != 0 {
			t.Fatalf("certified before the decision: %+v", got)
		}
		p, err = h.Record(as(h.officer), p.ID, p.Revision, decision)
		must(t, err)
		if p.State != quality.Reserved || p.From != "2026-06-02" || p.Until != "2029-06-01" {
			t.Fatalf("%+v", p)
		}
		got := h.certifications(h.near)
		if len(got) != 1 || got[0].Code != "cedre" || got[0].From != "2026-06-02" || got[0].Until != "2029-06-01" || got[0].Source == "" {
			t.Fatalf("the certificate is %+v", got)
		}
		if again, err := h.Record(as(h.officer), p.ID, 0, decision); err != nil || again.Revision != p.Revision {
			t.Fatalf("recorded twice: %+v, %v", again, err)
		}
		if _, err := h.Record(as(h.officer), p.ID, p.Revision-1, quality.Event{Kind: quality.Interrupted, On: "2026-07-01", Reason: "Plan non tenu"}); !fault.Is(err, fault.KindPrecondition) {
			t.Fatalf("a stale write: %v", err)
		}
	})
}

// A suspension ends the certificate the day before, a restoration gives it back, a
// mistake is voided and stays to be read.
func TestTheHistoryIsNeverErased(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.granted(h.near, "qualiopi", "")
		p, err := h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Interrupted, On: "2026-11-02", Reason: "Audit de surveillance non tenu"})
		must(t, err)
		if got := h.certifications(h.near); p.State != quality.Suspended || got[0].Until != "2026-11-01" {
			t.Fatalf("suspended: %s %+v", p.State, got)
		}
		row := h.certifications(h.near)[0].ID
		f, err := h.Get(as(h.officer), p.ID)
		must(t, err)
		_, err = h.Void(as(h.officer), p.ID, 0, f.Events[0].ID, "")
		if !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("voided without a reason: %v", err)
		}
		p, err = h.Void(as(h.officer), p.ID, 0, f.Events[0].ID, "Erreur de dossier")
		must(t, err)
		if got := h.certifications(h.near); p.State != quality.Granted || got[0].Until != "2027-03-09" || got[0].ID != row {
			t.Fatalf("voided: %s %+v", p.State, got)
		}
		f, err = h.Get(as(h.officer), p.ID)
		must(t, err)
		if len(f.Events) != 5 || len(f.Void) != 1 {
			t.Fatalf("%d events, %d voided", len(f.Events), len(f.Void))
		}
		entered := f.Events[len(f.Events)-1]
		if _, err := h.Void(as(h.officer), p.ID, 0, entered.ID, "?"); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("what the others stand on was voided: %v", err)
		}
		if _, err := h.Get(as(h.kim), p.ID); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("another enterprise reads it: %v", err)
		}
	})
}

// A committee does not grant in plain what its audit says does not conform.
func TestWhatDoesNotConformIsNotGrantedInPlain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, err := h.Engage(as(h.officer), h.near, "cedre", "2026-01-10")
		must(t, err)
		_, err = h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Audited, On: "2026-02-01", Audit: quality.Initial, Outcome: quality.NotConform, Major: 3})
		must(t, err)
		if _, err := h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Decided, On: "2026-02-10", Outcome: quality.GrantedPlain}); fault.Of(err).Code != "not-conform" {
			t.Errorf("granted in plain: %v", err)
		}
		p, err = h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Decided, On: "2026-02-10", Outcome: quality.GrantedBut, Reason: "Trois écarts à lever"})
		must(t, err)
		p, err = h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Decided, On: "2026-06-10", Outcome: quality.GrantedPlain})
		if err != nil || p.State != quality.Granted {
			t.Errorf("the reserve is not lifted: %s %v", p.State, err)
		}
	})
}

// A path speaks alone of its label: neither a form nor an import takes it away.
func TestADeclarationDoesNotSpeakOfWhatIsFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		n := network.ID(h.near)
		o, err := h.network.Get(context.Background(), n)
		must(t, err)
		o.Certifications = []network.Certification{{Code: "cedre", From: "2020-01-01"}, {Code: "iso9001"}}
		_, err = h.network.Save(system(), o, 0)
		must(t, err)
		h.granted(h.near, "cedre", "")
		if got := codes(h.certifications(h.near)); !slices.Equal(got, []string{"cedre 2024-03-10", "iso9001 "}) {
			t.Fatalf("%v", got)
		}
		o, err = h.network.Get(context.Background(), n)
		must(t, err)
		o.Certifications = []network.Certification{{Code: "cedre", From: "1999-01-01"}, {Code: "rsei", Source: "quality:999"}}
		_, err = h.network.Save(system(), o, 0)
		must(t, err)
		got := h.certifications(h.near)
		if !slices.Equal(codes(got), []string{"cedre 2024-03-10", "rsei "}) {
			t.Fatalf("after a form: %v", codes(got))
		}
		if slices.ContainsFunc(got, func(c network.Certification) bool { return c.Code == "rsei" && c.Source != "" }) {
			t.Error("a form says where a certificate comes from")
		}
	})
}

func codes(all []network.Certification) (out []string) {
	for _, c := range all {
		out = append(out, c.Code+" "+c.From)
	}
	slices.Sort(out)
	return out
}

func TestFaultsAreLocated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, err := h.Engage(as(h.officer), h.near, "cedre", "2026-01-10")
		must(t, err)
		for path, e := range map[string]quality.Event{
			"on":      {Kind: quality.Audited, On: "2027-01-01", Audit: quality.Initial, Outcome: quality.Conform},
			"audit":   {Kind: quality.Audited, On: "2026-02-01", Outcome: quality.Conform},
			"minor":   {Kind: quality.Audited, On: "2026-02-01", Audit: quality.Initial, Outcome: quality.Conform, Minor: -1},
			"outcome": {Kind: quality.Audited, On: "2026-02-01", Audit: quality.Initial, Outcome: quality.Conform, Major: 1},
			"reason":  {Kind: quality.Decided, On: "2026-02-01", Outcome: quality.TurnedDown},
			"until":   {Kind: quality.Decided, On: "2026-02-01", Outcome: quality.GrantedPlain, Until: "demain"},
			"kind":    {Kind: "dreamt", On: "2026-02-01"},
		} {
			_, err := h.Record(as(h.officer), p.ID, 0, e)
			if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 1 || f.Fields[0].Path != path {
				t.Errorf("%s: %v", path, err)
			}
		}
		if _, err := h.Engage(as(h.officer), h.near, "gold", "2026-01-10"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an unknown label: %v", err)
		}
		if _, err := h.Engage(as(h.officer), h.far, "cedre", "2026-01-10"); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("out of the perimeter: %v", err)
		}
	})
}

func TestWhoReadsWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.granted(h.near, "cedre", "2027-01-15")
		h.granted(h.far, "iso9001", "2028-01-15")
		_, err := h.Engage(system(), h.near, "qualiopi", "2026-10-01")
		must(t, err)
		for who, want := range map[*accounts.Identity]int{&h.alix: 2, &h.kim: 1, &h.officer: 2, &h.north: 1, &h.admin: 3} {
			if rows, err := h.List(as(*who), quality.Filter{}); err != nil || len(rows) != want {
				t.Errorf("role %s reads %d, %v; want %d", who.Role, len(rows), err, want)
			}
		}
		if rows, _ := h.List(as(h.admin), quality.Filter{Within: 3}); len(rows) != 1 || rows[0].Until != "2027-01-15" {
			t.Errorf("within three months: %+v", rows)
		}
		if _, err := h.List(context.Background(), quality.Filter{}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor: %v", err)
		}
		f, err := h.Figures(context.Background())
		must(t, err)
		if f.Members != 2 || f.Certified != 2 || f.ByRegion[0].Held != 1 || f.ByKind[0] != (quality.Count[network.Kind]{Key: network.KindACI, Held: 2, Of: 2}) {
			t.Errorf("%+v", f)
		}
		if i := slices.IndexFunc(f.ByLabel, func(c quality.Count[quality.Code]) bool { return c.Key == "cedre" }); f.ByLabel[i].Held != 1 {
			t.Errorf("%+v", f.ByLabel)
		}
	})
}

// Two officers decide at once: one is told that somebody wrote first, and the
// certificate is one.
func TestTwoDecisionsAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, err := h.Engage(system(), h.near, "cedre", "2026-01-10")
		must(t, err)
		p, err = h.Record(system(), p.ID, 0, quality.Event{Kind: quality.Audited, On: "2026-02-01", Audit: quality.Initial, Outcome: quality.Conform})
		must(t, err)
		errs := make(chan error, 2)
		for _, outcome := range []quality.Outcome{quality.GrantedPlain, quality.TurnedDown} {
			go func() {
				_, err := h.Record(as(h.officer), p.ID, p.Revision, quality.Event{Kind: quality.Decided, On: "2026-03-01", Outcome: outcome, Reason: "motif"})
				errs <- err
			}()
		}
		a, b := <-errs, <-errs
		if (a == nil) == (b == nil) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

func jobs(t testing.TB, st *store.Store, kind string) int {
	t.Helper()
	var n int
	must(t, st.Read().NewRaw("SELECT count(*) FROM river_job WHERE kind = ?", kind).Scan(context.Background(), &n))
	return n
}
