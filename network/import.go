package network

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

// importRules numbers the rules by which a row is read: raise it when they
// change, and rows that did not change are read again.
const importRules = 1

// A chunk of an import is one transaction: so many rows, and no more time than
// this, since SQLite has one writer and the jobs wait for it.
const (
	chunkRows = 200
	chunkTime = 400 * time.Millisecond
)

// Source is a file of members to import.
type Source struct {
	Name     string // its name: .csv or .xlsx
	Content  io.Reader
	Progress func(done, total int) // may be nil
}

// Import reads a file of members, of one of the two layouts, known by its
// header. A row is an organisation, known by its SIRET and kind. A row that
// cannot be kept is in Report.Refused with its reasons and stops nothing; the
// same file again changes nothing; a row that changed updates what the
// organisation has not confirmed. An interrupted import is taken up by running
// it again. It fails (fault.Invalid) when the file or its header cannot be
// understood, before anything is written.
func (s *Service) Import(ctx context.Context, in Source) (*Report, error) {
	t, err := sheet.Read(in.Name, in.Content, known)
	if err != nil {
		return nil, err
	}
	layout, columns, err := recognise(t.Header)
	if err != nil {
		return nil, err
	}
	r := &Report{Layout: layout.name, header: t.Header, comma: t.Comma, Read: len(t.Rows) + len(t.Broken)}
	for _, h := range t.Header {
		if name := columnName(h); !layout.knows(name) && name != "ligne" && name != "motif" && name != "" {
			r.Unread = append(r.Unread, h)
		}
	}
	for _, name := range t.Unread {
		r.Unread = append(r.Unread, "« "+name+" »")
	}
	for _, b := range t.Broken {
		r.refuse(b, fault.Text{FR: "un guillemet n’est pas fermé", EN: "a quote is not closed"})
	}
	entries := s.entries(t, layout, columns, r)
	networks, err := s.networksNamed(ctx, entries)
	if err != nil {
		return nil, err
	}
	s.complete(entries, layout.name, networks)
	if err := s.importAll(ctx, entries, networks, r, in.Progress); err != nil {
		return r, fmt.Errorf("import %s: %w", in.Name, err)
	}
	r.finish()
	return r, nil
}

func (r *Report) refuse(row sheet.Row, reasons ...fault.Text) {
	r.Rejected++
	r.Refused = append(r.Refused, Refused{Line: row.Line, Reasons: reasons, Cells: row.Cells})
}

// entries reads every row; those that are refused go to the report.
func (s *Service) entries(t *sheet.Table, l layout, columns map[string]int, r *Report) []*entry {
	all := make([]*entry, 0, len(t.Rows))
	for _, row := range t.Rows {
		e := &entry{row: row, said: map[string]string{}}
		l.read(&rowReader{atlas: s.atlas, columns: columns, e: e})
		if len(e.reasons) > 0 {
			r.refuse(row, e.reasons...)
			continue
		}
		all = append(all, e)
	}
	kept := once(all, r)
	repeated(kept)
	return kept
}

// complete places the rows, assumes what they do not say and signs the result.
func (s *Service) complete(entries []*entry, layout string, networks map[SIRET]ID) {
	for _, e := range entries {
		s.locate(e)
		s.assume(e)
		for _, siret := range e.networks {
			if networks[siret] == 0 {
				e.find("unknown_network", string(siret))
			}
		}
		slices.SortFunc(e.findings, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail)) })
		e.digest = e.digestOf(layout, s.atlas.Vintage())
	}
}

// once refuses the rows whose identity an earlier row of the file has.
func once(all []*entry, r *Report) []*entry {
	type identity struct {
		siret SIRET
		kind  Kind
	}
	first := map[identity]int{}
	var kept []*entry
	for _, e := range all {
		id := identity{e.siret, e.kind}
		if line, twice := first[id]; twice {
			r.refuse(e.row, fault.Text{
				FR: fmt.Sprintf("même SIRET et même type que la ligne %d", line),
				EN: fmt.Sprintf("same SIRET and same kind as line %d", line),
			})
			continue
		}
		first[id] = e.row.Line
		kept = append(kept, e)
	}
	return kept
}

// repeated notices the establishments that come under several kinds: most are
// one establishment under two conventions.
func repeated(entries []*entry) {
	bySIRET := map[SIRET][]*entry{}
	for _, e := range entries {
		bySIRET[e.siret] = append(bySIRET[e.siret], e)
	}
	for _, same := range bySIRET {
		for _, e := range same {
			for _, other := range same {
				if other.kind != e.kind {
					e.find("repeated_siret", string(other.kind))
				}
			}
		}
	}
}

