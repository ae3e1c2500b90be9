package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/opportunities"
)

// Publication is what a platform says of itself when it publishes notices as
// release packages of OCDS; the zero value works.
type Publication struct {
	// Site is the public address of the platform; a package is named by it, not
	// by the address that a request happened to use. Default http://localhost:8080.
	Site string
	// Prefix begins every ocid. It is given by the Open Contracting Partnership
	// ("ocds-" and six characters); changing it renames every procurement.
	// Default "ocds-000000", which is nobody's.
	Prefix string
	Name   string // of the publisher; default "Maillage"
	// License is the address of the terms. Default the Licence Ouverte 2.0, under
	// which the French notices are published.
	License string
}

const openLicence = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"

// Check refuses a prefix that is none.
func (p Publication) Check() error {
	_, err := p.normal()
	return err
}

// normal fills what was left out.
func (p Publication) normal() (Publication, error) {
	p.Site = strings.TrimRight(firstNonEmpty(p.Site, "http://localhost:8080"), "/")
	p.Prefix = firstNonEmpty(p.Prefix, noPrefix)
	p.Name = firstNonEmpty(p.Name, "Maillage")
	p.License = firstNonEmpty(p.License, openLicence)
	if !ocidPrefix.MatchString(p.Prefix) {
		return p, fault.Invalid(fault.At("ocid_prefix", "format",
			"Un préfixe d’ocid s’écrit « ocds- » puis six lettres minuscules ou chiffres.", "A prefix of ocid is “ocds-”, then six small letters or digits."))
	}
	return p, nil
}

// extensionsUsed are those of OCDS whose fields the releases use: lots, places
// of delivery, social terms, the codes of the whole.
func extensionsUsed() []string {
	var list []string
	for _, name := range []string{"lots_extension/v1.1.5", "location_extension/master", "otherRequirements_extension/master",
		"contractTerms_extension/master", "sustainability_extension/master", "tenderClassification_extension/master"} {
		list = append(list, "https://raw.githubusercontent.com/open-contracting-extensions/ocds_"+name+"/extension.json")
	}
	return list
}

// Releasable narrows a filter to what may leave as releases: public tenders
// that came of notices, and that anybody may read. What a member or an officer
// wrote here is never one of them.
func Releasable(f opportunities.Filter) opportunities.Filter {
	f.Public = true
	kinds := f.Kinds
	f.Kinds = []opportunities.Kind{opportunities.Tender}
	if len(kinds) > 0 && !slices.Contains(kinds, opportunities.Tender) {
		f.Kinds = []opportunities.Kind{"none"}
	}
	var sources []string
	for _, s := range notable() {
		if len(f.Sources) == 0 || slices.Contains(f.Sources, string(s)) {
			sources = append(sources, string(s))
		}
	}
	f.Sources = sources
	if len(sources) == 0 {
		f.Sources = []string{"none"}
	}
	return f
}

// IsReleasable tells the same of one opportunity, and looks no further than it.
func IsReleasable(o *opportunities.Opportunity) bool {
	return o.Kind == opportunities.Tender && o.Key != "" && slices.Contains(notable(), Source(o.Source)) && o.Public()
}

// Releases makes the releases of some procurements, in their order, and tells
// when the latest of their notices was read. Opportunities that did not come of
// notices, and those that nobody may read yet, have none.
func (s *Service) Releases(ctx context.Context, list []*opportunities.Opportunity) ([]*Release, time.Time, error) {
	p, err := s.said.normal()
	if err != nil {
		return nil, time.Time{}, err
	}
	var ids []opportunities.ID
	for _, o := range list {
		if IsReleasable(o) {
			ids = append(ids, o.ID)
		}
	}
	rows, err := s.noticesOf(ctx, ids)
	if err != nil {
		return nil, time.Time{}, err
	}
	out, latest := []*Release{}, time.Time{}
	for _, o := range list {
		mine := rows[o.ID]
		if !IsReleasable(o) || len(mine) == 0 {
			continue
		}
		made, err := s.parser.places.releasesOf(p.Prefix, o.Key, mine)
		if err != nil {
			return nil, latest, err
		}
		for _, r := range mine {
			if r.ImportedAt.After(latest) {
				latest = r.ImportedAt
			}
		}
		out = append(out, made...)
	}
	return out, latest.UTC().Truncate(time.Second), nil
}

// noticesOf reads the notices of some opportunities.
func (s *Service) noticesOf(ctx context.Context, ids []opportunities.ID) (map[opportunities.ID][]noticeRow, error) {
	out := map[opportunities.ID][]noticeRow{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []noticeRow
	err := s.store.Read().NewSelect().Model(&rows).Comment("tenders.noticesOf").
		Column("id", "opportunity_id", "raw_digest", "published", "document", "imported_at").
		Where("n.opportunity_id IN (?)", bun.List(ids)).Order("n.opportunity_id", "n.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the notices to release: %w", err)
	}
	for _, r := range rows {
		out[*r.OpportunityID] = append(out[*r.OpportunityID], r)
	}
	return out, nil
}

