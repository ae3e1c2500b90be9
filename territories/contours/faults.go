package contours

import (
	"fmt"

	"maillage/internal/fault"
)

// mostFaults is how many faults are told one by one; the rest is counted.
const mostFaults = 50

// faults gathers what is wrong with the features of a file.
type faults struct {
	fields []fault.Field
	more   int
}

func (f *faults) add(feature int, code, fr, en string) {
	if len(f.fields) == mostFaults {
		f.more++
		return
	}
	f.fields = append(f.fields, fault.At(fmt.Sprintf("feature %d", feature), code, fr, en))
}

// err is nil when nothing was wrong.
func (f *faults) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	fields := f.fields
	if f.more > 0 {
		fields = append(fields, fault.At("features", "more",
			fmt.Sprintf("Et %d autres défauts.", f.more), fmt.Sprintf("And %d more faults.", f.more)))
	}
	return fault.Invalid(fields...)
}
