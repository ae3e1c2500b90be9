package main

import "errors"

type migrateCmd struct{}

// Run brings the schema to this version; again changes nothing.
func (migrateCmd) Run(e *env) error {
	st, err := e.open()
	if err != nil {
		return err
	}
	if err := e.noteVintage(st); err != nil {
		return errors.Join(err, st.Close())
	}
	e.printf("%s: à jour.\n", st.Engine())
	return st.Close()
}
