package api

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// RecordsReport is what an import of records did: read = made + updated + unchanged + removed + rejected.
type RecordsReport struct {
	Sheet     string          `json:"sheet"`
	Batch     int64           `json:"batch"`
	Read      int             `json:"read"`
	Made      int             `json:"made"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Removed   int             `json:"removed"`
	Rejected  int             `json:"rejected"`
	Unread    []string        `json:"unread" doc:"Columns of which nothing is kept."`
	Header    []string        `json:"header" doc:"Of the cells of refused rows."`
	Refused   []RefusedRecord `json:"refused" doc:"Rows that were not kept."`
}

// RefusedRecord is a row that was not kept.
type RefusedRecord struct {
	Line   int           `json:"line"`
	Faults []ColumnFault `json:"faults"`
	Cells  []string      `json:"cells,omitempty" doc:"Without those at fault."`
}

// RecordsBatch is an import of the past.
type RecordsBatch struct {
	ID        int64           `json:"id"`
	Sheet     string          `json:"sheet"`
	File      string          `json:"file"`
	At        time.Time       `json:"at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty" doc:"Absent: under way, or cut short."`
	Read      int             `json:"read"`
	Made      int             `json:"made"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Removed   int             `json:"removed"`
	Rejected  int             `json:"rejected"`
	Refused   []RefusedRecord `json:"refused,omitempty" doc:"Only when one batch is read; without the number of a person."`
}

// ActivityReport is the two tables of the federation's report.
type ActivityReport struct {
	Definition string        `json:"definition" enum:"coorace,dares"`
	Dataset    string        `json:"dataset,omitempty" doc:"The latest release that figures come from; each says its own. Absent before a first one."`
	Version    string        `json:"version,omitempty"`
	Exits      []ReportPoint `json:"exits" doc:"Shares of the exits observed, in percent; then the exits observed, and those withdrawn from them."`
	Workforce  []ReportPoint `json:"workforce" doc:"Persons and FTE."`
}

// ReportPoint is one number of a table.
type ReportPoint struct {
	Line   string `json:"line" example:"durable.cdi"`
	Parent string `json:"parent,omitempty"`
	Label  Words  `json:"label"`
	Unit   string `json:"unit" enum:"percent,exits,headcount,fte"`
	Year   int    `json:"year"`
	Status string `json:"status" enum:"published,nd,awaited,withheld" doc:"nd: nobody asked; awaited: asked, and nobody answered; neither is zero nor withheld."`
	Value  *int64 `json:"value,omitempty" doc:"Rounded once, from counts."`
	Count  *int64 `json:"count,omitempty" doc:"Of a share: how many exits."`

	Indicator  string  `json:"indicator,omitempty" example:"C04"`
	Definition string  `json:"definition,omitempty" example:"C04 v1, C08 v1" doc:"The versions that the number follows."`
	Asked      int     `json:"asked,omitempty" doc:"Enterprises of the frame of the year."`
	Replied    int     `json:"replied,omitempty"`
	Breaks     []Words `json:"breaks,omitempty" doc:"Why the number is not read beside that of the year before."`
	Dataset    string  `json:"dataset,omitempty" doc:"The release that gives the number."`
	Version    string  `json:"version,omitempty"`
}

func (s *Server) observatory() {
	get, post := http.MethodGet, http.MethodPost
	add(s, Operation{ID: "get-activity-report", Method: get, Path: "/v1/observatory/report", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "Read the two tables of the activity report", About: "Exits and workforce of the whole federation, as they were released: each figure is protected, and none is a count of today."}, s.activityReport)
	for _, sheet := range microdata.Sheets() {
		upload(s, Operation{ID: "import-observatory-" + string(sheet), Method: post, Path: "/v1/imports/observatory/" + string(sheet), Tag: tagIndicators, Action: sheet.Action(), Body: maxFile,
			Summary: "Import " + sheet.Title().EN, About: "CSV or XLSX, described in docs/import-observatoire.md. The same file again changes nothing; a refused row comes back with every fault located and stops nothing."},
			[]string{"text/csv", xlsx}, s.importRecords(sheet))
	}
	add(s, Operation{ID: "list-observatory-batches", Method: get, Path: "/v1/observatory/batches", Tag: tagIndicators, Action: accounts.ObservatoryRead,
		Summary: "List the imports of records", About: "Newest first."}, s.listBatchesOfRecords)
	add(s, Operation{ID: "get-observatory-batch", Method: get, Path: "/v1/observatory/batches/{id}", Tag: tagIndicators, Action: accounts.ObservatoryRead,
		Summary: "Read an import of records, and the rows that it refused"}, s.getBatchOfRecords)
}

