package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"maillage/followup"
	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// submit tells the first member’s answer handed in.
func (r *room) submit() {
	r.t.Helper()
	_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
	r.must(err)
}

func unzipped(t *testing.T, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r) // checks the CRC
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

func TestWhatWasSentIsFrozen(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		clearance := r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-11-20", File: pdf("vigilance")})
		r.keep(dossier.Draft{Kind: "insurance", ValidUntil: "2026-12-31"}) // kept elsewhere
		r.keep(dossier.Draft{Kind: dossier.Memo, Match: r.ids[0], File: &dossier.Upload{Name: "Mémoire été.pdf", Content: []byte("%PDF-1.4 mémoire")}})
		r.keep(dossier.Draft{Kind: "bank", File: pdf("rib")})
		r.must(r.files.Decide(r.as(0), r.ids[0], "bank", dossier.No))
		ref, err := r.files.SaveReference(r.as(0), dossier.Reference{OrganisationID: r.members[0].ID, Object: "=Entretien", Buyer: "Ville de Die", Year: 2025, Amount: 48000})
		r.must(err)
		r.must(r.files.Pick(r.as(0), r.ids[0], dossier.PickReference, int64(ref.ID)))
		r.submit()

		first, content, err := r.files.Download(r.as(0), r.ids[0], 1)
		r.must(err)
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != first.SHA256 || int64(len(content)) != first.Size {
			t.Fatal("the hash or the size is not that of the bytes")
		}
		parts := unzipped(t, content)
		var m dossier.Manifest
		r.must(json.Unmarshal([]byte(parts["manifest.json"]), &m))
		if len(m.Entries) != 3 || len(parts) != 4 || m.Absent[0] == "" || m.SIRET != "12345678200119" || m.Buyer != "Ville de Livron" || m.SubmittedOn != "2026-11-23" {
			t.Fatalf("manifest %+v", m)
		}
		for _, e := range m.Entries {
			sum := sha256.Sum256([]byte(parts[e.Path]))
			if hex.EncodeToString(sum[:]) != e.SHA256 || int64(len(parts[e.Path])) != e.Size {
				t.Errorf("%s is not what the manifest says", e.Path)
			}
			if strings.Contains(e.Path, "bank") {
				t.Error("a piece that is not needed was sent")
			}
		}
		if csv := parts["03-references/references.csv"]; !strings.Contains(csv, "'=Entretien,Ville de Die,2025,48000") {
			t.Errorf("references %q", csv)
		}

		// Whatever becomes of the pieces, the bytes stay the same.
		r.clock.Advance(48 * time.Hour)
		r.must(r.files.Remove(r.as(0), clearance.ID))
		r.must(r.files.RemoveReference(r.as(0), r.members[0].ID, ref.ID))
		_, again, err := r.files.Download(r.as(0), r.ids[0], 1)
		r.must(err)
		if !bytes.Equal(content, again) {
			t.Error("an archive changed")
		}
	})
}

func TestAnArchiveIsAddedToNeverChanged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		if _, err := r.files.Freeze(r.as(0), r.ids[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("archived before it is handed in: %v", err)
		}
		r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-11-20", File: pdf("vigilance")})
		r.submit()
		r.clock.Advance(24 * time.Hour)
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Submitted, SubmittedOn: "2026-11-24"}) // the date alone
		r.must(err)
		same, err := r.files.Freeze(r.as(0), r.ids[0])
		r.must(err)
		if same.Number != 1 {
			t.Errorf("nothing changed, and archive %d", same.Number)
		}
		r.keep(dossier.Draft{Kind: "prices", Match: r.ids[0], File: pdf("prix")})
		for range 2 {
			added, err := r.files.Freeze(r.as(0), r.ids[0])
			r.must(err)
			if added.Number != 2 {
				t.Errorf("archive %d, want 2", added.Number)
			}
		}
		for who, ctx := range map[string]context.Context{"another member": r.as(1), "an officer": r.officer("26"), "an administrator": r.admin()} {
			if _, _, err := r.files.Download(ctx, r.ids[0], 1); err == nil {
				t.Errorf("%s downloads what was sent", who)
			}
			if _, err := r.files.Freeze(ctx, r.ids[0]); err == nil {
				t.Errorf("%s archives", who)
			}
		}
	})
}

// Bytes that were changed under it are not given as what was sent.
func TestAChangedArchiveIsNotGiven(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-11-20", File: pdf("vigilance")})
	r.submit()
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE dossier_bytes SET content = ?", []byte("%PDF-1.7\nautre chose")).Exec(ctx)
		return err
	}))
	if _, _, err := r.files.Download(r.as(0), r.ids[0], 1); err == nil {
		t.Fatal("given")
	}
}

// The same archive is the same bytes wherever it is made: no clock of the machine,
// no order of a map.
func TestTwoAnswersOfTheSameFilesAreTheSameBytes(t *testing.T) {
	t.Parallel()
	var made [][]byte
	for range 2 {
		r := open(t, testkit.SQLite(t))
		r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-11-20", File: pdf("vigilance")})
		r.keep(dossier.Draft{Kind: "fiscal", IssuedOn: "2026-11-20", File: pdf("fiscal")})
		r.submit()
		_, content, err := r.files.Download(r.as(0), r.ids[0], 1)
		r.must(err)
		made = append(made, content)
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Fatal("two archives of the same answer differ")
	}
	// The hash as it was made first: another machine, another day, another version
	// of the compiler give it too.
	const frozen = "06f42e4701b19c9f637f2fcc8a63404b6787a677f88b25046b03788f314277e2"
	if sum := sha256.Sum256(made[0]); hex.EncodeToString(sum[:]) != frozen {
		t.Errorf("the bytes of an archive changed: %x", sum)
	}
}
