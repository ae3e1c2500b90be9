package consortium

import "fmt"

func digest(r Result) string { return fmt.Sprintf("%+v", r) }
