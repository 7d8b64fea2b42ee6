package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/graph"
	"mandategraph/store/neo4j/neo4jtest"
)

// testPassword is what the files here are loaded with; it must not come from them.
const testPassword = "a password of the tests, with a $ and 'quotes'"

// composeProject reads docker-compose.yml as docker compose does, with these variables alone.
func composeProject(ctx context.Context, environ ...string) (*types.Project, error) {
	o, err := cli.NewProjectOptions([]string{"docker-compose.yml"}, cli.WithWorkingDirectory("."), cli.WithEnv(environ))
	if err != nil {
		return nil, err
	}
	return o.LoadProject(ctx)
}

// composeService is a service as it would run.
func composeService(t *testing.T, name string) types.ServiceConfig {
	t.Helper()
	p, err := composeProject(t.Context(), "NEO4J_PASSWORD="+testPassword)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.GetService(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// environ is what a service's process gets.
func environ(s types.ServiceConfig) (all []string) {
	for name, value := range s.Environment {
		if value != nil { // without a value it would be the caller's
			all = append(all, name+"="+*value)
		}
	}
	return all
}

// variables are those that the program reads, with their defaults: by the tags of config, and by os.Getenv.
func variables(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	var collect func(reflect.Type, string)
	collect = func(s reflect.Type, prefix string) {
		for f := range s.Fields() {
			if inner, ok := f.Tag.Lookup("envPrefix"); ok {
				collect(f.Type, prefix+inner)
			} else if name, ok := f.Tag.Lookup("env"); ok {
				all[prefix+name] = f.Tag.Get("envDefault")
			}
		}
	}
	collect(reflect.TypeFor[config](), "")
	server, err := os.ReadFile("server.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`os\.Getenv\("(\w+)"\)`).FindAllSubmatch(server, -1) {
		all[string(m[1])] = ""
	}
	return all
}

func defaultPort(t *testing.T) string {
	t.Helper()
	port := variables(t)["PORT"]
	if port == "" {
		t.Fatal("config.go has no default for PORT")
	}
	return port
}

// onlyOurs checks a command line and its variables against config.go, and returns what they make of it.
func onlyOurs(t *testing.T, args, environ []string) (name string, c config) {
	t.Helper()
	name, c, err := parse(args, environ, io.Discard)
	if err != nil || name == "" {
		t.Errorf("the program does not take %q: %v", args, err)
	}
	known := variables(t)
	for _, pair := range environ {
		variable, _, _ := strings.Cut(pair, "=")
		if _, ok := known[variable]; !ok {
			t.Errorf("%s is set, but nothing reads it", variable)
		}
	}
	if want := defaultPort(t); strconv.Itoa(c.Port) != want {
		t.Errorf("%q serves at port %d, not %s", args, c.Port, want)
	}
	return name, c
}

func TestComposeWantsAPassword(t *testing.T) {
	for _, environ := range [][]string{nil, {"NEO4J_PASSWORD="}} {
		if _, err := composeProject(t.Context(), environ...); err == nil ||
			!strings.Contains(err.Error(), "set NEO4J_PASSWORD, at least 8 characters") {
			t.Errorf("with %q: %v", environ, err)
		}
	}
	p, err := composeProject(t.Context(), "NEO4J_PASSWORD="+testPassword)
	if err != nil {
		t.Fatal(err)
	}
	if names := p.ServiceNames(); !slices.Equal(slices.Sorted(slices.Values(names)), []string{"load", "neo4j", "server"}) {
		t.Errorf("the services are %q", names)
	}
	example, err := os.ReadFile(".env.example")
	if err != nil || !regexp.MustCompile(`(?m)^NEO4J_PASSWORD=$`).Match(example) {
		t.Errorf(".env.example has no empty NEO4J_PASSWORD: %v\n%s", err, example)
	}
}

// TestComposeHoldsNoSecret looks for values that did not come from outside.
func TestComposeHoldsNoSecret(t *testing.T) {
	secret := regexp.MustCompile(`(?i)PASS|AUTH|SECRET|TOKEN|CREDENTIAL|KEY`)
	for _, name := range []string{"neo4j", "load", "server"} {
		s := composeService(t, name)
		found := false
		for variable, value := range s.Environment {
			if !secret.MatchString(variable) {
				continue
			}
			found = true
			if value == nil || strings.TrimPrefix(*value, "neo4j/") != testPassword {
				t.Errorf("%s: %s is not NEO4J_PASSWORD", name, variable)
			}
		}
		if !found {
			t.Errorf("%s gets no password", name)
		}
	}
	for _, i := range dockerfile(t) {
		if (i.name == "ENV" || i.name == "ARG") && secret.MatchString(i.args) {
			t.Errorf("Dockerfile: %s %s", i.name, i.args)
		}
	}
}

// TestComposeAgreesWithTheProgram compares each command, port and variable of our services with config.go.
func TestComposeAgreesWithTheProgram(t *testing.T) {
	entry := finalStage(t)["ENTRYPOINT"]
	for _, name := range []string{"load", "server"} {
		s := composeService(t, name)
		if s.Build == nil || s.Build.Dockerfile != "Dockerfile" || s.Entrypoint != nil || s.User != "" {
			t.Errorf("%s is not our image as the Dockerfile makes it", name)
		}
		want := map[string]string{"load": "load", "server": "serve"}[name]
		got, c := onlyOurs(t, s.Command, environ(s))
		if got != want {
			t.Errorf("%s runs %q, not %q", name, got, want)
		}
		if c.Neo4j != (neo4jConfig{URI: "bolt://neo4j:7687", Username: "neo4j", Password: testPassword}) {
			t.Errorf("%s asks %s as %q, database %q, or with another password", name, c.Neo4j.URI, c.Neo4j.Username, c.Neo4j.Database)
		}
		if s.DependsOn["neo4j"].Condition != types.ServiceConditionHealthy {
			t.Errorf("%s does not wait for Neo4j", name)
		}
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.Privileged {
			t.Errorf("%s may do more than it needs", name)
		}
		limits := limits(t, s)
		if own := bytesOf(t, *s.Environment["GOMEMLIMIT"]); own > int64(limits.MemoryBytes)*9/10 || limits.Pids == 0 {
			t.Errorf("%s: Go's limit %d does not fit in %d, or its processes have none", name, own, limits.MemoryBytes)
		}
	}

	load, server := composeService(t, "load"), composeService(t, "server")
	if load.Restart != "no" || len(load.Ports) != 0 || load.HealthCheck == nil || !load.HealthCheck.Disable {
		t.Errorf("load ends: it has no port, no health and no restart: %q %v %+v", load.Restart, load.Ports, load.HealthCheck)
	}
	if server.DependsOn["load"].Condition != types.ServiceConditionCompletedSuccessfully {
		t.Error("server does not wait for load")
	}
	if server.Restart != "unless-stopped" || server.StopGracePeriod == nil || time.Duration(*server.StopGracePeriod) < graph.DefaultTimeout+5*time.Second {
		t.Errorf("server: restart %q; %v to stop does not let requests finish", server.Restart, server.StopGracePeriod)
	}
	if p := server.Ports; len(p) != 1 || fmt.Sprint(p[0].Target) != defaultPort(t) || p[0].Published != defaultPort(t) {
		t.Errorf("server's ports are %+v, not %s", p, defaultPort(t))
	}
	health := server.HealthCheck
	if health == nil || len(health.Test) < 2 || health.Test[0] != "CMD" || health.Test[1] != execForm(t, entry)[0] {
		t.Fatalf("server's health is not asked by %s: %+v", entry, health)
	}
	if name, _ := onlyOurs(t, health.Test[2:], environ(server)); name != "healthcheck" {
		t.Errorf("server's health is asked by %q", health.Test)
	}
	if time.Duration(*health.StartPeriod) <= startPatience || time.Duration(*health.Timeout) <= 3*time.Second {
		t.Errorf("server may wait %v for a database, and healthcheck 3s for the server: %+v", startPatience, health)
	}
}

// limits are those of a service; each must have one of memory.
func limits(t *testing.T, s types.ServiceConfig) types.Resource {
	t.Helper()
	if s.Deploy == nil || s.Deploy.Resources.Limits == nil || s.Deploy.Resources.Limits.MemoryBytes == 0 {
		t.Fatalf("%s has no limit of memory", s.Name)
	}
	return *s.Deploy.Resources.Limits
}

// bytesOf reads 900MiB, 1g and 256m.
func bytesOf(t *testing.T, size string) int64 {
	t.Helper()
	m := regexp.MustCompile(`^(\d+)(k|m|g)(ib)?$`).FindStringSubmatch(strings.ToLower(size))
	if m == nil {
		t.Fatalf("%q is no size", size)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n << map[string]int{"k": 10, "m": 20, "g": 30}[m[2]]
}

// neo4jSettings are those of the neo4j service, named as in neo4j.conf: the image makes them of its variables.
func neo4jSettings(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for variable, value := range composeService(t, "neo4j").Environment {
		if variable == "NEO4J_AUTH" {
			continue
		}
		name, ok := strings.CutPrefix(variable, "NEO4J_")
		if !ok || value == nil || *value == "" {
			t.Errorf("%s is no setting", variable)
			continue
		}
		all[strings.NewReplacer("__", "_", "_", ".").Replace(name)] = *value
	}
	return all
}

func TestComposeNeo4j(t *testing.T) {
	s := composeService(t, "neo4j")
	m := regexp.MustCompile(`^neo4j:(\d+)\.(\d+)-community$`).FindStringSubmatch(s.Image)
	if m == nil {
		t.Fatalf("the image is %q", s.Image)
	}
	if got := m[1] + "." + m[2]; !strings.HasPrefix(neo4jtest.Version, got+".") {
		t.Errorf("the image is of Neo4j %s, the tests run on %s", got, neo4jtest.Version)
	}
	pom, err := os.ReadFile("store/neo4j/neo4jtest/pom.xml")
	if err != nil || !bytes.Contains(pom, []byte("<neo4j.version>"+m[1]+"."+m[2]+".")) {
		t.Errorf("pom.xml does not name Neo4j %s.%s: %v", m[1], m[2], err)
	}
	source, err := os.ReadFile("store/neo4j/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	oldest := regexp.MustCompile(`oldest = \[2\]int\{(\d+), (\d+)\}`).FindSubmatch(source)
	if oldest == nil {
		t.Fatal("store/neo4j/errors.go does not say the oldest version any more")
	}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	if slices.Compare([]int{number(m[1]), number(m[2])}, []int{number(string(oldest[1])), number(string(oldest[2]))}) < 0 {
		t.Errorf("the image is %s, but the store needs %s.%s", s.Image, oldest[1], oldest[2])
	}

	ports := map[uint32]string{}
	for _, p := range s.Ports {
		ports[p.Target] = p.HostIP + ":" + p.Published
	}
	if want := map[uint32]string{7474: "127.0.0.1:7474", 7687: "127.0.0.1:7687"}; !reflect.DeepEqual(ports, want) {
		t.Errorf("the ports are %v, not %v", ports, want)
	}
	kept := slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Target == "/data" && v.Type == types.VolumeTypeVolume && v.Source != ""
	})
	if !kept || s.Restart != "unless-stopped" {
		t.Errorf("the data is not kept, or Neo4j not started again: %v %q", s.Volumes, s.Restart)
	}

	// Java needs some memory beside heap and page cache, and so does cypher-shell.
	settings, limit := neo4jSettings(t), int64(limits(t, s).MemoryBytes)
	heap, cache := bytesOf(t, settings["server.memory.heap.max_size"]), bytesOf(t, settings["server.memory.pagecache.size"])
	if heap+cache+512<<20 > limit || settings["server.memory.heap.initial_size"] != settings["server.memory.heap.max_size"] {
		t.Errorf("heap %d and page cache %d do not fit in %d", heap, cache, limit)
	}
	if settings["db.tx_log.rotation.retention_policy"] == "" {
		t.Error("nothing limits the transaction logs")
	}
}

// TestComposeAsksNeo4j runs the health check's line in a shell whose cypher-shell tells what it was given.
func TestComposeAsksNeo4j(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("left out: the line is for the shell of a Linux image")
	}
	s := composeService(t, "neo4j")
	if s.HealthCheck == nil || len(s.HealthCheck.Test) != 2 || s.HealthCheck.Test[0] != "CMD-SHELL" {
		t.Fatalf("the health check is %+v", s.HealthCheck)
	}
	bin := t.TempDir()
	tell := "#!/bin/sh\nprintf '%s\\n' \"$NEO4J_USERNAME\" \"$NEO4J_PASSWORD\" \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "cypher-shell"), []byte(tell), 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "/bin/sh", "-c", s.HealthCheck.Test[1])
	command.Env = append(environ(s), "PATH="+bin+":"+os.Getenv("PATH"))
	out, err := command.CombinedOutput()
	if want := strings.Join([]string{"neo4j", testPassword, "-a", "bolt://localhost:7687", pingNeo4j, ""}, "\n"); err != nil || string(out) != want {
		t.Errorf("cypher-shell would get %q, not %q: %v", out, want, err)
	}
}

// pingNeo4j is the statement of the health check; TestComposeOnNeo4j runs it.
const pingNeo4j = "CALL db.ping()"

// TestComposeOnNeo4j does what docker compose up does, without containers: a real Neo4j with the settings and the password
// of the file, then load and server with their commands and variables, then the health checks.
func TestComposeOnNeo4j(t *testing.T) {
	o := neo4jtest.Options{Auth: true, Password: testPassword}
	for name, value := range neo4jSettings(t) {
		switch name {
		case "server.memory.heap.max_size":
			o.Heap = value
		case "server.memory.pagecache.size":
			o.PageCache = value
		case "dbms.usage_report.enabled": // every server of the tests has it
		default:
			o.Conf = append(o.Conf, name+"="+value)
		}
	}
	database := neo4jtest.Own(t, o) // refuses settings and values that it does not know
	driver, err := database.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background()) //nolint:errcheck // nothing was left open
	if _, err := neo4j.ExecuteQuery(t.Context(), driver, pingNeo4j, nil, neo4j.EagerResultTransformer); err != nil {
		t.Errorf("the health check: %v", err)
	}

	load, server := composeService(t, "load"), composeService(t, "server")
	for _, says := range []string{"took the place of nothing", "nothing to write"} { // the second time too
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), load.Command, append(environ(load), "NEO4J_URI="+database.URI), &stdout, &stderr, clock)
		if code != 0 || !strings.Contains(stdout.String(), says) {
			t.Fatalf("load: exit status %d, and no %q: %s%s", code, says, &stdout, &stderr)
		}
	}
	url := serveEnviron(t, server.Command, append(environ(server), "NEO4J_URI="+database.URI))
	if _, answer := post(t, url, `{ body(acronym: "IGF") { legalBasis { role } } }`, nil); !bytes.Contains(answer, []byte("RENEWED_BY")) {
		t.Errorf("the server answers %s", answer)
	}
	health := append(environ(server), "PORT="+url[strings.LastIndex(url, ":")+1:])
	var stderr bytes.Buffer
	if code := run(t.Context(), server.HealthCheck.Test[2:], health, io.Discard, &stderr, clock); code != 0 {
		t.Errorf("the server's health check: exit status %d: %s", code, &stderr)
	}
}