func (s *Server) importRecords(sheet microdata.Sheet) func(context.Context, *Upload, string) (*Found[RecordsReport], error) {
	return func(ctx context.Context, in *Upload, kind string) (*Found[RecordsReport], error) {
		r, err := s.cfg.Records.Import(ctx, microdata.File{Sheet: sheet, Name: in.file(kind), Content: bytes.NewReader(in.RawBody)})
		if err != nil {
			return nil, err
		}
		return found(RecordsReport{Sheet: string(r.Sheet), Batch: r.Batch, Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Removed: r.Removed, Rejected: r.Rejected,
			Unread: append([]string{}, r.Unread...), Header: append([]string{}, r.Header()...),
			Refused: each(r.Refused, func(row microdata.Refusal) RefusedRecord { return refusedIn(ctx, row.Line, row.Faults, row.Cells) })}), nil
	}
}

func refusedIn(ctx context.Context, line int, faults []microdata.Located, cells []string) RefusedRecord {
	lang := accounts.From(ctx).Lang
	return RefusedRecord{Line: line, Cells: cells, Faults: each(faults, func(l microdata.Located) ColumnFault { return ColumnFault{l.Column, l.Text.In(lang)} })}
}

func (s *Server) listBatchesOfRecords(ctx context.Context, in *struct {
	At
	Paging
}) (*Listed[RecordsBatch], error) {
	below, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Records.Batches(ctx, below, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(rows[len(rows)-1].ID)
	}
	return listed(in.at, rows, next, showBatchOfRecords), nil
}

func showBatchOfRecords(b microdata.Batch) RecordsBatch {
	return RecordsBatch{ID: b.ID, Sheet: string(b.Sheet), File: b.File, At: b.At.UTC(), EndedAt: utc(b.EndedAt), Read: b.Read, Made: b.Made, Updated: b.Updated, Unchanged: b.Unchanged, Removed: b.Removed, Rejected: b.Rejected}
}

func (s *Server) getBatchOfRecords(ctx context.Context, in *ByID) (*Found[RecordsBatch], error) {
	b, refused, err := s.cfg.Records.Batch(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := showBatchOfRecords(*b)
	out.Refused = each(refused, func(r microdata.Rejection) RefusedRecord { return refusedIn(ctx, r.Line, r.Faults, r.Cells) })
	return found(out), nil
}

func (s *Server) activityReport(ctx context.Context, in *struct {
	Definition string `query:"definition" enum:"coorace,dares" default:"coorace" doc:"Durable is more than six months, or at least six."`
}) (*Found[ActivityReport], error) {
	d := compute.Definition(in.Definition)
	if d != compute.COORACE && d != compute.Dares {
		return nil, fault.Invalid(fault.At("query.definition", "unknown", "coorace ou dares.", "coorace or dares."))
	}
	r, err := s.cfg.Releases.Report(ctx, d)
	if err != nil {
		return nil, err
	}
	out := ActivityReport{Definition: string(d), Exits: points(&r.Report, r.Exits, r.Apart()...), Workforce: points(&r.Report, r.Workforce)}
	if r.Version != nil {
		out.Dataset, out.Version = r.Version.Dataset, r.Version.Version
	}
	return found(out), nil
}

// breakWords are the reasons of breaks, each after the kind that it is of.
func breakWords(list []compute.Break) []Words {
	return each(list, func(b compute.Break) Words { return Words(b.Said()) })
}

// points are the numbers of the lines of a table, then those of lines beside it.
func points(r *figures.Report, t figures.Table, apart ...figures.Line) []ReportPoint {
	out := []ReportPoint{}
	for at, l := range slices.Concat(t.Lines, apart) {
		for i, n := range l.Numbers {
			c := t.Columns[i]
			p := ReportPoint{Line: l.ID, Parent: l.Parent, Label: Words{FR: l.Label.FR, EN: l.Label.EN}, Unit: cmp.Or(string(c.Unit), "percent"), Year: c.Year, Status: "nd",
				Dataset: c.Dataset, Version: c.Version, Breaks: breakWords(c.BreaksOf(l.ReportRow))}
			p.Indicator, p.Definition = r.Cites(l.ReportRow, c)
			if at >= len(t.Lines) {
				p.Unit = "exits"
			}
			if n.Awaited {
				p.Status = "awaited"
			}
			if n.Withheld {
				p.Status = "withheld"
			} else {
				p.Asked, p.Replied = n.Frame, n.Responded
			}
			if n.Known {
				value := compute.Rounded(n.Exact, 0)
				p.Status, p.Value = "published", &value
			}
			if n.Count != nil {
				count := compute.Rounded(n.Count, 0)
				p.Count = &count
			}
			out = append(out, p)
		}
	}
	return out
}
