package access

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/indicators/access/record"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Researcher is an account that an agreement may name.
type Researcher struct {
	ID   accounts.UserID `bun:"id"`
	Name string          `bun:"name"`
}

// Researchers lists them, for who grants.
func (s *Service) Researchers(ctx context.Context) ([]Researcher, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	return researchers(ctx, s.store.Read())
}

// Agreements are those that somebody may see, the latest first: all for who grants, one's own else.
func (s *Service) Agreements(ctx context.Context) ([]Agreement, error) {
	who := accounts.From(ctx)
	if accounts.Allow(who, accounts.MicrodataRead, accounts.Scope{}) == nil {
		return agreementsOf(ctx, s.store.Read(), 0)
	}
	if err := accounts.Allow(who, accounts.MicrodataRead, accounts.OfUser(who.UserID)); err != nil {
		return nil, err
	}
	return agreementsOf(ctx, s.store.Read(), who.UserID)
}

// Reading is what an agreement opens: its files without their records, and what was done for them.
type Reading struct {
	Agreement *Agreement
	State     State
	Files     []File
	Waiting   []int // years whose files are not made yet
	Empty     []int // years of which the file could tell nothing
	Uses      []Use // of this agreement, the latest first; to its researcher, their own
}

// usesShown bounds the log on a page.
const usesShown = 50

// Read opens an agreement. Its researcher's reading is logged; who grants looks at
// the same without the files being opened to them.
func (s *Service) Read(ctx context.Context, id int64) (*Reading, error) {
	a, err := s.allowed(ctx, id, accounts.MicrodataRead)
	if err != nil {
		return nil, err
	}
	out := &Reading{Agreement: a, State: a.StateOn(s.Today())}
	if err := s.filesOf(ctx, a, out); err != nil {
		return nil, err
	}
	of := look{agreement: id, limit: usesShown}
	if accounts.From(ctx).UserID == a.UserID {
		of.user = a.UserID
		if err := s.log(ctx, &Use{AgreementID: a.ID, What: "read", Files: labels(out.Files)}, accounts.MicrodataRead); err != nil {
			return nil, err
		}
	}
	out.Uses, err = usesOf(ctx, s.store.Read(), of)
	return out, err
}

// filesOf finds the file of each year, or why there is none.
func (s *Service) filesOf(ctx context.Context, a *Agreement, out *Reading) error {
	all, err := described(ctx, s.store.Read())
	if err != nil {
		return err
	}
	tried, err := attempts(ctx, s.store.Read())
	if err != nil {
		return err
	}
	for _, year := range a.AsYears() {
		switch f := lastOf(all, a.File, year); {
		case f != nil:
			out.Files = append(out.Files, *f)
		case slices.ContainsFunc(tried, func(t Attempt) bool { return t.Year == year }):
			out.Empty = append(out.Empty, year)
		default:
			out.Waiting = append(out.Waiting, year)
		}
	}
	return nil
}

func lastOf(all []File, k record.Kind, year int) (last *File) {
	for i := range all {
		if all[i].Kind == k && all[i].Year == year {
			last = &all[i] // by vintage
		}
	}
	return last
}

func labels(files []File) string {
	var out []string
	for _, f := range files {
		out = append(out, f.Label())
	}
	return strings.Join(out, " ")
}

// allowed reads an agreement for who may do an action to it, and logs who may not.
func (s *Service) allowed(ctx context.Context, id int64, action accounts.Action) (*Agreement, error) {
	who := accounts.From(ctx)
	permitted := accounts.Permits(who, action)
	if permitted != nil && who.UserID == 0 {
		return nil, permitted
	}
	a, err := agreementOf(ctx, s.store.Read(), id)
	switch {
	case permitted != nil && err != nil:
		return nil, permitted
	case err != nil:
		return nil, err
	case permitted == nil:
		permitted = accounts.Allow(who, action, accounts.OfUser(a.UserID))
	}
	return a, s.refused(ctx, a, action, permitted)
}

// refused logs that somebody was refused, and gives the refusal.
func (s *Service) refused(ctx context.Context, a *Agreement, action accounts.Action, why error) error {
	if !fault.Is(why, fault.KindForbidden) {
		return why
	}
	if err := s.log(ctx, &Use{AgreementID: a.ID, What: "refused", Files: fault.Of(why).Code}, action); err != nil {
		return err
	}
	return why
}

