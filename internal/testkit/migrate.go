package testkit

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/migrations"
)

// MigrateAgain runs the statements of a migration once more: on what older versions
// left, which a test has written.
func MigrateAgain(t testing.TB, st *store.Store, name string) {
	t.Helper()
	raw, err := fs.ReadFile(migrations.FS, fmt.Sprintf("%s/%s.tx.up.sql", st.Engine(), name))
	if err != nil {
		t.Fatal(err)
	}
	err = st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for one := range strings.SplitSeq(string(raw), "--bun:split") {
			if _, err := tx.ExecContext(ctx, one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
