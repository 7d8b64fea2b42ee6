package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"mandategraph/calendar"
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
	Neo4j     neo4jConfig   `envPrefix:"NEO4J_"`
	Strict    bool
	DryRun    bool
	Arguments []string // as many as the command names
	IDs       bool
	Session   string
	Days      string
	Format    string
	Bodies    []string
}

// A neo4jConfig says where the graph is kept; in memory where URI is empty. The password has no flag: flags can be read
// by others on the machine.
type neo4jConfig struct {
	URI      string `env:"URI"`
	Username string `env:"USERNAME" envDefault:"neo4j"`
	Password string `env:"PASSWORD"`
	Database string `env:"DATABASE"`
}

// errUsage is a mistake in the command line or the environment: exit status 2.
var errUsage = errors.New("usage")

// A command is what `mandategraph NAME` does.
type command struct {
	summary   string
	flags     []string // of config.flag
	arguments []string // what it must be given, by the names that summary uses
	run       func(*app, config) error
}

// call is how the command is called, but for its flags.
func (c command) call(name string) string {
	return strings.Join(append([]string{name}, c.arguments...), " ")
}

// commands are what there is; serve is meant where none is named.
func commands() map[string]command {
	return map[string]command{
		"serve": {
			summary: "serve the GraphQL API and the playground, calendars, feeds, sheets and tables",
			flags:   []string{"host", "port", "data", "documents", "timeout", "cors-origins", "log", "neo4j-uri", "neo4j-username", "neo4j-database"},
			run:     (*app).serve,
		},
		"load": {
			summary: "fill a Neo4j database with the facts, and say what changed",
			flags:   []string{"data", "documents", "dry-run", "neo4j-uri", "neo4j-username", "neo4j-database"},
			run:     (*app).load,
		},
		"diff": {
			summary:   "say what changed in meaning from the facts in the folder OLD to those in the folder NEW",
			arguments: []string{"OLD", "NEW"},
			run:       (*app).diff,
		},
		"digest": {
			summary: "write a sheet of what is due: at one session, or in the days to come",
			flags:   []string{"session", "days", "body", "format", "data", "timeout", "log", "neo4j-uri", "neo4j-username", "neo4j-database"},
			run:     (*app).digest,
		},
		"healthcheck": {
			summary: "ask /readyz of the server on this machine's port; exit status 0 or 1",
			flags:   []string{"port"},
			run:     (*app).healthcheck,
		},
		"verify": {
			summary: "check the facts: shape and rules always, evidence where the documents are",
			flags:   []string{"data", "documents", "strict", "ids"},
			run:     (*app).verify,
		},
		"version": {
			summary: "say which program and which facts these are",
			flags:   []string{"data"},
			run:     (*app).version,
		},
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
	case "neo4j-uri":
		f.StringVar(&c.Neo4j.URI, name, c.Neo4j.URI, "`address` of the Neo4j database, such as neo4j://localhost:7687; in memory where empty (NEO4J_URI)")
	case "neo4j-username":
		f.StringVar(&c.Neo4j.Username, name, c.Neo4j.Username, "`user` of the database; the password is NEO4J_PASSWORD alone, and without one none is sent (NEO4J_USERNAME)")
	case "neo4j-database":
		f.StringVar(&c.Neo4j.Database, name, c.Neo4j.Database, "`name` of the database; the server's default where empty (NEO4J_DATABASE)")
	case "dry-run":
		f.BoolVar(&c.DryRun, name, c.DryRun, "say what would change, and write nothing")
	case "ids":
		f.BoolVar(&c.IDs, name, c.IDs, "first add the new ids to ids.txt in the folder of -data")
	case "session":
		f.StringVar(&c.Session, name, "", "`session` for the sheet, such as cstd-30")
	case "days":
		f.StringVar(&c.Days, name, "", "`number` of days ahead, such as 90, in place of a session")
	case "body":
		f.Func(name, "`body` that has a part in it, such as CSTD; with -days; may be repeated", func(s string) error {
			c.Bodies = append(c.Bodies, s)
			return nil
		})
	case "format":
		f.StringVar(&c.Format, name, "text", "`format` of the sheet: "+strings.Join(calendar.Formats(), ", "))
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
	if err := c.environment(env.ToMap(environ)); err != nil {
		return "", c, err
	}
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	for _, name := range chosen.flags {
		c.flag(f, name)
	}
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		f.SetOutput(stdout)
		fmt.Fprintf(stdout, "mandategraph %s: %s.\n", chosen.call(name), chosen.summary)
		if len(chosen.flags) > 0 {
			fmt.Fprint(stdout, "\nFlags, with the environment variable of each in brackets:\n")
			f.PrintDefaults()
		}
		switch name {
		case "serve":
			fmt.Fprint(stdout, routesHelp, "\n`mandategraph help` lists the other commands.\n")
		case "diff":
			fmt.Fprint(stdout, diffHelp)
		}
		return "", c, nil
	case err != nil:
		return "", c, fmt.Errorf("%w: %s: %w; `mandategraph %s -h` lists the flags", errUsage, name, err, name)
	case len(chosen.arguments) > 0 && f.NArg() != len(chosen.arguments):
		return "", c, fmt.Errorf("%w: %s takes %s, and was given %q; `mandategraph %s -h` explains them", errUsage, name, strings.Join(chosen.arguments, " and "), f.Args(), name)
	case len(chosen.arguments) == 0 && f.NArg() > 0:
		return "", c, fmt.Errorf("%w: %s takes no argument %q; `mandategraph %s -h` lists the flags", errUsage, name, f.Arg(0), name)
	}
	c.Arguments = f.Args()
	return name, c, c.check()
}

// environment reads the variables.
func (c *config) environment(variables map[string]string) error {
	err := env.ParseWithOptions(c, env.Options{Environment: variables})
	var wrong env.ParseError
	if !errors.As(err, &wrong) {
		return err
	}
	field, _ := reflect.TypeFor[config]().FieldByName(wrong.Name)
	name, want := field.Tag.Get("env"), "a whole number"
	if wrong.Type == reflect.TypeFor[time.Duration]() {
		want = "a time, such as 10s"
	}
	return fmt.Errorf("%w: %s is %q; it must be %s", errUsage, name, variables[name], want)
}

// check refuses what no command can work with.
func (c *config) check() error {
	for i, origin := range c.Origins {
		c.Origins[i] = strings.TrimSpace(origin)
		if u, err := url.Parse(c.Origins[i]); c.Origins[i] != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "") {
			return fmt.Errorf("%w: cors-origins has %q; an origin is scheme and host, such as https://example.org, and * means any", errUsage, origin)
		}
	}
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
		fmt.Fprintf(&b, "  %-12s %s\n", commands()[name].call(name), commands()[name].summary)
	}
	b.WriteString("\n`mandategraph COMMAND -h` explains one.\n")
	return b.String()
}

const routesHelp = `
What is served:
  /playground       GraphiQL with ready examples; works without Internet
  /graphql          GraphQL by POST and GET
  /schema.graphqls  the schema
  /calendar.ics     deadlines, sessions and cycles for a calendar to subscribe to; ?body=CSTD&alarm=P30D
  /feed.atom        what is due next and what changed, for a reader of Atom; /feed.json for one of JSON Feed
  /export/…         tables: deadlines.json, and deadlines.csv, mandates.csv, bodies.csv, documents.csv
  /digest           a sheet to print: ?session=cstd-30 or ?days=90; &format=markdown or text
  /healthz          the process is alive
  /readyz           the store answers and has facts
`
