// Package migrations holds the schema of both engines as paired SQL files, one
// pair for each step. A released file never changes; the two folders describe
// the same tables, and a test of package store compares them.
package migrations

import "embed"

// FS holds sqlite/ and postgres/.
//
//go:embed sqlite/*.sql postgres/*.sql
var FS embed.FS
