package dossier_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

func TestEveryKindHoldsTogether(t *testing.T) {
	t.Parallel()
	b, err := dossier.LoadKinds()
	if err != nil || len(b.Kinds()) < 20 {
		t.Fatalf("%d kinds, %v", len(b.Kinds()), err)
	}
	for _, code := range []dossier.Code{dossier.DC1, dossier.DC2, dossier.Insurance, dossier.Convention, dossier.Accounts, dossier.References, dossier.Memo, dossier.Other} {
		if _, ok := b.Get(code); !ok {
			t.Errorf("%s is no kind", code)
		}
	}
}

// A piece of less than six months holds until the eve of the same day; one whose
// last day is written holds until it.
func TestUntilWhenAPieceHolds(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	for _, c := range []struct {
		kind          dossier.Code
		issued, told  string
		want, invalid string
	}{
		{kind: "social", issued: "2026-06-08", want: "2026-12-07"},
		{kind: "social", issued: "2026-08-31", want: "2027-02-27"},
		{kind: "social", issued: "2026-06-08", told: "2026-11-30", want: "2026-11-30"},
		{kind: "insurance", told: "2026-12-31", want: "2026-12-31"},
		{kind: "bank", want: ""},
		{kind: "social", invalid: "issued_on"},
		{kind: "insurance", issued: "2026-01-01", invalid: "valid_until"},
		{kind: "social", issued: "2026-11-24", invalid: "issued_on"},
		{kind: "social", issued: "2026-02-30", invalid: "issued_on"},
		{kind: "insurance", issued: "2026-05-01", told: "2026-04-30", invalid: "valid_until"},
		{kind: "dc1", invalid: "match"}, {kind: "passport", invalid: "kind"},
	} {
		p, err := r.files.Keep(r.as(0), dossier.Draft{Organisation: r.members[0].ID, Kind: c.kind, IssuedOn: c.issued, ValidUntil: c.told})
		if c.invalid != "" {
			if f := fault.Of(err); f.Kind != fault.KindInvalid || f.Fields[0].Path != c.invalid {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		r.must(err)
		if p.ValidUntil != c.want {
			t.Errorf("%s of %s (%s) holds until %s, want %s", c.kind, c.issued, c.told, p.ValidUntil, c.want)
		}
	}
}

func TestAPieceIsKeptOnceAndIsItsEnterprisesAlone(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		first := r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-06-08", File: pdf("vigilance")})
		again := r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-06-08", File: pdf("vigilance")})
		if first.ID != again.ID {
			t.Fatalf("the same piece twice: %d, %d", first.ID, again.ID)
		}
		newer := r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-11-20", File: pdf("vigilance 2")})
		all, err := r.files.Pieces(r.as(0), r.members[0].ID)
		r.must(err)
		if now := dossier.Current(all); len(all) != 2 || len(now) != 1 || now[0].ID != newer.ID {
			t.Fatalf("pieces %+v", all)
		}
		_, content, err := r.files.Open(r.as(0), first.ID)
		r.must(err)
		if !bytes.HasSuffix(content, []byte("vigilance")) {
			t.Errorf("bytes %q", content)
		}
		for who, ctx := range map[string]context.Context{"another member": r.as(1), "an officer": r.officer("26"), "an administrator": r.admin(), "a visitor": context.Background()} {
			if _, _, err := r.files.Open(ctx, first.ID); err == nil {
				t.Errorf("%s opens a piece", who)
			}
			if _, err := r.files.Pieces(ctx, r.members[0].ID); err == nil {
				t.Errorf("%s lists pieces", who)
			}
			if err := r.files.Remove(ctx, first.ID); err == nil {
				t.Errorf("%s removes a piece", who)
			}
			if _, err := r.files.Keep(ctx, dossier.Draft{Organisation: r.members[0].ID, Kind: "bank"}); err == nil {
				t.Errorf("%s adds a piece", who)
			}
		}
		r.must(r.files.Remove(r.as(0), first.ID))
		if _, _, err := r.files.Open(r.as(0), first.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a piece taken out: %v", err)
		}
		var left int
		r.must(st.Read().NewRaw("SELECT count(*) FROM dossier_files").Scan(r.ctx, &left))
		if left != 1 {
			t.Errorf("%d files left, want the other’s", left)
		}
	})
}

// The name of a file is not believed, nor are its bytes.
func TestWhatFileIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	word := map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}
	macros := map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "x"}
	for _, c := range []struct {
		name    string
		content []byte
		refused bool
	}{
		{"attestation.pdf", []byte("%PDF-1.4 ok"), false},
		{"memoire.docx", zipped(t, word), false},
		{"memoire.odt", zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), false},
		{"attestation.pdf", []byte("<html><script>"), true},
		{"attestation.html", []byte("<html>"), true},
		{"attestation.pdf.exe", []byte("MZ"), true},
		{"memoire.docx", zipped(t, macros), true},
		{"memoire.docm", zipped(t, word), true},
		{"memoire.docx", zipped(t, map[string]string{"a.txt": "x"}), true},
		{"vide.pdf", nil, true},
		{"gros.pdf", append([]byte("%PDF-"), make([]byte, dossier.MaxFile)...), true},
	} {
		_, err := r.files.Keep(r.as(0), dossier.Draft{Organisation: r.members[0].ID, Kind: "bank", File: &dossier.Upload{Name: c.name, Content: c.content}})
		if (err != nil) != c.refused {
			t.Errorf("%s (%d bytes): %v", c.name, len(c.content), err)
		}
	}
	p := r.keep(dossier.Draft{Kind: "power", File: &dossier.Upload{Name: "../../etc/\"pouvoir\"\r\n.pdf", Content: []byte("%PDF-1.4")}})
	if strings.ContainsAny(p.FileName, "/\\\"\r\n") || !strings.HasSuffix(p.FileName, ".pdf") {
		t.Errorf("name %q", p.FileName)
	}
}

func TestAPieceOfAnotherAnswerIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	_, err := r.files.Keep(r.as(0), dossier.Draft{Organisation: r.members[0].ID, Match: r.ids[1], Kind: dossier.DC1})
	if !fault.Is(err, fault.KindInvalid) {
		t.Fatalf("a piece of another’s answer: %v", err)
	}
}
