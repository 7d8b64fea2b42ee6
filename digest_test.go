package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDigest writes the same sheet as /digest answers, in plain text where no format is named.
func TestDigest(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	for _, c := range []struct {
		args, asked string
		has         []string
	}{
		{
			"-session cstd-30", "session=cstd-30&format=text",
			[]string{"30th session of the Commission on Science and Technology for Development\n====", "1. Action line road maps before the Commission\n", "A/RES/80/173, paragraph 113"},
		},
		{"-session cstd-30 -format markdown", "session=cstd-30&format=markdown", []string{"# 30th session of the Commission", "### 2. Findings on indicators before the Commission\n"}},
		{"-session session:cstd-30 -format html", "session=cstd-30", []string{"<!doctype html>", "<h1>30th session of the Commission"}},
		{"-days 90", "days=90&format=text", []string{"Digital governance: due in the next 90 days\n====", "From: 1 March 2026\nTo: 30 May 2026\n"}},
		{"-days 90 -body CSTD", "days=90&body=CSTD&format=text", []string{"Digital governance: CSTD: due in the next 90 days\n"}},
		{"-days 90 -body CSTD -body IGF -format text", "days=90&body=CSTD&body=IGF&format=text", []string{"Digital governance: CSTD or IGF: due in the next 90 days\n"}},
		{"-days 365 -format html", "days=365&format=html", []string{"<h2>On known days</h2>"}},
		{"-days 30 -data data", "days=30&format=text", []string{"due in the next 30 days"}},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"digest"}, strings.Fields(c.args)...), nil, &stdout, &stderr, clock); code != 0 || stderr.Len() > 0 {
			t.Errorf("digest %s: exit status %d: %s", c.args, code, &stderr)
			continue
		}
		if _, body := get(t, server.URL+"/digest?"+c.asked); body != stdout.String() {
			t.Errorf("digest %s (-/digest?%s +digest):\n%s", c.args, c.asked, cmp.Diff(body, stdout.String()))
		}
		for _, want := range c.has {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("digest %s lacks %q:\n%s", c.args, want, &stdout)
			}
		}
	}
}

// TestDigestOfOtherFacts writes a sheet of the folder that is named.
func TestDigestOfOtherFacts(t *testing.T) {
	dir := changedFacts(t, "bodies/igf.yaml", "name: Internet Governance Forum", "name: Another Forum")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"digest", "-days", "365", "-body", "IGF"}, []string{"DATA_DIR=" + dir}, &stdout, &stderr, clock); code != 0 || !strings.Contains(stdout.String(), "From: Another Forum (IGF)") {
		t.Errorf("exit status %d: %s%s", code, &stdout, &stderr)
	}
}

// TestDigestMistakes: one line that says what to do, and exit status 2, but 1 where facts cannot be read.
func TestDigestMistakes(t *testing.T) {
	const either, days = `digest: give either session, such as cstd-30, or days, such as 90; .mandategraph digest -h. shows how`, `it must be a number from 1 to 3660, such as 90`
	for _, c := range []struct {
		args   string
		code   int
		stderr string // a regular expression
	}{
		{"", 2, either},
		{"-session cstd-30 -days 90", 2, either},
		{"-days 0", 2, `days is "0"; ` + days},
		{"-body CSTD", 2, either},
		{"-session cstd-3O", 2, `session: there is no session "cstd-3O"; did you mean "session:cstd-30"\?`},
		{"-session cstd-30 -body CSTD", 2, `body keeps nothing apart in the sheet of a session; leave it out, or ask with days`},
		{"-days -1", 2, `days is "-1"; ` + days},
		{"-days 99999", 2, `days is "99999"; ` + days},
		{"-days abc", 2, `days is "abc"; ` + days},
		{"-days 90 -body CSTDD", 2, `body: there is no body "CSTDD"; did you mean "body:cstd"\?`},
		{"-days 90 -format pdf", 2, `format is "pdf"; it may be html, markdown, text`},
		{"-days 90 now", 2, `digest takes no argument "now"`},
		{"-day 90", 2, `flag provided but not defined: -day`},
		{"-days 90 -timeout 0s", 2, `timeout is 0s`},
		{"-days 90 -data nowhere", 1, `-data nowhere: there is no such folder`},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"digest"}, strings.Fields(c.args)...), nil, &stdout, &stderr, clock)
		if code != c.code || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1 || !regexp.MustCompile(c.stderr).MatchString(stderr.String()) {
			t.Errorf("digest %s: exit status %d, want %d, standard output %q, standard error does not match %q:\n%s", c.args, code, c.code, &stdout, c.stderr, &stderr)
		}
	}
}

func TestDigestHelp(t *testing.T) {
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"digest", "-h"}, nil, &stdout, io.Discard, clock); code != 0 {
		t.Errorf("exit status %d", code)
	}
	for _, want := range []string{"mandategraph digest: write a sheet of what is due", "-session session", "-days number", "-body body", "-format format", "html, markdown, text"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, &stdout)
		}
	}
}
