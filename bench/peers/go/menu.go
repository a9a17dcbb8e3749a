package main

import (
	"net/http"
	"strings"
)

// menu answers the cached bytes. The entry in Redis is the ETag, a new line and the bytes.
func (s *server) menu(w http.ResponseWriter, r *http.Request) {
	entry, err := s.redis.Get(r.Context(), "menu:"+r.PathValue("id")).Result()
	if err != nil {
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	etag, bytes, _ := strings.Cut(entry, "\n")
	w.Header().Set("Etag", etag)
	w.Header().Set("Cache-Control", "public, no-cache")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(bytes))
}
