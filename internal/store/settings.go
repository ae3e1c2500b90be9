package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Setting gives a value of this database as a whole ("demonstration" → "yes"), or "" where it was never set.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var value string
	err := s.read.NewRaw("/* store.Setting */ SELECT value FROM settings WHERE key = ?", key).Scan(ctx, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read setting %s: %w", key, err)
	}
	return value, nil
}

// Set writes a value of this database as a whole.
func (tx Tx) Set(ctx context.Context, key, value string) error {
	_, err := tx.NewRaw("/* store.Set */ INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
		key, value).Exec(ctx)
	if err != nil {
		return fmt.Errorf("write setting %s: %w", key, err)
	}
	return nil
}
