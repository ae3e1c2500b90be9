package tenders

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// RefusedImport: the notice was read, but the platform would not take it.
const RefusedImport = "import"

// RefusedLost: a source announces the notice, and its server does not give it.
const RefusedLost = "lost"

// maxQuarantined bounds the raw text kept of a refused record, in bytes.
const maxQuarantined = 256 << 10

// QuarantineState is how far a refused record got.
type QuarantineState string

// The states of a refused record.
const (
	QuarantineOpen     QuarantineState = "open"     // nobody looked at it yet
	QuarantineRetried  QuarantineState = "retried"  // tried again, still refused
	QuarantineResolved QuarantineState = "resolved" // read in the end
)

// Quarantined is a record that could not be imported, with its raw text.
type Quarantined struct {
	bun.BaseModel `bun:"table:notice_quarantine,alias:q"`

	ID     int64  `bun:"id,pk,autoincrement"`
	Digest string `bun:"digest"` // of the raw record, or of its path where nothing was read
	Source Source `bun:"source"` // "" when even the format was not recognised
	Feed   string `bun:"feed"`   // the name of the source it was fetched from; "" when it was not
	Path   string `bun:"path"`
	Place  string `bun:"place"` // in the file: "record 12, byte 3456"
	Code   string `bun:"code"`
	Reason string `bun:"reason"`
	Raw    string `bun:"raw"` // people masked
	// Cut: the raw text is longer than what is kept, so it can't be retried as it is.
	Cut       bool            `bun:"cut"`
	Attempts  int             `bun:"attempts"`
	State     QuarantineState `bun:"state"`
	FirstSeen time.Time       `bun:"first_seen"`
	LastSeen  time.Time       `bun:"last_seen"`
}

// quarantine keeps a refused record, without the people it names; the same record again counts one attempt more.
// One that a person corrected before is settled, and changes nothing.
func (s *Service) quarantine(ctx context.Context, tx store.Tx, rec Record, feed string, why *Refusal) (outcome, error) {
	raw := rec.Raw[:min(len(rec.Raw), maxQuarantined)]
	q := &Quarantined{
		Digest: digest(rec.Raw), Source: guessSource(raw), Feed: feed, Path: rec.Path, Place: why.Where, Code: why.Code,
		Reason: cut(mask(why.Reason), 1000), Raw: maskRaw(storable(raw)), Cut: len(raw) < len(rec.Raw) || why.Code == RefusedTooLarge || why.Code == RefusedLost,
		Attempts: 1, State: QuarantineOpen, FirstSeen: s.now(), LastSeen: s.now(),
	}
	if len(rec.Raw) == 0 {
		q.Digest = digestOfPlace(rec.Path, rec.Where)
	}
	if err := keepQuarantined(ctx, tx, q); err != nil {
		return "", err
	}
	if q.State == QuarantineResolved {
		return unchanged, nil
	}
	return quarantined, nil
}

// digestOfPlace names a record of which nothing was read by where it should be.
func digestOfPlace(path, where string) string { return digest([]byte(path + "\x00" + where)) }

// storable makes any bytes a text that both engines keep: valid UTF-8 without NUL.
func storable(raw []byte) string {
	fixed, _ := repairUTF8(raw)
	for len(fixed) > 0 && !utf8.Valid(fixed) {
		fixed = fixed[:len(fixed)-1]
	}
	return strings.ReplaceAll(string(fixed), "\x00", "\uFFFD")
}

// marks are what only the records of a source hold, in the order in which they
// are looked for.
var marks = []struct {
	source Source
	texts  []string
}{
	{TED, []string{"TED_EXPORT"}},
	{EForms, []string{"urn:oasis:names:specification:ubl"}},
	{BOAMP, []string{`"idweb"`, "<ANNONCE"}},
	{OCDS, []string{`"ocid"`, `"initiationType"`, `"releases"`, `"records"`}},
	{DECP, []string{`"acheteur"`, `"autoriteConcedante"`, `"codeCPV"`}},
}

// guessSource looks for the mark of a source in a record that was refused.
func guessSource(raw []byte) Source {
	for _, m := range marks {
		for _, text := range m.texts {
			if bytes.Contains(raw, []byte(text)) {
				return m.source
			}
		}
	}
	if head := raw[:min(len(raw), sniffSize)]; decpRoots[rootName(head)] || isDECPCSV(head) {
		return DECP
	}
	return ""
}

// Retry imports a quarantined record again: as it was kept, or as corrected.
// The entry is resolved when it is read, and keeps the new reason otherwise.
func (s *Service) Retry(ctx context.Context, id int64, corrected []byte) (*Quarantined, error) {
	q, err := s.Quarantined(ctx, id)
	if err != nil {
		return nil, err
	}
	raw := corrected
	if len(raw) == 0 {
		if q.Cut {
			return nil, fault.Conflict("cut", "Le texte conservé est incomplet : réimportez le fichier.", "The text kept is incomplete: import the file again.")
		}
		raw = []byte(q.Raw)
	}
	n, refusal := s.parser.Parse(raw)
	if refusal == nil {
		refusal = s.applyAlone(ctx, Record{Path: q.Path, Raw: raw, Notice: n}, q.Digest)
		if refusal != nil && fault.Of(refusal).Kind == fault.KindInternal {
			return nil, fmt.Errorf("retry quarantined record %d: %w", id, refusal)
		}
	}
	if refusal != nil {
		if err := s.stillRefused(ctx, q, asRefusal(refusal, RefusedImport, q.Place)); err != nil {
			return nil, err
		}
	}
	return s.Quarantined(ctx, id)
}

// applyAlone applies one record, which was in quarantine under a digest.
func (s *Service) applyAlone(ctx context.Context, rec Record, digest string) error {
	row, err := s.row(rec)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		known, err := acquaint(ctx, tx, []*noticeRow{row})
		if err != nil {
			return err
		}
		if _, err := s.apply(ctx, tx, *row, known, false); err != nil {
			return err
		}
		return resolve(ctx, tx, digest, s.now())
	})
}

func (s *Service) stillRefused(ctx context.Context, q *Quarantined, why *Refusal) error {
	q.Attempts, q.State, q.LastSeen = q.Attempts+1, QuarantineRetried, s.now()
	q.Code, q.Reason = why.Code, cut(mask(why.Reason), 1000)
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return updateQuarantined(ctx, tx, q) })
}
