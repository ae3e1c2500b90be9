package people_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"testing"

	"maillage/internal/testkit"
	"maillage/people"
)

// What is erased, deleted or emptied is in no file of the database any more,
// the sealed identity included.
func TestWhatIsErasedLeavesTheFiles(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*house, people.ID) error{
		"erased":  func(h *house, id people.ID) error { return h.Erase(h.as(), id, 0) },
		"deleted": func(h *house, id people.ID) error { return h.Delete(h.as(), id, 0) },
		"emptied": func(h *house, id people.ID) error { return h.SetIdentity(h.as(), id, 0, people.Identity{}) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, testkit.SQLite(t))
			id := h.made(h.gardener()).ID
			must(t, h.SetIdentity(h.as(), id, 0, ada()))
			var file string
			var sealed []byte
			must(t, h.st.Read().NewRaw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(context.Background(), &file))
			must(t, h.st.Read().NewRaw("SELECT sealed FROM person_identities WHERE person_id = ?", id).Scan(context.Background(), &sealed))
			found := func() (n int) {
				for _, f := range []string{file, file + "-wal"} {
					data, err := os.ReadFile(f)
					if err != nil && !errors.Is(err, fs.ErrNotExist) {
						t.Fatal(err)
					}
					n += bytes.Count(data, sealed)
				}
				return n
			}
			if found() == 0 {
				t.Fatal("the sealed identity is in no file: the test sees nothing")
			}
			must(t, forget(h, id))
			if n := found(); n != 0 {
				t.Errorf("the sealed identity is still there %d times", n)
			}
		})
	}
}
