package publication

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
)

// snapshot is what every enterprise counted for in a year when something was released:
// it is never shown. A later release is judged beside the tables as they were then,
// since what did not move since is the same figure in both.
type snapshot struct {
	bun.BaseModel `bun:"table:release_snapshots,alias:rs"`

	ID      int64  `bun:"id,pk,autoincrement"`
	Year    int    `bun:"year"`
	Hash    string `bun:"hash"`
	Content []byte `bun:"content"` // JSON, compressed
}

// versionYear says from which counts of a year a version was made.
type versionYear struct {
	bun.BaseModel `bun:"table:release_version_years,alias:vy"`

	VersionID  int64 `bun:"version_id,pk"`
	Year       int   `bun:"year,pk"`
	SnapshotID int64 `bun:"snapshot_id"`
}

// counted is one enterprise in a snapshot.
type counted struct {
	Enterprise  int64                            `json:"e"`
	Kind        compute.Kind                     `json:"k"`
	Group       string                           `json:"g"`
	Commune     string                           `json:"c,omitempty"`
	Departement string                           `json:"d,omitempty"`
	Region      string                           `json:"r,omitempty"`
	Lines       map[compute.Measure]compute.Line `json:"l"`
}

// photograph keeps the counts of a year; the same counts have the same hash.
func photograph(year int, parts []figures.Contribution) (snapshot, error) {
	list := make([]counted, 0, len(parts))
	for _, p := range parts {
		list = append(list, counted{p.Counts.Enterprise, p.Counts.Kind, p.Counts.Group, p.Commune, p.Departement, p.Region, p.Counts.Lines})
	}
	text, err := json.Marshal(list)
	if err != nil {
		return snapshot{}, fmt.Errorf("write the counts of %d: %w", year, err)
	}
	sum := sha256.Sum256(text)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		return snapshot{}, err
	}
	if err := z.Close(); err != nil {
		return snapshot{}, err
	}
	return snapshot{Year: year, Hash: hex.EncodeToString(sum[:]), Content: b.Bytes()}, nil
}

// mostSnapshot bounds what a snapshot may unpack to.
const mostSnapshot = 1 << 30

func (s *snapshot) contributions() ([]figures.Contribution, error) {
	z, err := gzip.NewReader(bytes.NewReader(s.Content))
	if err != nil {
		return nil, fmt.Errorf("open the counts of %d: %w", s.Year, err)
	}
	text, err := io.ReadAll(io.LimitReader(z, mostSnapshot))
	if err != nil {
		return nil, fmt.Errorf("unpack the counts of %d: %w", s.Year, err)
	}
	var list []counted
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read the counts of %d: %w", s.Year, err)
	}
	out := make([]figures.Contribution, 0, len(list))
	for _, c := range list {
		out = append(out, figures.Contribution{Commune: c.Commune, Departement: c.Departement, Region: c.Region,
			Counts: &compute.Part{Enterprise: c.Enterprise, Year: s.Year, Kind: c.Kind, Group: c.Group, Lines: c.Lines}})
	}
	return out, nil
}

// edition is the counts of a year as they were when some versions were made, and what
// these versions let everybody read of them.
type edition struct {
	id    int64
	parts []figures.Contribution
	known map[key]bool
}

// editions are those of a year that are not what the counts are today, the oldest first,
// and what was read already of these.
func (s *Service) editions(ctx context.Context, before ledger, year int, today string) (list []*edition, told map[key]bool, err error) {
	for _, id := range before.snapshots(year) {
		shot, err := snapshotBy(ctx, s.store.Read(), id)
		if err != nil {
			return nil, nil, err
		}
		if shot.Hash == today {
			told = before.knownIn(year, id)
			continue
		}
		parts, err := shot.contributions()
		if err != nil {
			return nil, nil, err
		}
		list = append(list, &edition{id, parts, before.knownIn(year, id)})
	}
	return list, told, nil
}

// contributions are the counts of a year: those of today, or those of its latest release.
func (s *Service) contributions(ctx context.Context, before ledger, year int, frozen bool) ([]figures.Contribution, error) {
	ids := before.snapshots(year)
	if !frozen || len(ids) == 0 {
		return s.counts.Contributions(ctx, year)
	}
	shot, err := snapshotBy(ctx, s.store.Read(), ids[len(ids)-1])
	if err != nil {
		return nil, err
	}
	return shot.contributions()
}

// snapshots lists those of the versions of a year, in order.
func (l ledger) snapshots(year int) (ids []int64) {
	for at, id := range l.made {
		if at.year == year {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// knownIn are the figures of a year that the versions made from some counts do not hide:
// of those that were not collected, the counts say which are known all the same.
func (l ledger) knownIn(year int, snapshot int64) map[key]bool {
	out := map[key]bool{}
	for _, f := range l.all {
		if f.Year == year && f.Status != hiddenFigure && l.made[versionAt{f.VersionID, year}] == snapshot {
			out[f.key()] = true
		}
	}
	return out
}

// earlier is a family as its readers had it in another edition.
type earlier struct {
	*linked
	edition *edition
}

// reads tells whether a reader has anything of the family in the edition.
func (e earlier) reads() bool {
	for k := range e.at {
		if e.knows(k) {
			return true
		}
	}
	return false
}

// knows tells what a reader has of the edition.
func (e earlier) knows(k key) bool { return e.edition.known[k] && e.exact[k] != nil }

// earlierTables are those of the earlier edition beside those of now: a figure that did not
// move is one and the same, one that moved is another. What was hidden then by any rule of
// its own is attacked for ever, with what was promised of it.
func (l *linked) earlierTables(e earlier) ([]disclosure.Table, error) {
	i := slices.IndexFunc(l.revised.all, func(c *counting) bool { return c.id == e.edition.id })
	was := l.revised.all[i]
	list := slices.Clone(was.tables)
	for i, t := range was.tables {
		rules, err := t.Judge()
		if err != nil {
			return nil, fmt.Errorf("judge an earlier edition: %w", err)
		}
		list[i].Name, list[i].Measure = fmt.Sprintf("edition %d:%s", e.edition.id, t.Name), fmt.Sprintf("%s#%d", t.Measure, e.edition.id)
		list[i].Cells = make([]disclosure.Cell, len(t.Cells))
		for j, c := range t.Cells {
			name := cellName(t, c)
			cell := disclosure.Cell{Codes: c.Codes, Value: c.Value, Count: disclosure.Unknown(), Contributors: disclosure.Unknown(), Ceiling: c.Ceiling, Given: disclosure.Secondary}
			cell.Measure = cmp.Or(c.Measure, t.Measure) + l.revised.since(was, name)
			switch {
			case c.Given == disclosure.NotCollected:
				cell.Given = disclosure.NotCollected
			case was.told[name]:
				cell.Given = disclosure.Published
			case rules[j] != disclosure.NoRule:
				cell.Given = disclosure.Primary
			}
			list[i].Cells[j] = cell
		}
	}
	return list, nil
}

// cellName tells a cell by what it is of, whatever the table.
func cellName(t disclosure.Table, c disclosure.Cell) string {
	var parts []string
	for i, d := range t.Dimensions {
		if c.Codes[i] != d.Total {
			parts = append(parts, d.Name+"="+c.Codes[i])
		}
	}
	slices.Sort(parts)
	return fmt.Sprint(parts)
}
