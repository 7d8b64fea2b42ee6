package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"mandategraph/reply"
)

const (
	maxBody   = 256 << 10 // bytes, of a body or a query string
	maxErrors = 20

	typeJSON    = "application/json"
	typeGraphQL = "application/graphql-response+json"
)

// A transport speaks GraphQL over HTTP (the specification's draft of 2025) by POST and GET. gqlgen's own fail parts of
// its audits.
type transport struct{}

var _ graphql.Transport = transport{}

// Supports takes every request. One that offers another protocol, as HTTP/2 clients do ("Upgrade: h2c"), is answered in
// this one.
func (transport) Supports(*http.Request) bool { return true }

// A request is what a client sends.
type request struct {
	Query         *string        `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// A refusal is an HTTP status and a message for a request that is no GraphQL request.
type refusal struct {
	status  int
	message string
}

// Do answers one request.
func (transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	var q request
	var bad *refusal
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		bad = &refusal{http.StatusBadRequest, "there is no WebSocket here; use POST, or GET"}
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		q, bad = fromURL(r.URL.RawQuery)
	case r.Method == http.MethodPost:
		q, bad = fromBody(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		bad = &refusal{http.StatusMethodNotAllowed, "use POST, or GET for queries"}
	}
	if bad == nil && q.Query == nil {
		bad = &refusal{http.StatusBadRequest, `the query is missing: send {"query": "{ body(acronym: \"IGF\") { name } }"} or ?query=…`}
	}
	contentType := negotiate(r.Header.Get("Accept"))
	if bad != nil {
		write(w, bad.status, contentType, &graphql.Response{Errors: gqlerror.List{refuse(codeBadInput, "%s", bad.message)}})
		return
	}

	params := &graphql.RawParams{Query: *q.Query, Variables: q.Variables, Extensions: q.Extensions, Headers: r.Header}
	if q.OperationName != nil {
		params.OperationName = *q.OperationName
	}
	ctx := r.Context()
	operation, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		status := http.StatusOK // as older clients expect of application/json
		if contentType == typeGraphQL {
			status = http.StatusBadRequest
		}
		write(w, status, contentType, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs))
		return
	}
	if r.Method != http.MethodPost && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		write(w, http.StatusMethodNotAllowed, contentType, &graphql.Response{Errors: gqlerror.List{refuse(codeBadInput, "only queries may be sent with GET")}})
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if response == nil { // the client has left
		response = &graphql.Response{Errors: gqlerror.List{refuse(codeUnavailable, "the request was given up")}}
	}
	if version, ok := response.Extensions["dataVersion"].(string); ok {
		w.Header().Set(reply.DataVersionHeader, version)
	}
	status := http.StatusOK
	if response.Data == nil && contentType == typeGraphQL {
		status = http.StatusInternalServerError
		if len(response.Errors) > 0 && response.Errors[0].Extensions["code"] == codeUnavailable {
			status = http.StatusServiceUnavailable
		}
	}
	write(w, status, contentType, response)
}

func fromURL(raw string) (q request, bad *refusal) {
	if len(raw) > maxBody {
		return q, &refusal{http.StatusRequestURITooLong, "the query string is larger than 256 kB; use POST, or ask for less"}
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, &refusal{http.StatusBadRequest, "the query string is malformed; percent-encode its values"}
	}
	if values.Has("query") {
		query := values.Get("query")
		q.Query = &query
	}
	if name := values.Get("operationName"); name != "" {
		q.OperationName = &name
	}
	for name, object := range map[string]*map[string]any{"variables": &q.Variables, "extensions": &q.Extensions} {
		if text := values.Get(name); text != "" && decode(strings.NewReader(text), object) != nil {
			return q, &refusal{http.StatusBadRequest, name + " must be a JSON object"}
		}
	}
	return q, nil
}

func fromBody(w http.ResponseWriter, r *http.Request) (q request, bad *refusal) {
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != typeJSON {
		w.Header().Set("Accept-Post", typeJSON)
		return q, &refusal{http.StatusUnsupportedMediaType, "send JSON, with the header Content-Type: application/json"}
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return q, &refusal{http.StatusUnsupportedMediaType, "send the body without Content-Encoding"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return q, &refusal{http.StatusRequestEntityTooLarge, "the body is larger than 256 kB; ask for less at once"}
	case err != nil:
		return q, &refusal{http.StatusBadRequest, "the body could not be read to its end"}
	case decode(bytes.NewReader(body), &q) != nil:
		return q, &refusal{http.StatusBadRequest, `the body must be one JSON object: {"query": "…", "variables": {…}, "operationName": "…"}`}
	}
	return q, nil
}

// decode reads one JSON value and nothing after it; numbers keep their digits.
func decode(r io.Reader, v any) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the value")
	}
	return nil
}

// negotiate is the media type that the client prefers, JSON where it says nothing that we have.
func negotiate(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		switch mediaType, _, _ := mime.ParseMediaType(strings.TrimSpace(part)); mediaType {
		case typeGraphQL:
			return typeGraphQL
		case typeJSON, "*/*", "application/*":
			return typeJSON
		}
	}
	return typeJSON
}

// write writes the parts that there are, errors first, as the specification advises.
func write(w http.ResponseWriter, status int, contentType string, response *graphql.Response) {
	answer := struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{response.Errors, response.Data, response.Extensions}
	if len(answer.Errors) > maxErrors {
		answer.Errors = answer.Errors[:maxErrors]
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		http.Error(w, "the answer could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType+"; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a client that has left needs no answer
}
