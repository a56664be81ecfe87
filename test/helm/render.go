// Renders a chart as Helm does: Go's own templates with sprig, and the functions that Helm adds.
// Values are merged over those of the chart.
// Standard input: {"values": …, "release": …, "namespace": …}; output: one document for each template.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type values = map[string]interface{}

type input struct {
	Values    values
	Release   string
	Namespace string
}

type files struct{ root string }

// Get is what templates call as .Files.Get: empty where there is no such file.
func (f files) Get(name string) string {
	text, err := os.ReadFile(filepath.Join(f.root, name))
	if err != nil {
		return ""
	}
	return string(text)
}

func main() {
	text, err := render(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(text)
}

func render(root string) (string, error) {
	var given input
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return "", err
	}
	chart, err := readYaml(filepath.Join(root, "Chart.yaml"))
	if err != nil {
		return "", err
	}
	own, err := readYaml(filepath.Join(root, "values.yaml"))
	if err != nil {
		return "", err
	}
	merged, err := asJson(merge(own, given.Values))
	if err != nil {
		return "", err
	}
	data := values{
		"Values": merged,
		"Chart":  values{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
		"Release": values{
			"Name": given.Release, "Namespace": given.Namespace, "Service": "Helm",
			"IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
		"Files": files{root},
	}
	return execute(root, data)
}

func execute(root string, data values) (string, error) {
	names, err := filepath.Glob(filepath.Join(root, "templates", "*"))
	if err != nil {
		return "", err
	}
	sort.Strings(names)
	all := template.New("chart").Option("missingkey=zero")
	all.Funcs(functions(all))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		if _, err := all.New(filepath.Base(name)).Parse(string(text)); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	for _, name := range names {
		base := filepath.Base(name)
		if strings.HasPrefix(base, "_") || base == "NOTES.txt" {
			continue
		}
		var one bytes.Buffer
		if err := all.ExecuteTemplate(&one, base, data); err != nil {
			return "", err
		}
		text := strings.ReplaceAll(one.String(), "<no value>", "")
		if strings.TrimSpace(text) != "" {
			fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", base, strings.Trim(text, "\n"))
		}
	}
	return out.String(), nil
}

func functions(all *template.Template) template.FuncMap {
	funcs := sprig.TxtFuncMap()
	funcs["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	funcs["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(value)
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	funcs["fail"] = func(text string) (string, error) { return "", errors.New(text) }
	funcs["required"] = func(text string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(text)
		}
		return value, nil
	}
	// Helm takes them out: what a chart renders must not depend on who renders it.
	delete(funcs, "env")
	delete(funcs, "expandenv")
	return funcs
}

// asJson makes every number a float, as Helm does.
func asJson(given values) (values, error) {
	text, err := json.Marshal(given)
	if err != nil {
		return nil, err
	}
	var read values
	err = json.Unmarshal(text, &read)
	return read, err
}

func readYaml(name string) (values, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var read values
	err = yaml.Unmarshal(text, &read)
	return read, err
}

// merge lays the second over the first; null takes a value away.
func merge(under, over values) values {
	merged := values{}
	for name, value := range under {
		merged[name] = value
	}
	for name, value := range over {
		below, isMap := merged[name].(values)
		above, isMapToo := value.(values)
		switch {
		case value == nil:
			delete(merged, name)
		case isMap && isMapToo:
			merged[name] = merge(below, above)
		default:
			merged[name] = value
		}
	}
	return merged
}
