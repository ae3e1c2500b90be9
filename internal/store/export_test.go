package store

import "context"

// MigrateBefore makes the schema as it was before a step of which the name is given, for
// the tests of what that step makes of the rows that it finds.
func (s *Store) MigrateBefore(ctx context.Context, step string) error {
	return migrateOurs(ctx, s.write, s.engine, step)
}
