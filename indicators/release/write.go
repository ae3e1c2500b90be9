package release

import (
	"context"
	"fmt"
	"io"
)

// Progress is told how many of the files are made; it may be nil.
type Progress func(done, total int)

// Write checks a dataset and writes its ZIP. The bytes depend on the dataset and on
// this program alone. Nothing is written when the dataset is refused (fault.Invalid).
func Write(ctx context.Context, w io.Writer, d Dataset, told Progress) error {
	files, err := makeFiles(ctx, d, told)
	if err != nil {
		return err
	}
	if err := pack(w, files, d.canonical().IssuedOn); err != nil {
		return fmt.Errorf("write release %s %s: %w", d.ID, d.Version, err)
	}
	return nil
}

// makeFiles makes the files of a release in the order of the ZIP.
func makeFiles(ctx context.Context, d Dataset, told Progress) ([]file, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	m := &maker{dataset: d.canonical(), ctx: ctx, told: told, total: 2*len(d.Tables) + 11}
	if err := m.all(); err != nil {
		return nil, fmt.Errorf("make release %s %s: %w", d.ID, d.Version, err)
	}
	return m.files, nil
}

// maker makes one file after the other and tells how far it is.
type maker struct {
	dataset Dataset
	ctx     context.Context
	told    Progress
	total   int
	files   []file
}

func (m *maker) add(path string, make func() ([]byte, error)) error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	data, err := make()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	m.files = append(m.files, file{path, data})
	if m.told != nil {
		m.told(len(m.files), m.total)
	}
	return nil
}

// all makes the data first, then what describes it, then what seals it.
func (m *maker) all() error {
	d := m.dataset
	for _, t := range d.Tables {
		if err := m.add(t.csvPath(), t.writeCSV); err != nil {
			return err
		}
	}
	for _, t := range d.Tables {
		if err := m.add(t.parquetPath(), t.writeParquet); err != nil {
			return err
		}
	}
	steps := []struct {
		path string
		make func() ([]byte, error)
	}{
		{d.xlsxPath(), d.writeXLSX},
		{"data/csv-metadata.json", d.writeCSVW},
		{"metadata/ddi-codebook.xml", func() ([]byte, error) { return d.writeDDI(m.files) }},
		{"metadata/datacite.xml", d.writeDataCite},
		{"codebook.html", d.writeHTML},
		{"codebook.pdf", d.writePDF},
		{"certificate.json", func() ([]byte, error) { return d.writeCertificate(byPath(m.files)) }},
		{"CHANGELOG.md", d.writeChangelog},
		{"README.md", d.writeReadme},
		{"datapackage.json", func() ([]byte, error) { return d.describe(m.files) }},
		{sumsName, func() ([]byte, error) { return writeSums(m.files), nil }},
	}
	for _, s := range steps {
		if err := m.add(s.path, s.make); err != nil {
			return err
		}
	}
	return nil
}

func byPath(files []file) map[string][]byte {
	all := make(map[string][]byte, len(files))
	for _, f := range files {
		all[f.Path] = f.Data
	}
	return all
}
