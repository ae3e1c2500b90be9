package opportunities

import "time"

// Weekly gives the last morning at or before an instant on which weekly letters
// leave, and the first one after it: seven in Paris, the first working day of a week.
func (s *Service) Weekly(now time.Time) (last, next time.Time) {
	return s.post.last(Weekly, now), s.post.next(Weekly, now)
}

// Leaves tells whether letters leave at an instant: from the morning of a working
// day to its midnight.
func (s *Service) Leaves(now time.Time) bool { return s.post.leave(now) }
