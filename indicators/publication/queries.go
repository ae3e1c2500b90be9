package publication

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// statement bounds the number of rows of one statement.
const statement = 400

func insertRequest(ctx context.Context, tx store.Tx, r *Request) error {
	if _, err := tx.NewInsert().Model(r).Comment("publication.insertRequest").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep a request: %w", err)
	}
	return nil
}

func updateRequest(ctx context.Context, tx store.Tx, r *Request) error {
	if _, err := tx.NewUpdate().Model(r).Comment("publication.updateRequest").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("keep request %d: %w", r.ID, err)
	}
	return nil
}

// markStep tells how far a build is, and how many requests were still being built.
func markStep(ctx context.Context, tx store.Tx, id int64, step string, percent int, now time.Time) (int64, error) {
	res, err := tx.NewRaw("/* publication.markStep */ UPDATE release_requests SET step = ?, percent = ?, updated_at = ? WHERE id = ? AND state = ?", step, percent, now, id, Building).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("tell how far request %d is: %w", id, err)
	}
	return res.RowsAffected()
}

// markReason tells why an attempt failed, of a request that is still being built.
func markReason(ctx context.Context, tx store.Tx, id int64, reason string, now time.Time) error {
	_, err := tx.NewRaw("/* publication.markReason */ UPDATE release_requests SET reason = ?, updated_at = ? WHERE id = ? AND state IN (?, ?)", reason, now, id, Approved, Building).Exec(ctx)
	if err != nil {
		return fmt.Errorf("tell why an attempt at request %d failed: %w", id, err)
	}
	return nil
}

// markPreview keeps what a request would change, while it awaits a decision.
func markPreview(ctx context.Context, tx store.Tx, id int64, preview string) error {
	_, err := tx.NewRaw("/* publication.markPreview */ UPDATE release_requests SET preview = ? WHERE id = ? AND state = ?", preview, id, Pending).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep the preview of request %d: %w", id, err)
	}
	return nil
}

func requestBy(ctx context.Context, db bun.IDB, id int64) (*Request, error) {
	r := &Request{}
	err := db.NewSelect().Model(r).Comment("publication.requestBy").Where("rq.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("release_request", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read request %d: %w", id, err)
	}
	return r, nil
}

// openRequest finds the same plan asked by the same person and not ended; nil: none.
func openRequest(ctx context.Context, db bun.IDB, like *Request) (*Request, error) {
	var out []Request
	q := db.NewSelect().Model(&out).Comment("publication.openRequest").Where("rq.plan = ?", like.PlanText).Where("rq.state IN (?)", bun.List([]State{Pending, Approved, Building})).Order("rq.id").Limit(1)
	if like.UserID == nil {
		q = q.Where("rq.user_id IS NULL")
	} else {
		q = q.Where("rq.user_id = ?", *like.UserID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("look for the same request: %w", err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // none is the usual case
	}
	return &out[0], nil
}

func requests(ctx context.Context, db bun.IDB, of *int64, below int64, limit int) ([]Request, error) {
	out := []Request{}
	q := db.NewSelect().Model(&out).Comment("publication.requests").OrderBy("rq.id", bun.OrderDesc).Limit(int64(limit))
	if of != nil {
		q = q.Where("rq.user_id = ?", *of)
	}
	if below > 0 {
		q = q.Where("rq.id < ?", below)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	return out, nil
}

func insertVersion(ctx context.Context, tx store.Tx, v *Version) error {
	if _, err := tx.NewInsert().Model(v).Comment("publication.insertVersion").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep version %s of %s: %w", v.Version, v.Dataset, err)
	}
	return nil
}

func buryVersion(ctx context.Context, tx store.Tx, v *Version) error {
	if _, err := tx.NewUpdate().Model(v).Comment("publication.buryVersion").Column("withdrawn_at", "tombstone").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("withdraw version %d: %w", v.ID, err)
	}
	return nil
}

func versionBy(ctx context.Context, db bun.IDB, dataset, number string) (*Version, error) {
	v := &Version{}
	err := db.NewSelect().Model(v).Comment("publication.versionBy").Where("rv.dataset = ?", dataset).Where("rv.version = ?", number).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("release", dataset+" "+number)
	}
	if err != nil {
		return nil, fmt.Errorf("read version %s of %s: %w", number, dataset, err)
	}
	return v, nil
}

