package dossier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/sheet"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
)

// freeze writes an archive of what an answer holds now, unless the last one holds
// the same. Files are named in the order of an answer.
func (s *Service) freeze(ctx context.Context, tx store.Tx, m *matching.Match, p *followup.Pursuit) (*Archive, error) {
	if err := holdFile(ctx, tx, m.OrganisationID); err != nil {
		return nil, err
	}
	told, err := s.told(ctx, tx, m, p)
	if err != nil {
		return nil, err
	}
	before, err := archivesOf(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	if n := len(before); n > 0 {
		if same(before[n-1].Manifest, told) {
			return &before[n-1], nil
		}
		told.Number = before[n-1].Number
	}
	told.Number++
	return s.seal(ctx, tx, m, p, told)
}

// seal writes an archive: its manifest, the files that it names, the hash of the
// ZIP that they make.
func (s *Service) seal(ctx context.Context, tx store.Tx, m *matching.Match, p *followup.Pursuit, told *Manifest) (*Archive, error) {
	at := s.now().Truncate(time.Second)
	told.FrozenAt = at.Format(time.RFC3339)
	manifest, err := json.MarshalIndent(told, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	content, err := pack(ctx, tx, manifest, at, told.Entries)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	a := &Archive{MatchID: m.ID, OrganisationID: m.OrganisationID, Number: told.Number, SubmittedOn: p.SubmittedOn, FrozenAt: at, FrozenBy: accounts.From(ctx).Actor(),
		Manifest: string(manifest), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	if err := insertArchive(ctx, tx, a, told.Entries); err != nil {
		return nil, err
	}
	return a, s.trail(ctx, tx, accounts.DossierEdit, "archive", int64(a.ID), "frozen")
}

// same tells that a manifest names the same pieces as another one.
func same(before string, now *Manifest) bool {
	var m Manifest
	if json.Unmarshal([]byte(before), &m) != nil {
		return false
	}
	return slices.Equal(m.Absent, now.Absent) && slices.EqualFunc(m.Entries, now.Entries, func(a, b Entry) bool {
		a.file, b.file = 0, 0
		return a == b
	})
}

// told is the manifest of an answer as it stands.
func (s *Service) told(ctx context.Context, tx store.Tx, m *matching.Match, p *followup.Pursuit) (*Manifest, error) {
	l, err := s.Opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return nil, err
	}
	o, err := s.Network.Get(ctx, m.OrganisationID)
	if err != nil {
		return nil, err
	}
	out := &Manifest{Format: format, Enterprise: o.Name, SIRET: string(o.SIRET), Lot: l.Title, SubmittedOn: p.SubmittedOn, Entries: []Entry{}}
	if call := l.Opportunity; call != nil {
		out.Buyer, out.Call, out.Key = call.BuyerName, call.Title, call.Key
	}
	if out.FrozenBy, err = nameOf(ctx, tx, accounts.From(ctx).Actor()); err != nil {
		return nil, err
	}
	list, err := s.checklist(ctx, m)
	if err != nil {
		return nil, err
	}
	out.enter(list)
	return out, s.written(ctx, tx, m, out)
}

// enter names the pieces that are joined: those of the list, unless they were said
// not to be needed.
func (m *Manifest) enter(list *Checklist) {
	for i := range list.Items {
		item := &list.Items[i]
		if item.Piece == nil || item.Status == NotNeeded {
			continue
		}
		p := item.Piece
		title := p.Title
		if title == "" {
			title = item.Kind.Name.FR
		}
		if p.FileID == nil {
			m.Absent = append(m.Absent, title)
			continue
		}
		m.add(Entry{Kind: p.Kind, Title: title, IssuedOn: p.IssuedOn, ValidUntil: p.ValidUntil, Size: p.Size, SHA256: p.SHA256, file: *p.FileID}, p.FileName)
	}
}

// add gives a file its place in the archive.
func (m *Manifest) add(e Entry, name string) {
	e.Path = fmt.Sprintf("%02d-%s/%s", len(m.Entries)+1, e.Kind, safeName(name))
	m.Entries = append(m.Entries, e)
}

// written adds what was chosen for the answer: its references as a table, its
// paragraphs as a text.
func (s *Service) written(ctx context.Context, tx store.Tx, m *matching.Match, out *Manifest) error {
	chosen, err := pickedOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	if len(chosen.References) > 0 {
		if err := s.compose(ctx, tx, m.OrganisationID, out, References, "references.csv", "text/csv", referencesCSV(chosen.References)); err != nil {
			return err
		}
	}
	if len(chosen.Paragraphs) == 0 {
		return nil
	}
	return s.compose(ctx, tx, m.OrganisationID, out, Memo, "paragraphes.txt", "text/plain", []byte(MemoText(chosen.Paragraphs)))
}

func (s *Service) compose(ctx context.Context, tx store.Tx, id network.ID, out *Manifest, kind Code, name, mediaType string, content []byte) error {
	sum := sha256.Sum256(content)
	f := &taken{name: name, mediaType: mediaType, digest: hex.EncodeToString(sum[:]), content: content}
	kept, err := s.store(ctx, tx, id, f)
	if err != nil {
		return err
	}
	out.add(Entry{Kind: kind, Title: strings.TrimSuffix(name, path.Ext(name)), Size: kept.Size, SHA256: kept.SHA256, file: kept.ID}, name)
	return nil
}

// MemoText is the paragraphs that were chosen, one after the other.
func MemoText(all []Version) string {
	var b strings.Builder
	for i, v := range all {
		if i > 0 {
			b.WriteString("\n\n")
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", v.Title, v.Words)
	}
	return b.String()
}

// referencesCSV is the references that were chosen, as a table (RFC 4180).
func referencesCSV(all []Reference) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"objet", "client", "annee", "montant_ht", "contact"})
	for _, r := range all {
		amount := ""
		if r.Amount > 0 {
			amount = strconv.FormatFloat(r.Amount, 'f', -1, 64)
		}
		_ = w.Write([]string{sheet.Inert(r.Object), sheet.Inert(r.Buyer), strconv.Itoa(r.Year), amount, sheet.Inert(r.Contact)})
	}
	w.Flush()
	return b.Bytes()
}
