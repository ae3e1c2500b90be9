package journeys

// Apply is the person after a change, as WhatIf supposes it.
func (c Change) Apply(p *Person) *Person { return c.apply(p) }
