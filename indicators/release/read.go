package release

import (
	"archive/zip"
	"context"
	"io"

	"maillage/internal/fault"
)

// Read gives the dataset of a release back, to be compared with the next one. One that
// is not sound is refused with everything that does not hold.
func Read(ctx context.Context, r io.ReaderAt, size int64) (Dataset, error) {
	v := &verification{ctx: ctx, report: &Report{}, hasty: true}
	if err := v.all(r, size); err != nil {
		return Dataset{}, err
	}
	if err := ctx.Err(); err != nil {
		return Dataset{}, err
	}
	var faults []fault.Field
	for _, f := range v.report.Findings {
		faults = append(faults, fault.Field{Path: f.Where("en"), Code: f.Check, Message: f.Message})
	}
	if len(faults) > 0 {
		return Dataset{}, fault.Invalid(faults...)
	}
	return v.dataset, nil
}

// Changelog is what a release says that each of its versions changed, the latest first.
func Changelog(r io.ReaderAt, size int64) ([]Entry, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	for _, entry := range z.File {
		if entry.Name != descriptorName {
			continue
		}
		data, err := inflate(entry, maxFile)
		if err != nil {
			return nil, err
		}
		p, err := readDescriptor(data)
		if err != nil {
			return nil, err
		}
		return p.Own.Changelog, nil
	}
	return nil, said("ce fichier manque", "this file is missing")
}
