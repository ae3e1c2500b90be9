package disclosure

import "errors"

// ErrUnproved says that a program gave no answer that its own check believes. Nothing
// can be said of the tables; the same tables would end the same way again.
var ErrUnproved = errors.New("nothing is proved: a program gave no answer")
