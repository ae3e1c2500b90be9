package tenders

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Opportunities *opportunities.Service
	Network       *network.Service // whose members get the references of what they win; made here when nil
	Now           func() time.Time
	Publication   Publication // how notices leave again
}

// Service imports notices and keeps what could not be read.
type Service struct {
	store   *store.Store
	offers  *opportunities.Service
	network *network.Service
	parser  *Parser
	clock   func() time.Time
	said    Publication
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Network == nil {
		cfg.Network = network.NewService(network.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	return &Service{
		store: cfg.Store, offers: cfg.Opportunities, network: cfg.Network, clock: cfg.Now, said: cfg.Publication,
		parser: NewParser(ParserConfig{Places: NewPlaces(cfg.Atlas)}),
	}
}

// Parser gives the reader of the service.
func (s *Service) Parser() *Parser { return s.parser }

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// ImportOptions tunes an import; the zero value works.
type ImportOptions struct {
	// Progress is told how many records are done, of how many (an estimate from
	// the bytes read; 0: unknown).
	Progress func(done, total int)
	// Refused is told each record that goes to quarantine.
	Refused func(Record)
	// Foreign also makes opportunities of notices bought and performed abroad.
	Foreign bool
}

// Report is what an import did. Read = Made + Updated + Unchanged + Kept +
// Quarantined + Failed.
type Report struct {
	Read int `json:"read"`
	// Made counts the procurements that a notice opened, Updated the notices by
	// which a known one changed, or its hours to fill; Unchanged those that were
	// known or that say nothing new, and refused records settled by a correction.
	// The calls expected after a contract are told later, by buyer
	// (BuyersChanged), and counted nowhere.
	Made      int `json:"made"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	// Kept counts notices recorded without an opportunity: plannings, and
	// notices of other countries.
	Kept int `json:"kept"`
	// Quarantined counts refused records, Failed the files that could not be opened.
	Quarantined int `json:"quarantined"`
	Failed      int `json:"failed"`
	// NotUnderstood counts notices whose full text has a schema not read yet or
	// is no JSON, and those of a kind that is not known.
	NotUnderstood int `json:"not_understood"`
	// Unread counts the other notices with fields that are not read, of the
	// record or of its full text.
	Unread int `json:"unread"`
	// Natures counts the notices read by source, then nature.
	Natures map[Source]map[Nature]int `json:"natures"`
	// Reasons counts the refusals by their code.
	Reasons map[string]int `json:"reasons"`
	Run     int64          `json:"run"`
}

// chunkWeight bounds one transaction of an import, in notices and lots: about a
// tenth of a second, so that other writers of SQLite get their turn.
const chunkWeight = 40

// Import reads the files, folders and archives at paths and makes or updates
// opportunities: one procurement is one opportunity with its history. A bad
// record goes to quarantine with its reason and its raw text and never stops
// the rest; the same files again change nothing. It stops on a cancelled
// context or a database that fails, keeping what was committed.
func (s *Service) Import(ctx context.Context, paths []string, opts ImportOptions) (Report, error) {
	total, err := sizeOf(paths)
	if err != nil {
		return Report{}, err
	}
	im := &importer{Service: s, opts: opts, bytes: total,
		report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
	if err := im.begin(ctx, paths); err != nil {
		return Report{}, err
	}
	err = im.run(ctx, paths)
	return im.report, errors.Join(err, im.end(context.WithoutCancel(ctx), err))
}

// sizeOf sums the sizes of the files under paths; a path that is not there is
// an error before anything is done.
func sizeOf(paths []string) (total int64, err error) {
	for _, path := range paths {
		err := filepath.WalkDir(folder(path), func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
			return nil
		})
		if errors.Is(err, os.ErrNotExist) {
			return 0, notThere(path)
		}
	}
	return total, nil
}

// importer is one import under way.
type importer struct {
	*Service
	opts      ImportOptions
	feed      string // the source that is fetched; "" for an import by hand
	report    Report
	bytes     int64 // of the files
	seen      int64 // of the records
	lost      int   // bodies that a source announces and does not give
	stopped   int   // records at the end of bodies that were cut
	batch     []Record
	suspected map[string]bool // digests in quarantine that may now be resolved
	halves    map[string]bool // paths with a cut record in quarantine
}

func (im *importer) run(ctx context.Context, paths []string) error {
	return im.all(ctx, im.parser.Walk(ctx, paths...))
}

// all imports records, in their order.
func (im *importer) all(ctx context.Context, records iter.Seq[Record]) error {
	for batch := range im.ahead(ctx, records) {
		if err := ctx.Err(); err != nil {
			return err
		}
		im.batch = batch
		if err := im.flush(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// flush commits the batch in one transaction; when one of its records makes the
// transaction fail, each has its own, and that one goes to quarantine.
func (im *importer) flush(ctx context.Context) error {
	if len(im.batch) == 0 {
		return nil
	}
	outcomes, err := im.commit(ctx, im.batch)
	if err != nil && ctx.Err() == nil {
		outcomes, err = im.oneByOne(ctx)
	}
	if err != nil {
		return fmt.Errorf("import notices: %w", err)
	}
	for i, rec := range im.batch {
		im.count(rec, outcomes[i])
	}
	im.batch = nil
	if im.opts.Progress != nil {
		im.opts.Progress(im.report.Read, im.estimate())
	}
	return nil
}

// estimate guesses the number of records from the bytes read so far.
func (im *importer) estimate() int {
	if im.seen == 0 || im.bytes < im.seen {
		return 0
	}
	return int(float64(im.report.Read) * float64(im.bytes) / float64(im.seen))
}

func (im *importer) oneByOne(ctx context.Context) ([]outcome, error) {
	var all []outcome
	for i := range im.batch {
		done, err := im.commit(ctx, im.batch[i:i+1])
		if err != nil && ctx.Err() == nil && im.batch[i].Notice != nil {
			im.batch[i].Err = asRefusal(err, RefusedImport, im.batch[i].Where)
			im.batch[i].Notice = nil
			done, err = im.commit(ctx, im.batch[i:i+1])
		}
		if err != nil {
			return nil, err
		}
		all = append(all, done...)
	}
	return all, nil
}

// commit applies records in one transaction.
func (im *importer) commit(ctx context.Context, batch []Record) (outcomes []outcome, err error) {
	err = im.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		outcomes = outcomes[:0]
		known, err := im.acquaint(ctx, tx, batch)
		if err != nil {
			return err
		}
		for _, rec := range batch {
			done, err := im.record(ctx, tx, rec, known)
			if err != nil {
				return err
			}
			outcomes = append(outcomes, done)
		}
		return nil
	})
	return outcomes, err
}

// acquaint asks what is known of a batch, whose rows are made where the reader
// did not.
func (im *importer) acquaint(ctx context.Context, tx store.Tx, batch []Record) (*acquaintance, error) {
	var rows []*noticeRow
	for i := range batch {
		rec := &batch[i]
		if rec.Notice == nil {
			continue
		}
		if rec.row == nil {
			var err error
			if rec.row, err = im.row(*rec); err != nil {
				return nil, err
			}
		}
		rows = append(rows, rec.row)
	}
	return acquaint(ctx, tx, rows)
}

func (im *importer) record(ctx context.Context, tx store.Tx, rec Record, known *acquaintance) (outcome, error) {
	if rec.Notice == nil {
		return im.refuse(ctx, tx, rec)
	}
	done, err := im.apply(ctx, tx, *rec.row, known, im.opts.Foreign)
	if err != nil {
		return "", fmt.Errorf("notice %s:%s: %w", rec.Notice.Source, rec.Notice.ID, err)
	}
	if raw := rec.row.RawDigest; im.suspected[raw] {
		return done, resolve(ctx, tx, raw, im.now())
	}
	return done, nil
}

// refuse keeps a record that could not be read; a file that could not even be
// opened has nothing to keep.
func (im *importer) refuse(ctx context.Context, tx store.Tx, rec Record) (outcome, error) {
	var refusal *Refusal
	if !errors.As(rec.Err, &refusal) {
		return failed, nil
	}
	return im.quarantine(ctx, tx, rec, im.feed, refusal)
}

func (im *importer) count(rec Record, done outcome) {
	im.report.Read++
	im.seen += int64(len(rec.Raw))
	switch done {
	case made:
		im.report.Made++
	case updated:
		im.report.Updated++
	case unchanged:
		im.report.Unchanged++
	case kept:
		im.report.Kept++
	case failed:
		im.report.Failed++
		im.report.Reasons["unreadable"]++
	case quarantined:
		im.report.Quarantined++
		im.report.Reasons[asRefusal(rec.Err, "?", "").Code]++
	}
	if rec.Notice == nil {
		if im.opts.Refused != nil && done != unchanged {
			im.opts.Refused(rec)
		}
		return
	}
	n := rec.Notice
	if im.report.Natures[n.Source] == nil {
		im.report.Natures[n.Source] = map[Nature]int{}
	}
	im.report.Natures[n.Source][n.Nature]++
	switch {
	case n.warned(WarnBody), n.warned(WarnUnknownKind):
		im.report.NotUnderstood++
	case n.warned(WarnUnread):
		im.report.Unread++
	}
}

// warned tells whether a notice has a warning of that code.
func (n *Notice) warned(code string) bool {
	return slices.ContainsFunc(n.Warnings, func(w Warning) bool { return w.Code == code })
}

// digest names a text by its content.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// digestOf names a notice by its normalised content, so that a better reader
// may say something new of the same record.
func digestOf(n *Notice) (string, error) {
	raw, err := json.Marshal(n)
	if err != nil {
		return "", fmt.Errorf("encode notice %s: %w", n.ID, err)
	}
	return digest(raw), nil
}