// NoRelease says that nothing answers: the standard has no empty package.
func NoRelease() error {
	return fault.New(fault.KindNotFound, "no-release", "Aucun avis publié ne répond à ces critères.", "No published notice answers these filters.")
}

// Package is one package of some procurements: path is that of the package on
// the platform, with its filters; next that of the following one, "" on the last.
func (s *Service) Package(ctx context.Context, path, next string, list []*opportunities.Opportunity) (*ReleasePackage, error) {
	releases, latest, err := s.Releases(ctx, list)
	if err != nil {
		return nil, err
	}
	if len(releases) == 0 {
		return nil, NoRelease()
	}
	out, err := s.packageAt(path)
	if err != nil {
		return nil, err
	}
	out.PublishedDate, out.Releases, out.Links = latest, releases, s.linksTo(next)
	return out, nil
}

// packageAt is an empty package of that path.
func (s *Service) packageAt(path string) (*ReleasePackage, error) {
	p, err := s.said.normal()
	if err != nil {
		return nil, err
	}
	return &ReleasePackage{URI: p.Site + path, Version: "1.1", Extensions: extensionsUsed(),
		Publisher: ReleasePublisher{Name: p.Name, URI: p.Site}, License: p.License, Releases: []*Release{}}, nil
}

func (s *Service) linksTo(next string) *ReleaseLinks {
	p, err := s.said.normal()
	if next == "" || err != nil {
		return nil
	}
	return &ReleaseLinks{Next: p.Site + next}
}

// Outflow is a list of procurements on its way out. Path is that of the package
// on the platform; Next, asked when the batches are over, gives the path of the
// package that follows, "" for none; nil: none follows.
type Outflow struct {
	Path    string
	Batches iter.Seq2[[]*opportunities.Opportunity, error]
	Next    func() string
}

// WriteReleases writes one package of all the procurements of a list, and tells
// how many releases it holds. It keeps one batch in memory, whatever the list.
// Nothing is written before the first release, and nothing at all when there is
// none (see NoRelease); what is known only at the end is written at the end.
func (s *Service) WriteReleases(ctx context.Context, w io.Writer, flow Outflow) (int, error) {
	out, err := s.packageAt(flow.Path)
	if err != nil {
		return 0, err
	}
	st := &packageStream{w: w, head: out}
	for list, err := range flow.Batches {
		if err != nil {
			return st.written, err
		}
		releases, latest, err := s.Releases(ctx, list)
		if err != nil {
			return st.written, err
		}
		if err := st.add(releases, latest); err != nil {
			return st.written, fmt.Errorf("write a release package: %w", err)
		}
	}
	if st.written == 0 {
		return 0, NoRelease()
	}
	if flow.Next != nil {
		out.Links = s.linksTo(flow.Next())
	}
	if err := st.end(); err != nil {
		return st.written, fmt.Errorf("write a release package: %w", err)
	}
	return st.written, nil
}

// packageStream writes a package as its releases come.
type packageStream struct {
	w       io.Writer
	head    *ReleasePackage
	latest  time.Time
	written int
}

func (st *packageStream) add(releases []*Release, latest time.Time) error {
	if len(releases) == 0 {
		return nil
	}
	if latest.After(st.latest) {
		st.latest = latest
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, r := range releases {
		if st.written == 0 {
			if err := st.begin(&b); err != nil {
				return err
			}
		} else {
			b.WriteString(",")
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
		st.written++
	}
	_, err := st.w.Write(b.Bytes())
	return err
}

// begin writes what comes before the releases: the fields of the package that
// are known, without the two of the end.
func (st *packageStream) begin(b *bytes.Buffer) error {
	raw, err := json.Marshal(struct {
		*ReleasePackage
		PublishedDate any `json:"publishedDate,omitempty"`
		Releases      any `json:"releases,omitempty"`
	}{ReleasePackage: st.head})
	if err != nil {
		return err
	}
	b.Write(bytes.TrimSuffix(raw, []byte("}")))
	b.WriteString(",\"releases\":[\n")
	return nil
}

func (st *packageStream) end() error {
	raw, err := json.Marshal(struct {
		Links         *ReleaseLinks `json:"links,omitempty"`
		PublishedDate time.Time     `json:"publishedDate"`
	}{st.head.Links, st.latest})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(st.w, "],%s\n", bytes.TrimPrefix(raw, []byte("{")))
	return err
}
