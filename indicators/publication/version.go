package publication

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/disclosure"
	"maillage/indicators/release"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Version is one released ZIP, or what is left of it. It is for everybody.
type Version struct {
	bun.BaseModel `bun:"table:release_versions,alias:rv"`

	ID          int64      `bun:"id,pk,autoincrement"`
	Dataset     string     `bun:"dataset"`
	Version     string     `bun:"version"`
	PlanText    string     `bun:"plan"`
	RequestID   int64      `bun:"request_id"`
	TitleFR     string     `bun:"title_fr"`
	TitleEN     string     `bun:"title_en"`
	CiteFR      string     `bun:"cite_fr"`
	CiteEN      string     `bun:"cite_en"`
	FileName    string     `bun:"file_name"`
	SHA256      string     `bun:"sha256"`
	Size        int64      `bun:"size"`        // in bytes
	Certificate string     `bun:"certificate"` // JSON
	ZonesText   string     `bun:"zones"`       // JSON; empty unless by zone
	BreaksText  string     `bun:"breaks"`      // JSON; empty: made before they were kept
	Frame       int        `bun:"frame"`       // enterprises asked, in the latest year
	Replied     int        `bun:"replied"`
	Shown       int        `bun:"shown"` // figures by status
	Hidden      int        `bun:"hidden"`
	Absent      int        `bun:"absent"`
	PublishedAt time.Time  `bun:"published_at"`
	WithdrawnAt *time.Time `bun:"withdrawn_at"`
	Tombstone   string     `bun:"tombstone"` // JSON; empty unless withdrawn
}

// Plan is what the version holds.
func (v *Version) Plan() Plan { return (&Request{PlanText: v.PlanText}).Plan() }

// Title names the version.
func (v *Version) Title() fault.Text { return say(v.TitleFR, v.TitleEN) }

// Cite is how it is cited.
func (v *Version) Cite() fault.Text { return say(v.CiteFR, v.CiteEN) }

// Tomb reads the tombstone of a withdrawn version; false where there is none.
func (v *Version) Tomb() (release.Tombstone, bool) {
	var t release.Tombstone
	return t, v.Tombstone != "" && json.Unmarshal([]byte(v.Tombstone), &t) == nil
}

// Versions lists what was released, the latest first, below a number (0: from the
// latest): of a dataset, or of all where it is empty. Withdrawn versions stay.
func (s *Service) Versions(ctx context.Context, dataset string, below int64, limit int) ([]Version, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	return versions(ctx, s.store.Read(), dataset, below, min(max(limit, 1), 200))
}

// Version reads one by its number; the latest that stands where the number is empty.
func (s *Service) Version(ctx context.Context, dataset, number string) (*Version, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	if number != "" {
		return versionBy(ctx, s.store.Read(), dataset, number)
	}
	all, err := versions(ctx, s.store.Read(), dataset, 0, 200)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound("release", dataset)
	}
	for i := range all {
		if all[i].WithdrawnAt == nil {
			return &all[i], nil
		}
	}
	return &all[0], nil
}

// Withdraw takes a version back with a reason in both languages: its address then
// answers with a tombstone, and its figures stay in the ledger. Again it changes nothing.
func (s *Service) Withdraw(ctx context.Context, dataset, number string, reason fault.Text) (v *Version, err error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ReleaseWithdraw, accounts.Scope{}); err != nil {
		return nil, err
	}
	if reason.FR = strings.TrimSpace(reason.FR); len(reason.FR) < 3 {
		return nil, fault.Invalid(fault.At("reason", "missing", "Dites pourquoi cette version est retirée.", "Say why this version is withdrawn."))
	}
	if reason.EN = strings.TrimSpace(reason.EN); reason.EN == "" {
		reason.EN = reason.FR
	}
	if v, err = versionBy(ctx, s.store.Read(), dataset, number); err != nil || v.WithdrawnAt != nil {
		return v, err
	}
	file, err := s.content(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	d, err := release.Read(ctx, bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("read version %s of %s: %w", number, dataset, err)
	}
	return v, s.bury(ctx, v, d, reason)
}

func (s *Service) bury(ctx context.Context, v *Version, d release.Dataset, reason fault.Text) error {
	now := s.now()
	last, err := lastVersion(ctx, s.store.Read(), v.Dataset)
	if err != nil {
		return err
	}
	successor := ""
	if last.ID != v.ID && last.WithdrawnAt == nil {
		successor = last.Version
	}
	tomb, err := release.Bury(d, v.SHA256, now, reason, successor)
	if err != nil {
		return err
	}
	v.WithdrawnAt, v.Tombstone = &now, string(tomb)
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := buryVersion(ctx, tx, v); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.ReleaseWithdraw, Entity: "release", EntityID: v.ID})
	})
}

// File opens the ZIP of a version, to be read from anywhere in it. A withdrawn one has
// no file any more: its tombstone is in the version.
func (s *Service) File(ctx context.Context, v *Version) (io.ReadSeeker, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	if v.WithdrawnAt != nil {
		return nil, fault.NotFound("release", v.Dataset+" "+v.Version)
	}
	return io.NewSectionReader(&pieces{ctx: ctx, s: s, v: v, at: -1}, 0, v.Size), nil
}

// Changes is what a version changed since the one before, as its CHANGELOG.md says it;
// none where it was withdrawn.
func (s *Service) Changes(ctx context.Context, v *Version) ([]fault.Text, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	if v.WithdrawnAt != nil {
		return nil, nil
	}
	log, err := release.Changelog(&pieces{ctx: ctx, s: s, v: v, at: -1}, v.Size)
	if err != nil || len(log) == 0 {
		return nil, err
	}
	return log[0].Changes, nil
}

// content is the whole file, for who compares it.
func (s *Service) content(ctx context.Context, id int64) ([]byte, error) {
	all, err := versionByID(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(&pieces{ctx: ctx, s: s, v: all, at: -1}, 0, all.Size))
}

// pieces reads a file from its pieces, the last one kept at hand.
type pieces struct {
	ctx   context.Context //nolint:containedctx // it reads for one request, as io.ReaderAt has no context
	s     *Service
	v     *Version
	at    int
	piece []byte
}

// ReadAt reads from one piece after the other.
func (p *pieces) ReadAt(into []byte, off int64) (n int, err error) {
	for n < len(into) && off < p.v.Size {
		if want := int(off / chunkSize); want != p.at {
			if p.piece, err = chunkBy(p.ctx, p.s.store.Read(), p.v.ID, want); err != nil {
				return n, err
			}
			p.at = want
		}
		from := int(off % chunkSize)
		if from >= len(p.piece) {
			return n, errors.New("a piece of the file is cut short")
		}
		got := copy(into[n:], p.piece[from:])
		n, off = n+got, off+int64(got)
	}
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}

// Certified is what the attack found on the version, all its systems together.
func (v *Version) Certified() disclosure.CertifiedAttack {
	var all struct {
		Systems []certifiedSystem `json:"systems"`
	}
	var sum disclosure.CertifiedAttack
	if json.Unmarshal([]byte(v.Certificate), &all) != nil {
		return sum
	}
	for _, s := range all.Systems {
		a := s.Certificate.Attack
		sum.Hidden, sum.Recovered, sum.Narrow = sum.Hidden+a.Hidden, sum.Recovered+a.Recovered, sum.Narrow+a.Narrow
	}
	return sum
}