// versions lists those of a dataset (empty: of all), the latest first.
func versions(ctx context.Context, db bun.IDB, dataset string, below int64, limit int) ([]Version, error) {
	out := []Version{}
	q := db.NewSelect().Model(&out).Comment("publication.versions").OrderBy("rv.id", bun.OrderDesc).Limit(int64(limit))
	if dataset != "" {
		q = q.Where("rv.dataset = ?", dataset)
	}
	if below > 0 {
		q = q.Where("rv.id < ?", below)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	return out, nil
}

// lastVersion is the latest of a dataset, withdrawn or not; nil: none.
func lastVersion(ctx context.Context, db bun.IDB, dataset string) (*Version, error) {
	all, err := versions(ctx, db, dataset, 0, 1)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

func latestVersion(ctx context.Context, db bun.IDB) (id int64, err error) {
	if err := db.NewRaw("/* publication.latestVersion */ SELECT COALESCE(MAX(id), 0) FROM release_versions").Scan(ctx, &id); err != nil {
		return 0, fmt.Errorf("read the latest version: %w", err)
	}
	return id, nil
}

// chunk is a piece of a file.
type chunk struct {
	bun.BaseModel `bun:"table:release_chunks,alias:rc"`

	VersionID int64  `bun:"version_id,pk"`
	Position  int    `bun:"position,pk"`
	Content   []byte `bun:"content"`
}

// chunkSize bounds a row, in bytes: a part of a file is read without the rest.
const chunkSize = 256 << 10

func insertChunks(ctx context.Context, tx store.Tx, id int64, file []byte) error {
	n := 0
	for piece := range slices.Chunk(file, chunkSize) {
		if _, err := tx.NewInsert().Model(&chunk{VersionID: id, Position: n, Content: piece}).Comment("publication.insertChunks").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("keep piece %d of version %d: %w", n, id, err)
		}
		n++
	}
	return nil
}

func chunkBy(ctx context.Context, db bun.IDB, id int64, position int) ([]byte, error) {
	c := &chunk{}
	if err := db.NewSelect().Model(c).Comment("publication.chunkBy").Where("rc.version_id = ?", id).Where("rc.position = ?", position).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read piece %d of version %d: %w", position, id, err)
	}
	return c.Content, nil
}

func insertFigures(ctx context.Context, tx store.Tx, all []figure) error {
	for piece := range slices.Chunk(all, statement) {
		if _, err := tx.NewInsert().Model(&piece).Comment("publication.insertFigures").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("keep the ledger: %w", err)
		}
	}
	return nil
}

// allFigures is the whole ledger, in the order of the versions.
func allFigures(ctx context.Context, db bun.IDB) ([]figure, error) {
	var out []figure
	err := db.NewSelect().Model(&out).Comment("publication.allFigures").Order("rf.version_id", "rf.measure", "rf.year", "rf.territory", "rf.kind", "rf.sex", "rf.age", "rf.public").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return out, nil
}

// figuresOf are what one version gave of some measures, to its readers.
func figuresOf(ctx context.Context, db bun.IDB, id int64, measures []compute.Measure) ([]figure, error) {
	var out []figure
	err := db.NewSelect().Model(&out).Comment("publication.figuresOf").Where("rf.version_id = ?", id).Where("rf.told = ?", true).Where("rf.measure IN (?)", bun.List(measures)).Order("rf.measure", "rf.year", "rf.territory", "rf.kind", "rf.sex", "rf.age", "rf.public").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the figures of version %d: %w", id, err)
	}
	return out, nil
}

// figuresOfAll are what every version that stands gave of some measures.
func figuresOfAll(ctx context.Context, db bun.IDB, measures []compute.Measure) ([]figure, error) {
	var out []figure
	err := db.NewSelect().Model(&out).Comment("publication.figuresOfAll").Where("rf.told = ?", true).Where("rf.measure IN (?)", bun.List(measures)).
		Where("rf.version_id IN (SELECT id FROM release_versions WHERE withdrawn_at IS NULL)").
		OrderBy("rf.version_id", bun.OrderDesc).Order("rf.measure", "rf.year", "rf.territory", "rf.kind", "rf.sex", "rf.age", "rf.public").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what versions gave: %w", err)
	}
	return out, nil
}

