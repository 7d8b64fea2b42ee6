// Package reply answers GET requests with what is made of one load of the graph: calendars, feeds, sheets, tables. It has
// their manners in common: which parameters there are and what they mean, ETag and 304, errors in plain words. It imports
// query, store and un.
package reply

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// DataVersionHeader names the load that an answer is from.
const DataVersionHeader = "Mandategraph-Data-Version"

// A Server answers from a store.
type Server struct {
	Store   store.Store
	Now     func() time.Time // the clock: what today is, in UTC
	Timeout time.Duration    // of one answer
	Log     *slog.Logger     // one line an answer
	Memo    *query.Memo
	Program func() string // another program may answer the same otherwise, so its ETags are others; nil names none
}

// A Page is what one path answers.
type Page struct {
	Parameters []string // that it may be given
	Daily      bool     // another day, another answer
	Make       func(ctx context.Context, q *Question) (Answer, error)
}

// A Question is one request, read against one load on one day.
type Question struct {
	query.Asked
	DataDate     un.Date    // the newest day in the facts
	CoveredUntil un.Date    // the day of the newest document
	Values       url.Values // as they were given
	URL          string     // what was asked, to be asked again
}

// An Answer is one representation.
type Answer struct {
	Type   string // its media type
	Name   string // what a file of it is called
	Save   bool   // a browser saves it rather than shows it
	Stream bool   // it is sent while it is made
	Write  func(ctx context.Context, w io.Writer) error
}

// Made is an answer that is made as a whole, and only where it is sent: an unchanged one costs nothing.
func Made(mediaType, name string, make func(context.Context) ([]byte, error)) Answer {
	return Answer{Type: mediaType, Name: name, Write: func(ctx context.Context, w io.Writer) error {
		made, err := make(ctx)
		if err == nil {
			_, err = w.Write(made)
		}
		return err
	}}
}

// Handler answers a path.
func (s *Server) Handler(p Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := s.Now()
		ctx, cancel := context.WithTimeout(r.Context(), s.Timeout)
		defer cancel()
		id := rand.Text()[:12]
		w.Header().Set("Request-Id", id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		status, err := s.answer(ctx, p, w, r)
		if err != nil {
			status = s.refuse(ctx, w, id, err)
		}
		s.Log.LogAttrs(ctx, slog.LevelInfo, "answer", slog.String("request", id), slog.String("path", r.URL.Path), slog.Int("status", status), slog.Duration("took", s.Now().Sub(begin)))
	})
}

// guarded makes an error of a panic.
func guarded(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: panic: %v\n%s", store.ErrInternal, v, debug.Stack())
		}
	}()
	return do()
}

// answer sends the answer, or says why there is none: then nothing was sent yet.
func (s *Server) answer(ctx context.Context, p Page, w http.ResponseWriter, r *http.Request) (status int, err error) {
	values, err := parameters(r.URL, p.Parameters)
	if err != nil {
		return 0, err
	}
	var q *Question
	var a Answer
	err = guarded(func() (err error) {
		if q, err = s.question(ctx, values); err != nil {
			return err
		}
		q.URL = address(r) + r.URL.Path
		if len(values) > 0 {
			q.URL += "?" + values.Encode()
		}
		a, err = p.Make(ctx, q)
		return err
	})
	if err != nil {
		return 0, err
	}
	tag := s.tag(q, p.Daily)
	header := w.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "no-cache") // ask again each time: an unchanged answer is a 304
	header.Set(DataVersionHeader, q.Reader.Version())
	has := r.Header.Get("If-None-Match")
	if matches(has, tag) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, nil
	}
	header.Set("Content-Type", a.Type)
	disposition := "inline"
	if a.Save {
		disposition = "attachment"
	}
	header.Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", disposition, a.Name))
	out := &sending{ResponseWriter: w, held: !a.Stream || has == "*"}
	err = guarded(func() error { return a.Write(ctx, out) })
	switch {
	case err == nil && has == "*": // whatever there is, but only what there is
		header.Del("Content-Type")
		header.Del("Content-Disposition")
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, nil
	case err == nil:
		out.end() // a client that has left needs no answer
		return http.StatusOK, nil
	case out.sent:
		if r.Context().Err() == nil { // else the client has left
			s.Log.ErrorContext(ctx, "an answer broke off", slog.String("path", r.URL.Path), slog.Any("error", err))
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	}
	for _, name := range []string{"ETag", "Content-Disposition", DataVersionHeader} {
		header.Del(name)
	}
	return 0, err
}

