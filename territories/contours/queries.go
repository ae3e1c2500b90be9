package contours

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// row is the contour of one territory.
type row struct {
	bun.BaseModel `bun:"table:contours"`
	Layer         string `bun:"layer,pk"`
	Digest        string `bun:"digest,pk"`
	Code          string `bun:"code,pk"`
	Geometry      []byte `bun:"geometry"`
}

// Loaded is a layer of official contours in use.
type Loaded struct {
	bun.BaseModel `bun:"table:contour_layers"`
	Layer         territories.Kind `bun:"layer,pk"`
	Digest        string           `bun:"digest"`
	Vintage       string           `bun:"vintage"`
	Source        string           `bun:"source"`
	Licence       string           `bun:"licence"`
	Territories   int              `bun:"territories"`
	Missing       int              `bun:"missing"`
	LoadedAt      time.Time        `bun:"loaded_at"`
}

// InUse lists the layers of official contours, by name.
func InUse(ctx context.Context, db bun.IDB) ([]Loaded, error) {
	var out []Loaded
	err := db.NewRaw(`/* contours.InUse */
		SELECT layer, digest, vintage, source, licence, territories, missing, loaded_at
		  FROM contour_layers ORDER BY layer`).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the contours in use: %w", err)
	}
	return out, nil
}

// rowsPerTx keeps each transaction far below a second on SQLite.
const rowsPerTx = 1000

// save keeps a layer under its digest, a thousand rows a transaction, then brings
// it into use in one: a reader sees the old contours or the new, never a mixture,
// and a load that was interrupted goes on where it stopped.
func save(ctx context.Context, st *store.Store, l *layer, in Input) (changed bool, err error) {
	current, err := digestOf(ctx, st.Read(), l.kind)
	if err != nil {
		return false, err
	}
	if current != l.digest {
		if err := saveRows(ctx, st, l.rows); err != nil {
			return false, err
		}
	}
	err = st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		changed, err = use(ctx, tx, l, in)
		return err
	})
	return changed, err
}

func saveRows(ctx context.Context, st *store.Store, rows []row) error {
	for len(rows) > 0 {
		n := min(len(rows), rowsPerTx)
		chunk := rows[:n]
		rows = rows[n:]
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewInsert().Model(&chunk).On("CONFLICT (layer, digest, code) DO NOTHING").Exec(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("write contours from %s on: %w", chunk[0].Code, err)
		}
	}
	return nil
}

// use brings a layer into use and drops the contours of others before it. The
// same contours with the same words beside them are no change.
func use(ctx context.Context, tx store.Tx, l *layer, in Input) (bool, error) {
	next := Loaded{
		Layer: l.kind, Digest: l.digest, Vintage: l.vintage, Source: in.Source, Licence: in.Licence,
		Territories: len(l.rows), Missing: l.missing, LoadedAt: in.Now.UTC(),
	}
	layers, err := InUse(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, old := range layers {
		if old.Layer == l.kind && old.Digest == next.Digest && old.Vintage == next.Vintage && old.Source == next.Source && old.Licence == next.Licence {
			return false, nil
		}
	}
	if err := complete(ctx, tx, l); err != nil {
		return false, err
	}
	_, err = tx.NewInsert().Model(&next).On("CONFLICT (layer) DO UPDATE").
		Set("digest = EXCLUDED.digest, vintage = EXCLUDED.vintage, source = EXCLUDED.source, licence = EXCLUDED.licence").
		Set("territories = EXCLUDED.territories, missing = EXCLUDED.missing, loaded_at = EXCLUDED.loaded_at").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("bring into use: %w", err)
	}
	_, err = tx.NewRaw("/* contours.use */ DELETE FROM contours WHERE layer = ? AND digest <> ?", l.kind, l.digest).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("drop the former contours: %w", err)
	}
	return true, nil
}

// complete checks that every row is there: another load that ended meanwhile
// drops the contours that are not its own.
func complete(ctx context.Context, tx store.Tx, l *layer) error {
	var kept int
	err := tx.NewRaw("/* contours.complete */ SELECT count(*) FROM contours WHERE layer = ? AND digest = ?", l.kind, l.digest).Scan(ctx, &kept)
	if err != nil {
		return fmt.Errorf("count what was written: %w", err)
	}
	if kept != len(l.rows) {
		return fault.Conflict("other-load", "Un autre chargement de cet échelon vient de se terminer : recommencez.",
			"Another load of this layer has just ended: start again.")
	}
	return nil
}

// Remove goes back to the indicative mesh for a layer; false when it was in use.
func Remove(ctx context.Context, st *store.Store, kind territories.Kind) (removed bool, err error) {
	err = st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		res, err := tx.NewRaw("/* contours.Remove */ DELETE FROM contour_layers WHERE layer = ?", kind).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		removed = n > 0
		_, err = tx.NewRaw("/* contours.Remove */ DELETE FROM contours WHERE layer = ?", kind).Exec(ctx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("remove the contours of %s: %w", kind, err)
	}
	return removed, nil
}

// digestOf is the digest of the layer in use, empty when there is none.
func digestOf(ctx context.Context, db bun.IDB, kind territories.Kind) (string, error) {
	var found []string
	err := db.NewRaw("/* contours.digestOf */ SELECT digest FROM contour_layers WHERE layer = ? ORDER BY layer", kind).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// areasOf reads the contours of a layer in use and gives each to visit.
func areasOf(ctx context.Context, db bun.IDB, l Loaded, visit func(code string, geometry []byte) error) error {
	rows, err := db.QueryContext(ctx, `/* contours.areasOf */
		SELECT code, geometry FROM contours WHERE layer = ? AND digest = ? ORDER BY code`, l.Layer, l.Digest)
	if err != nil {
		return fmt.Errorf("read the contours of %s: %w", l.Layer, err)
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var geometry []byte
		if err := rows.Scan(&code, &geometry); err != nil {
			return fmt.Errorf("read the contours of %s: %w", l.Layer, err)
		}
		if err := visit(code, geometry); err != nil {
			return fmt.Errorf("contour of %s %s: %w", l.Layer, code, err)
		}
	}
	return rows.Err()
}
