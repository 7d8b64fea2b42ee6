package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"mandategraph/graph"
)

// A config has every setting of every command. A flag wins over the environment's variable, that over the default.
type config struct {
	Host      string        `env:"HOST"`
	Port      int           `env:"PORT" envDefault:"8080"`
	Data      string        `env:"DATA_DIR"`
	Documents string        `env:"DOCUMENTS_DIR"`
	Timeout   time.Duration `env:"TIMEOUT"`
	Origins   []string      `env:"CORS_ORIGINS" envDefault:"*"`
	LogFormat string        `env:"LOG_FORMAT" envDefault:"text"`
	Strict    bool
}

// errUsage is a mistake in the command line or the environment: exit status 2.
var errUsage = errors.New("usage")

// A command is what `mandategraph NAME` does.
type command struct {
	summary string
	flags   []string // of config.flag
	run     func(*app, config) error
}

// commands are what there is; serve is meant where none is named.
func commands() map[string]command {
	return map[string]command{
		"serve":   {"serve the GraphQL API, the playground and the schema", []string{"host", "port", "data", "documents", "timeout", "cors-origins", "log"}, (*app).serve},
		"verify":  {"check the facts: shape and rules always, evidence where the documents are", []string{"data", "documents", "strict"}, (*app).verify},
		"version": {"say which program and which facts these are", []string{"data"}, (*app).version},
	}
}

// flag adds the flag of a setting to a command.
func (c *config) flag(f *flag.FlagSet, name string) {
	switch name {
	case "host":
		f.StringVar(&c.Host, name, c.Host, "`address` to listen on; empty means every address of this machine (HOST)")
	case "port":
		f.IntVar(&c.Port, name, c.Port, "TCP `port` to listen on; 0 takes a free one and says which (PORT)")
	case "data":
		f.StringVar(&c.Data, name, c.Data, "`folder` with bodies/, documents/ and sessions/; the embedded facts where empty (DATA_DIR)")
	case "documents":
		f.StringVar(&c.Documents, name, c.Documents, "`folder` with the documents' texts, such as A_RES_80_173.txt (DOCUMENTS_DIR)")
	case "timeout":
		f.DurationVar(&c.Timeout, name, c.Timeout, "`time` that one operation may take, such as 10s (TIMEOUT)")
	case "cors-origins":
		f.Func(name, "comma-separated `origins` of front ends that may read, such as https://example.org; * means any, without credentials (CORS_ORIGINS)", func(s string) error {
			c.Origins = strings.Split(s, ",")
			return nil
		})
	case "log":
		f.StringVar(&c.LogFormat, name, c.LogFormat, "`format` of the log on standard error: text or json (LOG_FORMAT)")
	case "strict":
		f.BoolVar(&c.Strict, name, c.Strict, "an absent document is a failure too")
	}
}

// parse reads the command line. A nil command means that help was asked for, and given.
func parse(args, environ []string, stdout io.Writer) (name string, c config, err error) {
	name = "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "help" {
		fmt.Fprint(stdout, overview())
		return "", c, nil
	}
	chosen, ok := commands()[name]
	if !ok {
		return "", c, fmt.Errorf("%w: there is no command %q; there are %s", errUsage, name, strings.Join(slices.Sorted(maps.Keys(commands())), ", "))
	}
	c.Timeout = graph.DefaultTimeout
	if err := env.ParseWithOptions(&c, env.Options{Environment: env.ToMap(environ)}); err != nil {
		return "", c, fmt.Errorf("%w: %s", errUsage, strings.ReplaceAll(strings.TrimPrefix(err.Error(), "env: "), "\n", "; "))
	}
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	for _, name := range chosen.flags {
		c.flag(f, name)
	}
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		f.SetOutput(stdout)
		fmt.Fprintf(stdout, "mandategraph %s: %s.\n\nFlags, each with its environment variable in brackets:\n", name, chosen.summary)
		f.PrintDefaults()
		if name == "serve" {
			fmt.Fprint(stdout, routesHelp)
		}
		return "", c, nil
	case err != nil:
		return "", c, fmt.Errorf("%w: %s: %w; `mandategraph %s -h` lists the flags", errUsage, name, err, name)
	case f.NArg() > 0:
		return "", c, fmt.Errorf("%w: %s takes no argument %q; `mandategraph %s -h` lists the flags", errUsage, name, f.Arg(0), name)
	}
	return name, c, c.check()
}

// check refuses what no command can work with.
func (c *config) check() error {
	switch {
	case c.Port < 0 || c.Port > 65535:
		return fmt.Errorf("%w: port is %d; it must be from 0 to 65535", errUsage, c.Port)
	case c.Timeout <= 0:
		return fmt.Errorf("%w: timeout is %s; it must be more than nothing, such as 10s", errUsage, c.Timeout)
	case c.LogFormat != "text" && c.LogFormat != "json":
		return fmt.Errorf("%w: log is %q; it must be text or json", errUsage, c.LogFormat)
	}
	return nil
}

// logger writes to w in the format asked.
func (c *config) logger(w io.Writer) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

func overview() string {
	var b strings.Builder
	b.WriteString("Mandategraph: who in digital governance must do what, for whom, by when, and which paragraph says so.\n\nCommands (serve is meant where none is named):\n")
	for _, name := range slices.Sorted(maps.Keys(commands())) {
		fmt.Fprintf(&b, "  %-9s %s\n", name, commands()[name].summary)
	}
	b.WriteString("\n`mandategraph COMMAND -h` explains one.\n")
	return b.String()
}

const routesHelp = `
What is served:
  /playground       GraphiQL with ready examples; works without Internet
  /graphql          GraphQL by POST and GET
  /schema.graphqls  the schema
  /healthz          the process is alive
  /readyz           the store answers and has facts
`