// digestOf is the same as long as the row, what it is found to mean and the
// rules are the same.
func (e *entry) digestOf(layout, vintage string) string {
	text, err := json.Marshal(struct {
		Rules           int
		Layout, Vintage string
		Said            map[string]string
		Active          *bool
		Site            *Site
		Statuses        []Status
		Activities      []Activity
		Certifications  []Certification
		Networks        []SIRET
		Findings        []Finding
	}{importRules, layout, vintage, e.said, e.active, e.site, e.statuses, e.activities, e.certifications, e.networks, e.findings})
	if err != nil { // plain data always encodes
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// importAll writes the entries by chunks and counts.
func (s *Service) importAll(ctx context.Context, entries []*entry, networks map[SIRET]ID, r *Report, progress func(done, total int)) error {
	for done := 0; done < len(entries); {
		part, err := s.importOnce(ctx, entries[done:min(done+chunkRows, len(entries))], networks)
		if err != nil && ctx.Err() == nil { // another import may have made the same organisations meanwhile
			part, err = s.importOnce(ctx, entries[done:min(done+chunkRows, len(entries))], networks)
		}
		if err != nil {
			return fmt.Errorf("from line %d: %w", entries[done].row.Line, err)
		}
		part.addTo(r)
		done += part.done
		if progress != nil {
			progress(done, len(entries))
		}
	}
	return nil
}

// importOnce is one transaction of an import.
func (s *Service) importOnce(ctx context.Context, entries []*entry, networks map[SIRET]ID) (*chunkReport, error) {
	var part *chunkReport
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		part = &chunkReport{}
		return s.importChunk(ctx, tx, entries, networks, part)
	})
	return part, err
}

// chunkReport is what one transaction did; it counts once it is committed.
type chunkReport struct {
	done, made, updated, unchanged int
	kept                           []*entry
	refused                        []Refused
}

func (c *chunkReport) addTo(r *Report) {
	r.Made += c.made
	r.Updated += c.updated
	r.Unchanged += c.unchanged
	r.Rejected += len(c.refused)
	r.Refused = append(r.Refused, c.refused...)
	for _, e := range c.kept {
		r.count(e)
	}
}

// count adds to the report what a row that was kept says.
func (r *Report) count(e *entry) {
	if e.site != nil && e.site.Commune != "" {
		r.Placed++
	}
	o := Organisation{Activities: e.activities}
	switch {
	case o.ToSpecify():
		r.ToSpecify++
	case slices.ContainsFunc(e.activities, func(a Activity) bool { return a.IsAssumed() }):
		r.Assumed++
	}
	for _, f := range e.findings {
		n := Noticed{Line: e.row.Line, SIRET: e.siret, Finding: f}
		if f.Code == "repeated_siret" && slices.ContainsFunc(r.Findings, func(o Noticed) bool { return o.Code == f.Code && o.SIRET == e.siret }) {
			continue
		}
		r.Findings = append(r.Findings, n)
	}
}

// importChunk applies rows until there are no more or the time is up.
func (s *Service) importChunk(ctx context.Context, tx store.Tx, entries []*entry, networks map[SIRET]ID, c *chunkReport) error {
	known, err := digests(ctx, tx, entries)
	if err != nil {
		return err
	}
	start := time.Now() // how long the writer is held is real time, whatever the clock of the service
	var fresh []*Organisation
	var changed []ID
	for _, e := range entries {
		if c.done > 0 && time.Since(start) > chunkTime {
			break
		}
		c.done++
		was := known[imported{e.siret, e.kind}]
		if was.ID != 0 && was.Digest == e.digest {
			c.unchanged++
			c.kept = append(c.kept, e)
			continue
		}
		var cur *Organisation
		if was.ID != 0 {
			if cur, err = s.hold(ctx, tx, was.ID, 0); err != nil {
				return err
			}
		}
		want := e.applied(cur, s.atlas, networks)
		if reasons := s.refusal(want); len(reasons) > 0 {
			c.refused = append(c.refused, Refused{Line: e.row.Line, Reasons: reasons, Cells: e.row.Cells})
			continue
		}
		c.kept = append(c.kept, e)
		if cur == nil {
			c.made++
			fresh = append(fresh, want)
			continue
		}
		c.updated++
		if _, err := s.writeQuietly(ctx, tx, cur, want); err != nil {
			return err
		}
		changed = append(changed, want.ID)
	}
	made, err := s.insertAll(ctx, tx, fresh)
	if err != nil {
		return err
	}
	return announce(ctx, tx, append(made, changed...))
}

