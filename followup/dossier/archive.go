package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
)

// ArchiveID identifies an archive.
type ArchiveID int64

// Archive is what was sent, frozen: its manifest and the files that it names are
// never changed, and the ZIP that they make is the same bytes each time.
type Archive struct {
	bun.BaseModel `bun:"table:answer_archives,alias:ar"`

	ID             ArchiveID   `bun:"id,pk,autoincrement"`
	MatchID        matching.ID `bun:"match_id"`
	OrganisationID network.ID  `bun:"organisation_id"`
	Number         int         `bun:"number"` // 1 is what was there when the answer was told handed in
	SubmittedOn    string      `bun:"submitted_on"`
	FrozenAt       time.Time   `bun:"frozen_at"`
	FrozenBy       *int64      `bun:"frozen_by"`
	Manifest       string      `bun:"manifest"` // JSON, as it is in the ZIP
	SHA256         string      `bun:"sha256"`   // of the ZIP
	Size           int64       `bun:"size"`     // of the ZIP, in bytes
}

// Manifest is what an archive says of itself.
type Manifest struct {
	Format      string   `json:"format"` // "maillage-answer/1"
	Number      int      `json:"number"`
	Enterprise  string   `json:"enterprise"`
	SIRET       string   `json:"siret"`
	Buyer       string   `json:"buyer"`
	Call        string   `json:"call"`
	Key         string   `json:"key,omitempty"` // of the procurement
	Lot         string   `json:"lot"`
	SubmittedOn string   `json:"submitted_on"`
	FrozenAt    string   `json:"frozen_at"`
	FrozenBy    string   `json:"frozen_by"` // name of the account; empty: an account that is gone, or a job
	Entries     []Entry  `json:"entries"`
	Absent      []string `json:"absent,omitempty"` // pieces that are kept elsewhere: named, without their bytes
}

// Entry is one file of an archive.
type Entry struct {
	Path       string `json:"path"`
	Kind       Code   `json:"kind"`
	Title      string `json:"title,omitempty"`
	IssuedOn   string `json:"issued_on,omitempty"`
	ValidUntil string `json:"valid_until,omitempty"`
	SHA256     string `json:"sha256"`
	Size       int64  `json:"size"`

	file FileID
}

const format = "maillage-answer/1"

// manifestName is where the manifest is in the ZIP: first.
const manifestName = "manifest.json"

// FileName is the name under which an archive is downloaded.
func (a *Archive) FileName() string {
	return fmt.Sprintf("reponse-%d-%d.zip", a.MatchID, a.Number)
}

// Archives lists what was sent for an answer, the first first.
func (s *Service) Archives(ctx context.Context, id matching.ID) ([]Archive, error) {
	if _, err := s.ownAnswer(ctx, id, accounts.DossierRead); err != nil {
		return nil, err
	}
	return archivesOf(ctx, s.Store.Read(), id)
}

// Download gives the ZIP of an archive. Bytes that are not those that were frozen
// are not given.
func (s *Service) Download(ctx context.Context, id matching.ID, number int) (*Archive, []byte, error) {
	all, err := s.Archives(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		if all[i].Number != number {
			continue
		}
		content, err := rebuild(ctx, s.Store.Read(), &all[i])
		if err != nil {
			return nil, nil, fmt.Errorf("download archive %d of match %d: %w", number, id, err)
		}
		return &all[i], content, nil
	}
	return nil, nil, fault.NotFound("archive", number)
}

// rebuild makes the ZIP of an archive again and checks it.
func rebuild(ctx context.Context, db bun.IDB, a *Archive) ([]byte, error) {
	var m Manifest
	if err := json.Unmarshal([]byte(a.Manifest), &m); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	files, err := archiveFiles(ctx, db, a.ID)
	if err != nil {
		return nil, err
	}
	for i := range m.Entries {
		m.Entries[i].file = files[m.Entries[i].Path]
	}
	content, err := pack(ctx, db, []byte(a.Manifest), a.FrozenAt, m.Entries)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != a.SHA256 {
		return nil, fmt.Errorf("archive %d is not what was frozen", a.ID)
	}
	return content, nil
}

// pack writes a ZIP whose bytes depend on nothing but what it holds: files are
// stored as they are, at one time, without what a machine could add.
func pack(ctx context.Context, db bun.IDB, manifest []byte, at time.Time, entries []Entry) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := put(w, manifestName, at, manifest); err != nil {
		return nil, err
	}
	for _, e := range entries {
		content, err := contentOf(ctx, db, e.file)
		if err != nil {
			return nil, err
		}
		if err := put(w, e.Path, at, content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("close an archive: %w", err)
	}
	return out.Bytes(), nil
}

// put writes one file of a ZIP, stored as it is, its sizes told before it.
func put(w *zip.Writer, name string, at time.Time, content []byte) error {
	date, hour := dosTime(at)
	size := uint64(len(content))
	head := &zip.FileHeader{Name: name, Method: zip.Store, Flags: utf8Names, CreatorVersion: zipVersion, ReaderVersion: zipVersion,
		ModifiedDate: date, ModifiedTime: hour, //nolint:staticcheck // CreateRaw writes these as they are, and not Modified
		CRC32: crc32.ChecksumIEEE(content), CompressedSize64: size, UncompressedSize64: size}
	f, err := w.CreateRaw(head)
	if err == nil {
		_, err = f.Write(content)
	}
	if err != nil {
		return fmt.Errorf("write %q in an archive: %w", name, err)
	}
	return nil
}

// What a header says of itself (PKWARE APPNOTE 4.4.3 and 4.4.4).
const (
	zipVersion = 20
	utf8Names  = 0x800
)

// dosTime is an instant as a ZIP keeps it, in UTC (APPNOTE 4.4.6).
func dosTime(at time.Time) (date, hour uint16) {
	at = at.UTC()
	return uint16(at.Day() + int(at.Month())<<5 + (at.Year()-1980)<<9), uint16(at.Second()/2 + at.Minute()<<5 + at.Hour()<<11)
}

// Keeper freezes what was sent when an answer is told handed in. It stands apart
// from Service because followup calls it, and Service asks followup.
type Keeper struct {
	shelf *Service
}

// NewKeeper makes a keeper; Followup is not asked.
func NewKeeper(cfg Config) (*Keeper, error) {
	s, err := NewService(cfg)
	return &Keeper{shelf: s}, err
}

// HandedIn freezes the first archive of an answer.
func (k *Keeper) HandedIn(ctx context.Context, tx store.Tx, m *matching.Match, p *followup.Pursuit) error {
	_, err := k.shelf.freeze(ctx, tx, m, p)
	return err
}

// Freeze adds an archive to an answer that was handed in, for what was put in the
// file since. Where nothing changed it gives the last one.
func (s *Service) Freeze(ctx context.Context, id matching.ID) (*Archive, error) {
	m, err := s.ownAnswer(ctx, id, accounts.DossierEdit)
	if err != nil {
		return nil, err
	}
	p, err := s.Followup.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !p.State.Answered() || p.SubmittedOn == "" {
		return nil, fault.Conflict("not-submitted", "Cette réponse n’est pas encore dite remise : dites-le, et ce qui a été envoyé est archivé.",
			"This answer is not told handed in yet: say so, and what was sent is archived.")
	}
	var out *Archive
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := matching.Hold(ctx, tx, id); err != nil {
			return err
		}
		out, err = s.freeze(ctx, tx, m, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive the answer to match %d: %w", id, err)
	}
	return out, nil
}