// sending holds back an answer: all of it, or its beginning, since what was sent can be no error any more.
type sending struct {
	http.ResponseWriter
	held, sent bool
	buffer     bytes.Buffer
}

// beginning is how much of a stream is held back.
const beginning = 32 << 10

func (s *sending) Write(b []byte) (int, error) {
	if s.sent {
		return s.ResponseWriter.Write(b)
	}
	s.buffer.Write(b)
	if !s.held && s.buffer.Len() > beginning {
		s.sent = true
		_, err := s.ResponseWriter.Write(s.buffer.Bytes())
		return len(b), err
	}
	return len(b), nil
}

func (s *sending) end() {
	if !s.sent {
		s.Header().Set("Content-Length", fmt.Sprint(s.buffer.Len()))
		_, _ = s.ResponseWriter.Write(s.buffer.Bytes())
	}
}

// question pins a load and a day.
func (s *Server) question(ctx context.Context, values url.Values) (*Question, error) {
	r, err := s.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return Ask(ctx, r, s.Memo, un.Date(s.Now().UTC().Format(time.DateOnly)), values)
}

// Ask is a question about a load on a day, also for who does not come over HTTP.
func Ask(ctx context.Context, r store.Reader, memo *query.Memo, today un.Date, values url.Values) (*Question, error) {
	quality, err := memo.Qualities.Of(ctx, r)
	if err != nil {
		return nil, err
	}
	return &Question{
		Asked: query.Asked{Reader: r, Names: &memo.Names, Day: today}, DataDate: quality.DataDate, CoveredUntil: quality.CoveredUntil, Values: values,
	}, nil
}

// tag names an answer: the facts, the program, what was asked, and the day where it matters.
func (s *Server) tag(q *Question, daily bool) string {
	of := q.Reader.Version() + "\x00" + q.URL
	if s.Program != nil {
		of += "\x00" + s.Program()
	}
	if daily {
		of += "\x00" + string(q.Day)
	}
	sum := sha256.Sum256([]byte(of))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// matches says whether a client has the answer already (RFC 9110, section 13.1.2).
func matches(ifNoneMatch, tag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag {
			return true
		}
	}
	return false
}

// address is scheme and host by which the client came, as a proxy before us says.
func address(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// refuse says in plain words why there is no answer.
func (s *Server) refuse(ctx context.Context, w http.ResponseWriter, id string, err error) int {
	status, message := http.StatusInternalServerError, "Something went wrong here; report it with request ID "+id+"."
	mistake, ours := store.Mistake(err)
	switch {
	case ours:
		status, message = http.StatusBadRequest, mistake
	case errors.Is(err, store.ErrTimeout), errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded):
		status, message = http.StatusGatewayTimeout, fmt.Sprintf("The answer took longer than %s; ask for less.", s.Timeout)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.Canceled):
		status, message = http.StatusServiceUnavailable, "The store does not answer now; try again in a moment."
		w.Header().Set("Retry-After", "10")
	case errors.Is(err, store.ErrTooComplex):
		status, message = http.StatusServiceUnavailable, "The store refuses so large a question; ask for less."
	default:
		s.Log.ErrorContext(ctx, "internal error", slog.String("request", id), slog.Any("error", err))
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, message, status)
	return status
}
