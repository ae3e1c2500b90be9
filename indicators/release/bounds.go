package release

// Bounds of what is read of a ZIP that may be a stranger's, in bytes once inflated.
const (
	maxArchive = 1 << 30   // the ZIP itself
	maxEntries = 1000      // files in it
	maxFile    = 256 << 20 // one of them
	maxTotal   = 512 << 20 // all of them
)

var errTooLarge = said("plus grand qu’une publication ne peut l’être", "larger than a release may be")
