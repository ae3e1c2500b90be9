package tenders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/tenders/fetch"
)

// Run fetches what is new of a source and imports it. The cursor moves in the
// transaction that ends the run, to the last slice that was wholly taken; when
// nothing of what came could be read, the source has changed and the cursor
// stays; it stays too before a body that was cut, which is asked whole the next
// time. Again changes nothing. More says that the source holds more than one
// run takes. A run already under way is a conflict.
func (s *Sources) Run(ctx context.Context, name string, opts ImportOptions) (report Report, more bool, err error) {
	f, err := s.claim(ctx, name)
	if err != nil {
		return Report{}, false, err
	}
	running, release := s.hold(ctx, f)
	im := &importer{Service: s.Service, opts: opts, feed: name, report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
	if err = im.begin(running, []string{name}); err == nil {
		f.Cursor, more, err = s.pull(running, f, im)
	}
	err = errors.Join(release(), err)
	return im.report, more, errors.Join(err, s.finish(context.WithoutCancel(ctx), f, im.report, err))
}

// pull brings and imports; with an error it gives the cursor to keep.
func (s *Sources) pull(ctx context.Context, f *Feed, im *importer) (fetch.Cursor, bool, error) {
	first, _ := time.Parse(time.DateOnly, f.FirstDay)
	feed := fetch.Feed{Kind: f.Kind, URL: f.URL, First: first}
	take := im.whole
	if f.Kind == fetch.Folder {
		take = im.body // a file that is still being written will be another one
	}
	next, more, err := s.client.Pull(ctx, feed, f.Cursor, take)
	if read := im.report.Read - im.lost - im.stopped; read > 0 && im.report.Quarantined+im.report.Failed == im.report.Read {
		return f.Cursor, false, errors.Join(err, fmt.Errorf("none of the %d records could be read: the source has changed", read))
	}
	return next, more, err
}

// whole imports one body that was fetched, and says ErrCut of one whose last
// record has no end: the version that the server gives for it is not what was
// read. What was read of it stays.
func (im *importer) whole(ctx context.Context, b *fetch.Body) error {
	before := im.report.Reasons[RefusedTruncated]
	if err := im.body(ctx, b); err != nil || b.Lost != nil {
		return err
	}
	if n := im.report.Reasons[RefusedTruncated] - before; n > 0 {
		im.stopped += n
		return fmt.Errorf("import %s: %w", b.Name, fetch.ErrCut)
	}
	if !im.halves[b.Name] {
		return nil
	}
	return im.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return resolveHalves(ctx, tx, b.Name, im.now()) })
}

// body imports one body, to its end. One that the source announces and does not
// give goes to quarantine, until it is had.
func (im *importer) body(ctx context.Context, b *fetch.Body) error {
	if b.Lost != nil {
		im.lost++
		rec := Record{Path: b.Name, Err: refuse(RefusedLost, "the source announces this notice and does not give it: %s", b.Lost)}
		return im.all(ctx, slices.Values([]Record{rec}))
	}
	if err := im.all(ctx, im.parser.File(ctx, b.Name, b.Path)); err != nil {
		return err
	}
	lost := digestOfPlace(b.Name, "")
	if !im.suspected[lost] {
		return nil
	}
	return im.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return resolve(ctx, tx, lost, im.now()) })
}

// finish records the end of a run with the cursor it leaves, unless the source
// was given another address or first day meanwhile: then it begins again there.
// A run whose claim was taken over leaves the source to the other.
func (s *Sources) finish(ctx context.Context, f *Feed, report Report, why error) error {
	now, held, kept := s.now(), f.RunningSince, false
	f.RunningSince, f.LastRun, f.LastReport, f.LastError = nil, &now, report, ""
	f.Runs, f.Records, f.Made, f.Updated = f.Runs+1, f.Records+report.Read, f.Made+report.Made, f.Updated+report.Updated
	if why != nil {
		f.LastError = cut(why.Error(), 1000)
	} else {
		f.LastSuccess = &now
	}
	run := &Run{ID: report.Run, EndedAt: &now, Report: report, Error: f.LastError}
	cursor, err := json.Marshal(f.Cursor)
	if err != nil {
		return fmt.Errorf("encode the cursor of %s: %w", f.Name, err)
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.NewUpdate().Model(run).Comment("tenders.finish").Column("ended_at", "report", "error").Set("source = ?", f.Name).WherePK().Exec(ctx); err != nil {
			return err
		}
		res, err := tx.NewUpdate().Model(f).Comment("tenders.finish").WherePK().Where("running_since = ?", held).
			Set("cursor = CASE WHEN url = ? AND kind = ? AND first_day = ? THEN ? ELSE cursor END", f.URL, f.Kind, f.FirstDay, string(cursor)).
			Column("running_since", "last_run", "last_success", "last_error", "last_report", "runs", "records", "made", "updated").Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		kept = n > 0
		return err
	})
	if err != nil {
		return fmt.Errorf("record the end of a run of %s: %w", f.Name, err)
	}
	if !kept {
		return lostClaim()
	}
	return nil
}

// RunsOf lists the runs of one source, the latest first.
func (s *Sources) RunsOf(ctx context.Context, name string, limit int) (list []Run, err error) {
	err = s.store.Read().NewSelect().Model(&list).Comment("tenders.RunsOf").Where("r.source = ?", name).
		Order("r.id DESC").Limit(int64(max(1, min(limit, 200)))).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the runs of %s: %w", name, err)
	}
	return list, nil
}

// ImportURL fetches one file and imports it, as Import does one on disk.
func (s *Sources) ImportURL(ctx context.Context, address string, opts ImportOptions) (Report, error) {
	b, err := s.client.Download(ctx, fetch.Request{URL: address})
	if err != nil {
		return Report{}, fault.New(fault.KindInvalid, "fetch",
			"Cette adresse ne donne pas de fichier : "+address+". Rien n’a été importé.",
			"This address gives no file: "+address+". Nothing was imported.").Because(err)
	}
	defer b.Close()
	im := &importer{Service: s.Service, opts: opts, bytes: b.Size, report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
	if err := im.begin(ctx, []string{address}); err != nil {
		return Report{}, err
	}
	err = im.body(ctx, b)
	return im.report, errors.Join(err, im.end(context.WithoutCancel(ctx), err))
}
