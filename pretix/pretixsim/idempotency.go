package pretixsim

import "net/http"

// once answers a repeated X-Idempotency-Key with the first answer. Key and credentials decide, not path or body;
// refusals are kept too, except those that ask to be repeated.
func (s *Server) once(c *call, do func() reply) reply {
	key := c.r.Header.Get("X-Idempotency-Key")
	if key == "" || isRead(c.r.Method) || c.r.Method == http.MethodOptions {
		return do()
	}
	id := c.r.Header.Get("Authorization") + "\x00" + key
	if first, ok := s.kept[id]; ok {
		return first
	}
	rep := do()
	switch rep.status {
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable:
	default:
		s.kept[id] = rep
	}
	return rep
}

// idempotencyQuery: GET /api/v1/idempotency_query?key= -> the kept answer, or 404.
func (c *call) idempotencyQuery() reply {
	first, ok := c.s.kept[c.r.Header.Get("Authorization")+"\x00"+c.query.Get("key")]
	if !ok {
		return detail(http.StatusNotFound, "Idempotency key not seen before.")
	}
	return first
}
