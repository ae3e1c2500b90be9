package release

import (
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