// serveEnviron runs a serving command with these variables, on a free port of this machine, until the test ends.
func serveEnviron(t *testing.T, args, environ []string) (url string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	log, done := new(buffer), make(chan int, 1)
	go func() {
		done <- run(ctx, args, append(slices.Clone(environ), "HOST=127.0.0.1", "PORT=0", "LOG_FORMAT=json"), io.Discard, log, clock)
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("the server did not stop")
		}
		http.DefaultClient.CloseIdleConnections()
	})
	for until := time.Now().Add(startPatience + 10*time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if m := servingURL.FindStringSubmatch(log.String()); m != nil {
			return m[1]
		}
		select {
		case code := <-done:
			done <- code
			t.Fatalf("exit status %d: %s", code, log)
		default:
		}
	}
	t.Fatalf("no server: %s", log)
	return ""
}

// An instruction is one of the Dockerfile.
type instruction struct{ name, args string }

// dockerfile reads the Dockerfile: comments left out, continued lines joined.
func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var open string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if more, ok := strings.CutSuffix(line, `\`); ok {
			open += more
			continue
		}
		name, args, _ := strings.Cut(open+line, " ")
		all, open = append(all, instruction{strings.ToUpper(name), strings.TrimSpace(args)}), ""
	}
	if open != "" {
		t.Fatalf("the Dockerfile ends in the middle of %q", open)
	}
	return all
}

// finalStage has the instructions of the image itself, each of which must be there once.
func finalStage(t *testing.T) map[string]string {
	t.Helper()
	var stage map[string]string
	for _, i := range dockerfile(t) {
		if i.name == "FROM" {
			stage = map[string]string{}
		}
		if _, twice := stage[i.name]; twice {
			t.Errorf("the image has %s twice; write it once", i.name)
		}
		stage[i.name] = i.args
	}
	return stage
}

// execForm reads the exec form, ["program", "argument"]: the other needs a shell.
func execForm(t *testing.T, args string) (command []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(args), &command); err != nil || len(command) == 0 {
		t.Fatalf("%q is not the exec form: %v", args, err)
	}
	return command
}

// TestDockerfileAgreesWithTheProgram compares the image with config.go and go.mod.
func TestDockerfileAgreesWithTheProgram(t *testing.T) {
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	language := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)
	all := dockerfile(t)
	if want := "golang:" + string(language[1]) + " AS build"; all[0].name != "FROM" || !strings.HasSuffix(all[0].args, want) {
		t.Errorf("the image is not built FROM %s, the version of go.mod: %q", want, all[0])
	}
	sources := 0
	for _, i := range all {
		if i.name != "COPY" || strings.HasPrefix(i.args, "--from=") {
			continue
		}
		words := strings.Fields(i.args)
		for _, source := range words[:len(words)-1] {
			sources++
			if found, err := filepath.Glob(source); err != nil || len(found) == 0 {
				t.Errorf("COPY %s: there is no such file", source)
			}
		}
	}
	built := slices.ContainsFunc(all, func(i instruction) bool {
		return i.name == "RUN" && strings.Contains(i.args, "CGO_ENABLED=0") && strings.Contains(i.args, `go build -trimpath -ldflags "-s -w" -o /mandategraph .`)
	})
	if !built || sources == 0 {
		t.Error("the program is not built as it should be: static, without paths of the builder")
	}

	image := finalStage(t)
	if !regexp.MustCompile(`^gcr\.io/distroless/static-debian\d+:nonroot$`).MatchString(image["FROM"]) {
		t.Errorf("FROM %s: certificates for TLS to a database come with distroless/static alone", image["FROM"])
	}
	if !regexp.MustCompile(`^[1-9]\d*(:[1-9]\d*)?$`).MatchString(image["USER"]) {
		t.Errorf("USER %q is not the number of a user without rights", image["USER"])
	}
	if image["EXPOSE"] != defaultPort(t) {
		t.Errorf("EXPOSE %s, but the port is %s", image["EXPOSE"], defaultPort(t))
	}
	entry := execForm(t, image["ENTRYPOINT"])
	if len(entry) != 1 || image["COPY"] != "--from=build /mandategraph "+entry[0] {
		t.Errorf("ENTRYPOINT %q is not what COPY %s brings", entry, image["COPY"])
	}
	if command, ok := image["CMD"]; ok {
		t.Errorf("CMD %s: without one the image serves, and takes a command", command)
	}
	if name, _ := onlyOurs(t, nil, nil); name != "serve" {
		t.Errorf("without a command the image would %s", name)
	}
	_, check, ok := strings.Cut(image["HEALTHCHECK"], "CMD ")
	if !ok {
		t.Fatalf("HEALTHCHECK %q", image["HEALTHCHECK"])
	}
	if health := execForm(t, check); health[0] != entry[0] {
		t.Errorf("HEALTHCHECK runs %q", health)
	} else if name, _ := onlyOurs(t, health[1:], nil); name != "healthcheck" {
		t.Errorf("HEALTHCHECK runs %q", health)
	}
	known := variables(t)
	for _, pair := range strings.Fields(image["ENV"]) {
		name, _, _ := strings.Cut(pair, "=")
		if _, ok := known[name]; !ok {
			t.Errorf("ENV %s: nothing reads it", name)
		}
	}
}

// ignored says what .dockerignore keeps from the build: the last pattern that names the file or a folder above it decides.
func ignored(t *testing.T, file string) (out bool) {
	t.Helper()
	patterns, err := os.ReadFile(".dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(patterns)) {
		pattern, keep := strings.CutPrefix(strings.TrimSpace(line), "!")
		if pattern == "" || pattern[0] == '#' {
			continue
		}
		last, anywhere := strings.CutPrefix(pattern, "**/")
		for above := file; above != "."; above = path.Dir(above) {
			name := above
			if anywhere {
				name = path.Base(above)
			}
			if ok, err := path.Match(last, name); err != nil {
				t.Fatalf("%q: %v", pattern, err)
			} else if ok {
				out = !keep
			}
		}
	}
	return out
}

// TestDockerBuildHasItsFiles compares what the build is given with what the compiler reads.
func TestDockerBuildHasItsFiles(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f",
		`{{if and .Module .Module.Main}}{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{end}}`, ".")
	list.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"go.mod", "go.sum"}
	for _, file := range strings.Fields(string(out)) {
		relative, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.ToSlash(relative))
	}
	if len(files) < 100 {
		t.Fatalf("only %d files were listed", len(files))
	}
	for _, file := range files {
		if ignored(t, file) {
			t.Errorf("the build needs %s, which .dockerignore leaves out", file)
		}
	}
	for _, file := range []string{".env", ".git/config", "README.md", "deploy_test.go", "loader/testdata/x.yaml", "web/web_test.go", "bench/nested_test.go"} {
		if !ignored(t, file) {
			t.Errorf("the build is given %s", file)
		}
	}
}

// TestDependenciesAreExplained compares the table of CONTRIBUTING.md with go.mod.
func TestDependenciesAreExplained(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var module struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## What each dependency is for")
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+|\S+\.\S+) \| .{10,} \|$`).FindAllStringSubmatch(table, -1) {
		explained[m[1]] = true
	}
	for _, r := range module.Require {
		switch {
		case !r.Indirect && !explained[r.Path]:
			t.Errorf("CONTRIBUTING.md does not say what %s is for", r.Path)
		case r.Indirect && explained[r.Path]:
			t.Errorf("go.mod calls %s indirect, CONTRIBUTING.md says what we use it for; run go mod tidy", r.Path)
		}
		delete(explained, r.Path)
	}
	for name := range explained {
		t.Errorf("CONTRIBUTING.md explains %s, which go.mod does not have", name)
	}
}