// refusal says why an agreement opens nothing on a day.
func (a *Agreement) refusal(day string) error {
	switch a.StateOn(day) {
	case Closed:
		return fault.New(fault.KindForbidden, "agreement_revoked", "Cet accord a été révoqué : il n’ouvre plus aucun fichier.", "This agreement has been revoked: it opens no file any more.")
	case Early:
		return fault.New(fault.KindForbidden, "agreement_early", "Cet accord commence le "+inFrench(a.FromOn)+" : il n’ouvre encore aucun fichier.", "This agreement begins on "+a.FromOn+": it opens no file yet.")
	case Over:
		return fault.New(fault.KindForbidden, "agreement_lapsed", "Cet accord s’est terminé le "+inFrench(a.UntilOn)+" : il n’ouvre plus aucun fichier.", "This agreement ended on "+a.UntilOn+": it opens no file any more.")
	}
	return nil
}

// inFrench writes a day as 31/12/2026.
func inFrench(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("02/01/2006")
}

// Package is what a researcher takes away.
type Package struct {
	Name string // MD-2026-0001.zip
	Hash string // SHA-256 of Data
	Data []byte
}

// Download makes the ZIP of an agreement for the researcher whom it names, on the
// days that it opens, and logs it. The same agreement and files give the same bytes.
func (s *Service) Download(ctx context.Context, id int64) (*Package, error) {
	a, files, out, err := s.pack(ctx, id)
	if err != nil {
		return nil, err
	}
	return out, s.log(ctx, &Use{AgreementID: a.ID, What: "download", Files: labels(files), Hash: out.Hash}, accounts.MicrodataDownload)
}

// Weigh is what Download would hand over, for who asks its headers alone: since
// nothing is taken, nothing but a refusal is logged.
func (s *Service) Weigh(ctx context.Context, id int64) (*Package, error) {
	_, _, out, err := s.pack(ctx, id)
	return out, err
}

func (s *Service) pack(ctx context.Context, id int64) (*Agreement, []File, *Package, error) {
	a, err := s.allowed(ctx, id, accounts.MicrodataDownload)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := s.refused(ctx, a, accounts.MicrodataDownload, a.refusal(s.Today())); err != nil {
		return nil, nil, nil, err
	}
	files, parts, err := s.parts(ctx, a)
	if err != nil {
		return nil, nil, nil, err
	}
	var b bytes.Buffer
	if err := record.Write(&b, a.onPaper(), parts); err != nil {
		return nil, nil, nil, err
	}
	h := sha256.Sum256(b.Bytes())
	return a, files, &Package{Name: a.Number() + ".zip", Hash: hex.EncodeToString(h[:]), Data: b.Bytes()}, nil
}

// parts reads the files of an agreement, and checks each again.
func (s *Service) parts(ctx context.Context, a *Agreement) (files []File, parts []record.Part, err error) {
	for _, year := range a.AsYears() {
		m, err := latest(ctx, s.store.Read(), year)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		f := m.file(a.File)
		if f == nil {
			continue
		}
		p, err := m.read()
		if err != nil {
			return nil, nil, err
		}
		view := p.View(a.File)
		view.Done = f.Done
		files, parts = append(files, *f), append(parts, record.Part{View: view, Label: f.Label(), MadeAt: f.MadeAt, Hash: f.Hash})
	}
	if len(parts) == 0 {
		return nil, nil, fault.Conflict("files_waiting", "Aucun fichier de cet accord n’est prêt.", "No file of this agreement is ready.")
	}
	return files, parts, nil
}

func (a *Agreement) onPaper() record.Terms {
	return record.Terms{Number: a.Number(), Institution: a.Institution, Purpose: a.Purpose.Label().FR, PurposeEN: a.Purpose.Label().EN, Reference: a.Reference,
		FromOn: a.FromOn, UntilOn: a.UntilOn, Variables: strings.Fields(a.Variables)}
}

// log keeps a use and its trace; a revocation that came meanwhile wins over a download.
func (s *Service) log(ctx context.Context, u *Use, action accounts.Action) error {
	u.UserID, u.At = accounts.From(ctx).UserID, s.now()
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if u.Hash != "" {
			a, err := agreementOf(ctx, tx, u.AgreementID)
			if err != nil {
				return err
			}
			if err := a.refusal(s.Today()); err != nil {
				return err
			}
		}
		if err := insertUse(ctx, tx, u); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: u.At, Action: action, Entity: "microdata_agreement", EntityID: u.AgreementID, Fields: strings.Fields(u.Files)})
	})
}

// Log is every use, the latest first, below a number where it is not 0: for who grants.
func (s *Service) Log(ctx context.Context, below int64, limit int) ([]Use, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	return usesOf(ctx, s.store.Read(), look{below: below, limit: min(max(limit, 1), 200)})
}

// Files are the files that are made, without their records, for who grants.
func (s *Service) Files(ctx context.Context) ([]File, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	all, err := described(ctx, s.store.Read())
	return slices.Clip(all), err
}