func versionByID(ctx context.Context, db bun.IDB, id int64) (*Version, error) {
	v := &Version{}
	if err := db.NewSelect().Model(v).Comment("publication.versionByID").Where("rv.id = ?", id).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read version %d: %w", id, err)
	}
	return v, nil
}

func markTold(ctx context.Context, tx store.Tx, id int64, now time.Time) error {
	if _, err := tx.NewRaw("/* publication.markTold */ UPDATE release_requests SET told_at = ? WHERE id = ?", now, id).Exec(ctx); err != nil {
		return fmt.Errorf("mark request %d as told: %w", id, err)
	}
	return nil
}

// askerBy reads who may still be written to; nil: nobody.
func askerBy(ctx context.Context, db bun.IDB, id int64) (*accounts.User, error) {
	u := &accounts.User{}
	err := db.NewSelect().Model(u).Comment("publication.askerBy").Column("id", "email", "name", "lang").Where("u.id = ?", id).Where("u.disabled_at IS NULL").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // an account that is shut is told nothing
	}
	if err != nil {
		return nil, fmt.Errorf("read who asked: %w", err)
	}
	return u, nil
}

// standing are the versions that were not withdrawn, the latest first.
func standing(ctx context.Context, db bun.IDB) ([]Version, error) {
	out := []Version{}
	err := db.NewSelect().Model(&out).Comment("publication.standing").ExcludeColumn("certificate").Where("rv.withdrawn_at IS NULL").OrderBy("rv.id", bun.OrderDesc).Limit(1000).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the versions that stand: %w", err)
	}
	return out, nil
}

// countsOf reads released counts over every age and public, the latest version first.
func countsOf(ctx context.Context, db bun.IDB, years []int, measures []compute.Measure, places []string) ([]figure, error) {
	var out []figure
	err := db.NewSelect().Model(&out).Comment("publication.countsOf").Where("rf.measure IN (?)", bun.List(measures)).Where("rf.year IN (?)", bun.List(years)).
		Where("rf.territory IN (?)", bun.List(places)).Where("rf.age = ? AND rf.public = ?", total, total).Where("rf.told = ?", true).
		OrderBy("rf.version_id", bun.OrderDesc).Order("rf.measure", "rf.year", "rf.territory", "rf.kind", "rf.sex").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read released counts: %w", err)
	}
	return out, nil
}

// versionYears says from which counts each version was made.
func versionYears(ctx context.Context, db bun.IDB) ([]versionYear, error) {
	var out []versionYear
	if err := db.NewSelect().Model(&out).Comment("publication.versionYears").Order("vy.version_id", "vy.year").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read from which counts versions were made: %w", err)
	}
	return out, nil
}

func snapshotBy(ctx context.Context, db bun.IDB, id int64) (*snapshot, error) {
	s := &snapshot{}
	if err := db.NewSelect().Model(s).Comment("publication.snapshotBy").Where("rs.id = ?", id).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read snapshot %d: %w", id, err)
	}
	return s, nil
}

// keepSnapshots keeps the counts that a version was made from; those of another version once.
func keepSnapshots(ctx context.Context, tx store.Tx, version int64, shots []snapshot) error {
	for i := range shots {
		if _, err := tx.NewInsert().Model(&shots[i]).Comment("publication.keepSnapshots").On("CONFLICT (year, hash) DO NOTHING").ExcludeColumn("id").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("keep the counts of %d: %w", shots[i].Year, err)
		}
		_, err := tx.NewRaw(`/* publication.keepSnapshots */ INSERT INTO release_version_years (version_id, year, snapshot_id)
			SELECT ?, year, id FROM release_snapshots WHERE year = ? AND hash = ? ORDER BY id`, version, shots[i].Year, shots[i].Hash).Exec(ctx)
		if err != nil {
			return fmt.Errorf("keep from which counts version %d is: %w", version, err)
		}
	}
	return nil
}

// zonings are the ways in which released versions cut the country, by version.
func zonings(ctx context.Context, db bun.IDB) (map[int64]*zoning, error) {
	var rows []Version
	if err := db.NewSelect().Model(&rows).Comment("publication.zonings").Column("id", "zones").Where("rv.zones <> ''").Order("rv.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the zones of versions: %w", err)
	}
	out := map[int64]*zoning{}
	for i := range rows {
		out[rows[i].ID] = zoningOf(rows[i].Zones())
	}
	return out, nil
}