// refusal checks what a row gives; a SIRET that fails its check digit is kept.
func (s *Service) refusal(o *Organisation) []fault.Text {
	c := checker{atlas: s.atlas}
	c.organisation(o)
	var out []fault.Text
	for _, f := range c.faults {
		out = append(out, fault.Text{FR: f.Path + " : " + f.Message.FR, EN: f.Path + ": " + f.Message.EN})
	}
	return out
}

type imported struct {
	SIRET SIRET
	Kind  Kind
}

type importedRow struct {
	ID     ID     `bun:"id"`
	SIRET  SIRET  `bun:"siret"`
	Kind   Kind   `bun:"kind"`
	Digest string `bun:"digest"`
}

// digests finds the organisations of rows and what they were imported from.
func digests(ctx context.Context, tx store.Tx, entries []*entry) (map[imported]importedRow, error) {
	sirets := make([]SIRET, len(entries))
	for i, e := range entries {
		sirets[i] = e.siret
	}
	var rows []importedRow
	err := tx.NewRaw("/* network.digests */ SELECT id, siret, kind, digest FROM organisations WHERE siret IN (?)", bun.List(sirets)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("find the organisations of rows: %w", err)
	}
	out := make(map[imported]importedRow, len(rows))
	for _, r := range rows {
		out[imported{r.SIRET, r.Kind}] = r
	}
	return out, nil
}

// networksNamed finds the federations and associations that rows name; 0 for
// one that is not known.
func (s *Service) networksNamed(ctx context.Context, entries []*entry) (map[SIRET]ID, error) {
	out := map[SIRET]ID{}
	for _, e := range entries {
		for _, siret := range e.networks {
			if _, asked := out[siret]; asked {
				continue
			}
			var ids []ID
			err := s.store.Read().NewRaw("/* network.networksNamed */ SELECT id FROM organisations WHERE siret = ? AND role IN (?) ORDER BY id LIMIT 1",
				siret, bun.List([]Role{Federation, Regional})).Scan(ctx, &ids)
			if err != nil {
				return nil, fmt.Errorf("find network %s: %w", siret, err)
			}
			out[siret] = 0
			if len(ids) > 0 {
				out[siret] = ids[0]
			}
		}
	}
	return out, nil
}

// insertAll keeps new organisations in a few statements and gives their numbers.
func (s *Service) insertAll(ctx context.Context, tx store.Tx, fresh []*Organisation) ([]ID, error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	now := s.now()
	for _, o := range fresh {
		s.fold(o)
		o.ID, o.Revision, o.CreatedAt, o.UpdatedAt = 0, 1, now, now
	}
	if _, err := tx.NewInsert().Model(&fresh).Comment("network.insertAll").Returning("id").Exec(ctx); err != nil {
		return nil, fmt.Errorf("insert organisations: %w", err)
	}
	var ids []ID
	var sites []*Site
	var statuses []*Status
	var activities []*Activity
	var certifications []*Certification
	var memberships []*Membership
	for _, o := range fresh {
		ids = append(ids, o.ID)
		sites = append(sites, owned(o.Sites, func(r *Site) { r.OrganisationID = o.ID })...)
		statuses = append(statuses, owned(o.Statuses, func(r *Status) { r.OrganisationID = o.ID })...)
		activities = append(activities, owned(o.Activities, func(r *Activity) { r.OrganisationID = o.ID })...)
		certifications = append(certifications, owned(o.Certifications, func(r *Certification) { r.OrganisationID = o.ID })...)
		memberships = append(memberships, owned(o.Memberships, func(r *Membership) { r.OrganisationID = o.ID })...)
	}
	for _, insert := range []func() error{
		func() error { return insertRows(ctx, tx, sites) }, func() error { return insertRows(ctx, tx, statuses) },
		func() error { return insertRows(ctx, tx, activities) }, func() error { return insertRows(ctx, tx, certifications) },
		func() error { return insertRows(ctx, tx, memberships) },
	} {
		if err := insert(); err != nil {
			return nil, fmt.Errorf("insert what organisations hold: %w", err)
		}
	}
	return ids, nil
}

func owned[T any](rows []T, own func(*T)) []*T {
	out := make([]*T, len(rows))
	for i := range rows {
		own(&rows[i])
		out[i] = &rows[i]
	}
	return out
}

func insertRows[T any](ctx context.Context, tx store.Tx, rows []*T) error {
	for part := range slices.Chunk(rows, chunk) {
		if _, err := tx.NewInsert().Model(&part).Comment("network.insertAll").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
