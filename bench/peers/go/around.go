package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Request limits: counted here, and told to Redis four times a second.
const limitMax = 1_000_000_000

type limits struct {
	sync.Mutex
	redis   *redis.Client
	window  int64
	counts  map[string]int64
	changed map[string]int64
}

func newLimits(client *redis.Client) *limits {
	l := &limits{redis: client, counts: map[string]int64{}, changed: map[string]int64{}}
	go func() {
		for range time.Tick(250 * time.Millisecond) {
			l.report()
		}
	}()
	return l
}

func (l *limits) take(key string) (left int64, resetSeconds int64) {
	now := time.Now().UnixMilli()
	l.Lock()
	defer l.Unlock()
	if window := now / 60_000; window != l.window {
		l.window, l.counts = window, map[string]int64{}
	}
	l.counts[key]++
	l.changed[key]++
	return limitMax - l.counts[key], ((l.window+1)*60_000 - now + 999) / 1000
}

func (l *limits) report() {
	l.Lock()
	changed, window := l.changed, l.window
	l.changed = map[string]int64{}
	l.Unlock()
	if len(changed) == 0 {
		return
	}
	pipe := l.redis.Pipeline()
	for key, count := range changed {
		name := fmt.Sprintf("requests:peer:%s:%d", key, window)
		pipe.IncrBy(context.Background(), name, count)
		pipe.PExpire(context.Background(), name, 2*time.Minute)
	}
	pipe.Exec(context.Background())
}

// Request times by route and status, as a histogram's buckets.
var buckets = []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

type series struct {
	route  string
	status int
}

var (
	seriesLock sync.Mutex
	observed   = map[series][]int64{}
)

func observe(route string, status int, seconds float64) {
	seriesLock.Lock()
	defer seriesLock.Unlock()
	counts := observed[series{route, status}]
	if counts == nil {
		counts = make([]int64, len(buckets)+1)
		observed[series{route, status}] = counts
	}
	i := 0
	for i < len(buckets) && seconds > buckets[i] {
		i++
	}
	counts[i]++
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func randomHex(bytes int) string {
	drawn := make([]byte, bytes)
	rand.Read(drawn)
	return hex.EncodeToString(drawn)
}

type line struct {
	Level     string  `json:"level"`
	Time      string  `json:"time"`
	Service   string  `json:"service"`
	RequestID string  `json:"requestId"`
	Trace     string  `json:"trace_id"`
	Span      string  `json:"span_id"`
	Method    string  `json:"method"`
	Path      string  `json:"path"`
	Route     string  `json:"route"`
	Status    int     `json:"status"`
	Ms        float64 `json:"ms"`
	Msg       string  `json:"msg"`
}

var (
	logLock sync.Mutex
	out     = bufio.NewWriterSize(os.Stdout, 64*1024)
)

func init() {
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			logLock.Lock()
			out.Flush()
			logLock.Unlock()
		}
	}()
}

// around gives every request its ids, limits, headers, metrics and log line.
func around(l *limits, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		startedAt := time.Now()
		requestID := r.Header.Get("X-Request-Id")
		if requestID == "" {
			requestID = randomHex(16)
		}
		trace, span := randomHex(16), randomHex(8)
		address, _, _ := net.SplitHostPort(r.RemoteAddr)
		left, reset := l.take(address)
		h := w.Header()
		h.Set("X-Request-Id", requestID)
		h.Set("Traceparent", "00-"+trace+"-"+span+"-01")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Ratelimit-Policy", `"anonymous";q=1000000000;w=60`)
		h.Set("Ratelimit", fmt.Sprintf(`"anonymous";r=%d;t=%d`, left, reset))
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cache-Control", "no-store")
		recorded := &recorder{w, 200}
		next.ServeHTTP(recorded, r)
		seconds := time.Since(startedAt).Seconds()
		observe(r.Pattern, recorded.status, seconds)
		text, _ := json.Marshal(line{"info", startedAt.UTC().Format(time.RFC3339Nano), "peer", requestID, trace, span,
			r.Method, r.URL.Path, r.Pattern, recorded.status, float64(int(seconds*10_000)) / 10, "request"})
		logLock.Lock()
		out.Write(append(text, '\n'))
		logLock.Unlock()
	})
}
